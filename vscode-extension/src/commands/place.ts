import * as vscode from "vscode";
import type { Place, Range } from "./argument";
import { isChatPath } from "./chat-path";

/** Where the person is, in a document that the server sees. */
export function currentPlace(): Place | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  const { document, selection } = editor;
  if (document.uri.scheme !== "file" && document.uri.scheme !== "untitled") return undefined;
  return {
    uri: document.uri.toString(),
    selection: plain(selection),
    languageId: document.languageId,
  };
}

/** Whether a document is a chat. */
export function isChat(document: vscode.TextDocument | undefined): boolean {
  return document !== undefined && isChatPath(document.uri.path);
}

function plain(range: vscode.Range): Range {
  const { start, end } = range;
  return {
    start: { line: start.line, character: start.character },
    end: { line: end.line, character: end.character },
  };
}
