import * as vscode from "vscode";
import { isEmpty, relative } from "./places";
import { isAboutCode, once, question } from "./question";
import type { Extra } from "./question";
import { isAddress, isImplicit, isLocation, meant, ofFile, ofLines } from "./references";
import type { Meant, Reference } from "./references";
import type { Attachment } from "./wire";
import { spoken } from "./words";
import type { Word } from "./words";

/** What is asked, with what goes along. */
export interface Gathered {
  readonly text: string;
  readonly attachments: readonly Attachment[];
  /** Those that VS Code added by itself: if they can't be sent, the rest can. */
  readonly implicit: readonly Attachment[];
  /** Why nothing is sent, for a person; or undefined. */
  readonly refused: string | undefined;
}

/** Reads a request of VS Code for a chat of this workspace folder. */
export async function gather(
  request: vscode.ChatRequest,
  folder: vscode.Uri,
  token: vscode.CancellationToken,
): Promise<Gathered> {
  const references: readonly Reference[] = request.references;
  const folders = await foldersAmong(references);
  const found = references.map((one) => ({ one, means: meant(one, folder, folders) }));
  const said = spoken(request.prompt, references, request.toolReferences, (one) =>
    nameIn(folder, one),
  );
  const attachments: Attachment[] = [];
  const implicit: Attachment[] = [];
  const extras: Extra[] = [];
  let refused: string | undefined;
  for (const { one, means } of found) {
    if (means.kind === "attachment")
      (isImplicit(one) ? implicit : attachments).push(means.attachment);
    else if (means.kind === "text") extras.push(means);
    else if (!isImplicit(one)) refused ??= whyNot(means);
  }
  attachments.push(...said.files.map((argument) => ({ kind: "file" as const, argument })));
  extras.push(...(await fromTerminal(request, token)));
  for (const word of said.words) {
    const means = inEditor(word, folder, said.prompt);
    if (means.kind === "attachment") attachments.push(means.attachment);
    else refused ??= whyNot(means) ?? vscode.l10n.t("#{0}: no editor with a file is open.", word);
  }
  if (
    isAboutCode(request.command) &&
    attachments.length + implicit.length === 0 &&
    !extras.length
  ) {
    const means = inEditor("selection", folder, "");
    if (means.kind === "attachment") attachments.push(means.attachment);
  }
  return {
    text: question(request.command, said.prompt, extras),
    attachments: once(attachments),
    implicit: once(implicit).filter((one) => !attachments.some((other) => within(other, one))),
    refused,
  };
}

/** What a person names of the terminal; VS Code gives it as the result of a tool. */
async function fromTerminal(
  request: vscode.ChatRequest,
  token: vscode.CancellationToken,
): Promise<Extra[]> {
  const found: Extra[] = [];
  for (const { name } of request.toolReferences) {
    if (name !== "terminal_selection" && name !== "terminal_last_command") continue;
    const { toolInvocationToken } = request;
    const { content } = await vscode.lm.invokeTool(name, { input: {}, toolInvocationToken }, token);
    const text = content.flatMap((part) =>
      part instanceof vscode.LanguageModelTextPart ? [part.value] : [],
    );
    found.push({ title: vscode.l10n.t("Terminal"), text: text.join("\n") });
  }
  return found;
}

/** The workspace folder whose files a question is about: that of what it names, or of the editor. */
export function folderFor(request: vscode.ChatRequest): vscode.Uri | undefined {
  const named = request.references
    .map(({ value }) => (isLocation(value) ? value.uri : value))
    .filter(isAddress);
  const places = [...named, vscode.window.activeTextEditor?.document.uri];
  for (const uri of places) {
    const folder = uri && vscode.workspace.getWorkspaceFolder(vscode.Uri.from(uri));
    if (folder) return folder.uri;
  }
  return vscode.workspace.workspaceFolders?.[0]?.uri;
}

/** What a word with `#` means now. */
function inEditor(word: Word, folder: vscode.Uri, prompt: string): Meant {
  const only = (kind: Attachment["kind"], argument = ""): Meant => ({
    kind: "attachment",
    attachment: { kind, argument },
  });
  switch (word) {
    case "problems":
      return only("diagnostics");
    case "changes":
      return only("diff");
    case "open":
      return only("open");
    case "codebase":
      return only("search", prompt.replaceAll(/\s+/g, " ").trim());
  }
  const editor = vscode.window.activeTextEditor;
  if (!editor) return { kind: "nothing" };
  const { document, selection } = editor;
  if (word === "editor" || isEmpty(selection)) return ofFile(folder, document.uri);
  return ofLines(folder, document.uri, selection);
}

function whyNot(means: Meant): string | undefined {
  switch (means.kind) {
    case "page":
      return vscode.l10n.t(
        "{0} is a page of Streetrace’s own, so it can’t be sent. Attach the file that it is about.",
        means.name,
      );
    case "outside":
      // A new chat helps only where the file has a folder that it could belong to.
      return vscode.workspace.getWorkspaceFolder(vscode.Uri.from(means.file))
        ? vscode.l10n.t(
            "{0} is not in the workspace folder of this chat, so it can’t be sent. Start a new chat for it.",
            means.name,
          )
        : vscode.l10n.t(
            "{0} is in no folder that is open here, so it can’t be sent. Paste what matters of it.",
            means.name,
          );
    case "folder":
      return vscode.l10n.t(
        "{0} is a folder. Attach its files, or write @search and what you look for.",
        means.name,
      );
    case "image":
      return vscode.l10n.t("{0} is an image. Only text can be sent.", means.name);
    default:
      return undefined;
  }
}

/** Whether what VS Code added is a part of what the person named, or the same. */
function within(named: Attachment, added: Attachment): boolean {
  const file = added.argument.replace(/:\d+-\d+$/, "");
  return named.kind === "file"
    ? named.argument === file
    : named.kind === "selection" && named.argument.replace(/:\d+-\d+$/, "") === file;
}

function nameIn(folder: vscode.Uri, { value }: Reference): string | undefined {
  const file = isLocation(value) ? value.uri : value;
  return isAddress(file) ? relative(folder, file) : undefined;
}

async function foldersAmong(references: readonly Reference[]): Promise<Set<unknown>> {
  const found = new Set<unknown>();
  for (const { value } of references) {
    if (!(value instanceof vscode.Uri)) continue;
    try {
      const { type } = await vscode.workspace.fs.stat(value);
      if (type & vscode.FileType.Directory) found.add(value);
    } catch {
      // What is not there the server says in its words.
    }
  }
  return found;
}
