import * as vscode from "vscode";
import { failureOf } from "../failure";
import type { Streetrace } from "../streetrace";
import { folderOf } from "./places";
import { useMessage } from "./scm";
import { APPLY } from "./wire";
import type { Applied } from "./wire";

// Buttons of answers; ids that the server does not have.
export const APPLY_BLOCK = "streetrace.nativeChat.applyBlock";
export const CREATE_FILE = "streetrace.nativeChat.createFile";
export const USE_MESSAGE = "streetrace.nativeChat.useMessage";

/** What a button carries: a code block of a chat, and the file that it is for. */
interface Of {
  readonly chat: string;
  readonly block: number;
  readonly path: string;
}

/** Registers what the buttons do. */
export function registerButtons(streetrace: Streetrace): vscode.Disposable[] {
  return [
    vscode.commands.registerCommand(APPLY_BLOCK, (of: Of) => shown(applyBlock(streetrace, of))),
    vscode.commands.registerCommand(CREATE_FILE, ({ chat, block, path }: Of) =>
      vscode.commands.executeCommand("streetrace.chat.create", { uri: chat, block, path }),
    ),
    vscode.commands.registerCommand(USE_MESSAGE, (folder: string, text: string) =>
      useMessage(vscode.Uri.parse(folder), text),
    ),
  ];
}

async function applyBlock(streetrace: Streetrace, { chat, block, path }: Of): Promise<void> {
  const folder = folderOf(chat);
  if (folder === undefined) return;
  // The edit goes into an open document, where it can be verified and undone.
  const file = vscode.Uri.joinPath(vscode.Uri.parse(folder), path);
  await vscode.window.showTextDocument(file, { preview: false });
  const client = await streetrace.client();
  const found = await client.sendRequest<Applied>(APPLY, { version: 1, chat, block });
  if (found.state === "applied") {
    vscode.window.setStatusBarMessage(found.message, 5000);
  } else if (found.state === "proposed") {
    const apply = vscode.l10n.t("Apply");
    const chosen = await vscode.window.showWarningMessage(found.message, { modal: true }, apply);
    if (chosen === apply) {
      await vscode.commands.executeCommand("streetrace.apply", { proposal: found.proposal });
    }
  } else {
    void vscode.window.showWarningMessage(found.message);
  }
}

async function shown(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    void vscode.window.showWarningMessage(failureOf(error).message);
  }
}
