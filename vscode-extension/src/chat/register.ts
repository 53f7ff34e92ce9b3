import * as vscode from "vscode";
import type { Streetrace } from "../streetrace";
import { registerButtons } from "./commands";
import { hasChat, openChat, openDocument } from "./open";
import { Participant, PARTICIPANT } from "./participant";

/** Registers the chat participant, where VS Code has a chat, and the commands that open one. */
export function registerChat(streetrace: Streetrace): vscode.Disposable[] {
  return [
    ...registerButtons(streetrace),
    vscode.commands.registerCommand("streetrace.openChat", () => openChat(streetrace)),
    vscode.commands.registerCommand("streetrace.openChatDocument", () => openDocument(streetrace)),
    ...(hasChat() ? participate(streetrace) : []),
  ];
}

function participate(streetrace: Streetrace): vscode.Disposable[] {
  const participant = new Participant(streetrace);
  const registered = vscode.chat.createChatParticipant(PARTICIPANT, participant.handle);
  registered.iconPath = vscode.Uri.joinPath(streetrace.context.extensionUri, "media/icon.png");
  registered.followupProvider = participant.followups;
  return [
    vscode.Disposable.from(registered),
    streetrace.onDidCreateClient((client) => {
      participant.listen(client);
    }),
  ];
}
