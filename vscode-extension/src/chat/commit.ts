import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { USE_MESSAGE } from "./commands";
import { COMMIT } from "./wire";
import type { Message } from "./wire";

/** `/commit`: the message for what is staged, with a button that puts it where it is needed. */
export async function writeMessage(
  client: LanguageClient,
  prompt: string,
  folder: vscode.Uri | undefined,
  model: string | undefined,
  stream: vscode.ChatResponseStream,
  token: vscode.CancellationToken,
): Promise<vscode.ChatResult> {
  const params = {
    version: 1,
    ...(folder && { folder: folder.toString() }),
    ...(prompt.trim() && { instruction: prompt.trim() }),
    ...(model !== undefined && { model }),
  };
  const found = await client.sendRequest<Message>(COMMIT, params, token);
  const shown = new vscode.MarkdownString().appendCodeblock(found.text.trimEnd(), "text");
  stream.markdown(shown);
  if (folder) {
    stream.button({
      command: USE_MESSAGE,
      title: vscode.l10n.t("Use as Commit Message"),
      arguments: [folder.toString(), found.text],
    });
  }
  return { metadata: { command: "commit" } };
}
