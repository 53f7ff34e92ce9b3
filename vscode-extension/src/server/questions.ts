import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { ordered, split } from "./question-text";

/** `window/showMessageRequest` (LSP 3.17); the types are LSP's `MessageType`. */
interface Question {
  readonly type: number;
  readonly message: string;
  readonly actions?: readonly { readonly title: string }[];
}

const ERROR = 1;
const WARNING = 2;
/** The questions that nobody has answered yet. */
const open = new Set<Promise<unknown>>();

/** Settles when no question of a server is open. */
export async function answered(): Promise<void> {
  while (open.size > 0) await Promise.allSettled(open);
}

/**
 * Shows the server's questions. One of several lines, such as the one about trust, is a dialog: a
 * notification would run its lines together, and nobody agrees to what can't be read.
 */
export function showQuestions(client: LanguageClient): void {
  client.onRequest("window/showMessageRequest", async (question: Question) => {
    const asked = ask(question);
    open.add(asked);
    try {
      return await asked;
    } finally {
      open.delete(asked);
    }
  });
}

async function ask(question: Question): Promise<{ readonly title: string } | null> {
  const { title, detail } = split(question.message);
  const modal = detail !== "";
  const actions = ordered(question.actions ?? [], modal);
  const chosen = await shower(question.type)(title, { modal, detail }, ...actions);
  return chosen === undefined ? null : { title: chosen.title };
}

function shower(type: number): typeof vscode.window.showInformationMessage {
  if (type === ERROR) return vscode.window.showErrorMessage;
  if (type === WARNING) return vscode.window.showWarningMessage;
  return vscode.window.showInformationMessage;
}
