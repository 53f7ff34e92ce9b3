import * as vscode from "vscode";
import type { Streetrace } from "../streetrace";
import { registerButtons } from "./commands";
import { hasChat, openChat, openDocument } from "./open";
import { Participant, PARTICIPANT } from "./participant";

/** What the chat is to the rest: what to dispose, and when an answer came. */
export interface Chat {
  readonly disposables: vscode.Disposable[];
  readonly onDidAnswer: vscode.Event<void>;
}

/** Registers the chat participant, where VS Code has a chat, and the commands that open one. */
export function registerChat(streetrace: Streetrace): Chat {
  const answered = new vscode.EventEmitter<void>();
  const disposables = [
    vscode.Disposable.from(answered),
    ...registerButtons(streetrace),
    vscode.commands.registerCommand("streetrace.openChat", () => openChat(streetrace)),
    vscode.commands.registerCommand("streetrace.openChatDocument", () => openDocument(streetrace)),
    ...(hasChat()
      ? participate(streetrace, () => {
          answered.fire();
        })
      : []),
  ];
  return { disposables, onDidAnswer: answered.event };
}

function participate(streetrace: Streetrace, onAnswer: () => void): vscode.Disposable[] {
  const participant = new Participant(streetrace, onAnswer);
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
