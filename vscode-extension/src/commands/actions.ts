import * as vscode from "vscode";
import type { Streetrace } from "../streetrace";
import type { Argument } from "./argument";
import { askInstruction } from "./instruction";
import { askServer, sayUnavailable } from "./ask-server";
import { currentPlace } from "./place";

/** The actions with a command of their own, and what the server calls them. */
const BUILT_IN: Readonly<Record<string, string>> = {
  "streetrace.fix": "fix",
  "streetrace.refactor": "refactor",
  "streetrace.simplify": "simplify",
  "streetrace.document": "document",
  "streetrace.addTypes": "add-types",
  "streetrace.edit": "edit",
  "streetrace.explain": "explain",
  "streetrace.ask": "ask",
  "streetrace.writeTests": "write-tests",
};

/** Registers the commands of the built-in actions and of all others. */
export function registerActions(streetrace: Streetrace): vscode.Disposable[] {
  const own = Object.entries(BUILT_IN).map(([command, action]) =>
    vscode.commands.registerCommand(command, () => runAction(streetrace, { action })),
  );
  return [
    ...own,
    vscode.commands.registerCommand("streetrace.moreActions", () => moreActions(streetrace)),
  ];
}

/** Runs an action on the argument's range, or where the person is; asks for words it needs. */
export async function runAction(streetrace: Streetrace, argument: Argument): Promise<unknown> {
  const place = currentPlace();
  if (place === undefined && argument["uri"] === undefined && argument["preview"] === undefined) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t("Open a file and select code. Then choose an action."),
    );
    return undefined;
  }
  const here =
    place === undefined
      ? {}
      : { uri: place.uri, range: place.selection, diagnostics: reported(place.uri) };
  const complete = await withInstruction(streetrace, { ...here, ...argument });
  if (complete === undefined) return undefined;
  return askServer(streetrace, "streetrace.action", complete);
}

/** The argument with its instruction; undefined when the person gave none. */
export async function withInstruction(
  streetrace: Streetrace,
  argument: Argument,
): Promise<Argument | undefined> {
  const action = argument["action"];
  const given = argument["instruction"];
  // The server leaves it empty where the client has to ask.
  const needed = given === "" || (given === undefined && (action === "ask" || action === "edit"));
  if (!needed) return argument;
  const question = action === "ask";
  const instruction = await askInstruction(
    streetrace.context.workspaceState,
    question ? vscode.l10n.t("Streetrace: Ask") : vscode.l10n.t("Streetrace: Edit"),
    question
      ? vscode.l10n.t("Your question about this code, for example: why is this slow?")
      : vscode.l10n.t("What shall change? For example: round to cents"),
  );
  return instruction === undefined ? undefined : { ...argument, instruction };
}

/** Every action that makes sense here, the project's own included. */
async function moreActions(streetrace: Streetrace): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return;
  try {
    await streetrace.client();
  } catch (error) {
    await sayUnavailable(streetrace, error);
    return;
  }
  const found = await vscode.commands.executeCommand<(vscode.CodeAction | vscode.Command)[]>(
    "vscode.executeCodeActionProvider",
    editor.document.uri,
    editor.selection,
  );
  const prefix = "Streetrace: ";
  const items = found.flatMap((one) => {
    const command = typeof one.command === "string" ? one : one.command;
    if (!one.title.startsWith(prefix) || command === undefined) return [];
    return [{ label: one.title.slice(prefix.length), command: command as vscode.Command }];
  });
  const chosen = await vscode.window.showQuickPick(items, {
    title: "Streetrace",
    placeHolder:
      items.length > 0
        ? vscode.l10n.t("What shall be done here?")
        : vscode.l10n.t("Nothing can be done here. Select code first."),
    matchOnDescription: true,
  });
  if (chosen === undefined) return;
  const { command, arguments: given } = chosen.command;
  await vscode.commands.executeCommand(command, ...((given ?? []) as unknown[]));
}

/** What is reported about the selected lines, or all lines where nothing is selected. */
function reported(uri: string): string[] {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.uri.toString() !== uri) return [];
  return vscode.languages
    .getDiagnostics(editor.document.uri)
    .filter((one) => one.source !== "streetrace")
    .filter((one) => editor.selection.isEmpty || one.range.intersection(editor.selection))
    .map((one) => `line ${one.range.start.line + 1}: ${one.message}`);
}
