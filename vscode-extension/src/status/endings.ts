import * as vscode from "vscode";
import { nextSteps } from "./next-steps";
import type { JobEvent } from "./status";

/**
 * Tells how a job ended, where a person should know. VS Code cuts a message without buttons to one
 * line, so one that has a next step has it as a button.
 */
export async function tellEnding(event: JobEvent): Promise<void> {
  if (event.tell !== true) return;
  const steps = nextSteps(event, vscode.l10n);
  const chosen = await shower(event.state)(event.message, ...steps.map((step) => step.title));
  const step = steps.find(({ title }) => title === chosen);
  if (step) await vscode.commands.executeCommand(step.command, ...step.arguments);
}

function shower(
  state: string,
): (message: string, ...titles: string[]) => Thenable<string | undefined> {
  if (state === "failed") return vscode.window.showErrorMessage;
  if (state === "refused") return vscode.window.showWarningMessage;
  return vscode.window.showInformationMessage;
}
