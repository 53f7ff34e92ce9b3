import * as vscode from "vscode";
import type { WindowMiddleware } from "vscode-languageclient/node";
import { isChatPath } from "../commands/chat-path";

type ShowDocument = NonNullable<WindowMiddleware["showDocument"]>;

const PROJECT_FILE = "/.streetrace.toml";

/**
 * `window/showDocument`: a chat comes beside the code that it is about, and neither it nor a first
 * configuration makes room for the next file that is looked at.
 */
export const showDocument: ShowDocument = async (params, token, next) => {
  const { path } = vscode.Uri.parse(params.uri);
  const isChat = isChatPath(path);
  if (params.takeFocus !== true || !(isChat || path.endsWith(PROJECT_FILE)))
    return next(params, token);
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(params.uri));
  const shown = await vscode.window.showTextDocument(document, {
    viewColumn: isChat ? columnFor(document.uri) : vscode.ViewColumn.Active,
    preview: false,
  });
  if (isChat && params.selection !== undefined) goToEnd(shown);
  return { success: true };
};

/** Where the next words go. */
export function goToEnd(editor: vscode.TextEditor): void {
  const { document } = editor;
  const end = document.lineAt(document.lineCount - 1).range.end;
  editor.selection = new vscode.Selection(end, end);
  editor.revealRange(editor.selection);
}

/** Where the chat stands already, or another one; else beside the code. */
function columnFor(chat: vscode.Uri): vscode.ViewColumn {
  const chats = vscode.window.visibleTextEditors.filter(({ document }) =>
    isChatPath(document.uri.path),
  );
  const same = chats.find(({ document }) => document.uri.toString() === chat.toString());
  return (same ?? chats[0])?.viewColumn ?? vscode.ViewColumn.Beside;
}
