import * as vscode from "vscode";
import { failureOf } from "../failure";
import { goToEnd } from "../server/show-document";
import type { Streetrace } from "../streetrace";
import { isEmpty } from "./places";
import { CREATE } from "./wire";

const CHAT_VIEW = "workbench.action.chat.open";

/** Whether this editor has a chat that takes participants. Those made of VS Code may have none. */
export function hasChat(): boolean {
  return (
    typeof (vscode as Partial<typeof vscode>).chat?.createChatParticipant === "function" &&
    vscode.workspace.getConfiguration("chat").get("disableAIFeatures") !== true
  );
}

/**
 * *Open Chat*: VS Code's own with `@streetrace` in it, or else the Markdown document beside.
 * Whether the view is there no API tells: the command has a `when` clause besides.
 */
export async function openChat(streetrace: Streetrace): Promise<void> {
  if (hasChat() && (await vscode.commands.getCommands(true)).includes(CHAT_VIEW)) {
    await vscode.commands.executeCommand(CHAT_VIEW, {
      query: "@streetrace ",
      isPartialQuery: true,
    });
    return;
  }
  await openDocument(streetrace);
}

/** *Open Chat Document*: a new chat as Markdown beside, about the lines that are selected. */
export async function openDocument(streetrace: Streetrace): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  try {
    const client = await streetrace.client();
    const about = editor?.document.uri.scheme === "file" ? editor : undefined;
    const { chat } = await client.sendRequest<{ chat: string }>(CREATE, {
      version: 1,
      ...(about && { uri: client.code2ProtocolConverter.asUri(about.document.uri) }),
      ...(about &&
        !isEmpty(about.selection) && {
          selection: client.code2ProtocolConverter.asRange(about.selection),
        }),
    });
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(chat));
    const shown = await vscode.window.showTextDocument(document, {
      viewColumn: vscode.ViewColumn.Beside,
      preview: false,
    });
    goToEnd(shown);
  } catch (error) {
    void vscode.window.showErrorMessage(failureOf(error).message);
  }
}
