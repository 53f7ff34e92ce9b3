import * as vscode from "vscode";
import type { Streetrace } from "../streetrace";
import { registerActions, runAction } from "./actions";
import { completed } from "./argument";
import { chooseModel } from "../status/menu";
import { askServer, sayUnavailable } from "./ask-server";
import { isRepository, writeCommitMessage } from "./commit";
import { asksFirst } from "./asks-first";
import { currentPlace, isChat } from "./place";
import { SERVER_COMMANDS } from "./server-commands";
import type { ServerCommand } from "./server-commands";

/** Registers every command of the server under its own id, and the actions. */
export function registerCommands(streetrace: Streetrace): vscode.Disposable[] {
  return [
    ...SERVER_COMMANDS.map((command) =>
      vscode.commands.registerCommand(command, (given: unknown) =>
        runServerCommand(streetrace, command, given),
      ),
    ),
    ...registerActions(streetrace),
  ];
}

/** Runs a command of the server, completed by where the person is and what they are asked. */
export async function runServerCommand(
  streetrace: Streetrace,
  command: ServerCommand,
  given: unknown,
): Promise<unknown> {
  if (command === "streetrace.commit" && isRepository(given)) {
    return writeCommitMessage(streetrace, given);
  }
  const inChat = isChat(vscode.window.activeTextEditor?.document);
  const argument = completed(command, given, currentPlace(), inChat);
  if (command === "streetrace.action") return runAction(streetrace, argument);
  if (command === "streetrace.model" && !("target" in argument)) {
    return chooseModel(streetrace, argument["uri"]).catch((error: unknown) =>
      sayUnavailable(streetrace, error),
    );
  }
  if (command === "streetrace.trust" && !vscode.workspace.isTrusted) {
    // VS Code's own question comes first; ours follows as soon as it is answered.
    return vscode.commands.executeCommand("workbench.trust.manage");
  }
  const complete = await asksFirst(streetrace, command, argument);
  return complete === undefined ? undefined : askServer(streetrace, command, complete);
}
