import * as vscode from "vscode";
import type { Streetrace } from "../streetrace";
import { registerActions, runAction } from "./actions";
import { completed } from "./argument";
import { askServer } from "./ask-server";
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
  const inChat = isChat(vscode.window.activeTextEditor?.document);
  const argument = completed(command, given, currentPlace(), inChat);
  if (command === "streetrace.action") return runAction(streetrace, argument);
  const complete = await asksFirst(streetrace, command, argument);
  return complete === undefined ? undefined : askServer(streetrace, command, complete);
}
