import * as vscode from "vscode";
import { askServer } from "../commands/ask-server";
import type { Streetrace } from "../streetrace";
import { Decorations } from "./decorations";
import { ReviewTexts, addressOf } from "./texts";
import { ChangesTree } from "./tree";
import { WaitingChanges } from "./waiting";

/** Registers everything that shows the changes of models, and the commands to decide on them. */
export function registerReview(streetrace: Streetrace): { dispose(): unknown }[] {
  const waiting = new WaitingChanges(streetrace);
  const command = (id: string, work: (given: unknown) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(`streetrace.review.${id}`, work);
  const decide = (verb: "keep" | "undo", argument: object): Promise<unknown> =>
    askServer(streetrace, `streetrace.review.${verb}`, argument);
  const inFile = (verb: "keep" | "undo", given: unknown): unknown => {
    const uri = documentOf(given);
    return uri === undefined ? undefined : decide(verb, { uri: uri.toString(), all: true });
  };
  return [
    waiting,
    new Decorations(waiting),
    new ReviewTexts(streetrace, waiting),
    new ChangesTree(waiting),
    waiting.onDidChange(() => {
      setContexts(waiting);
    }),
    vscode.window.onDidChangeActiveTextEditor(() => {
      setContexts(waiting);
    }),
    command("keepAll", (given) => inFile("keep", given)),
    command("undoAll", (given) => inFile("undo", given)),
    command("keepEverything", () => decide("keep", { all: true })),
    command("undoEverything", () => undoEverything(waiting, () => decide("undo", { all: true }))),
    command("diff", (given) => compare(documentOf(given))),
    command("open", (given) => open(given)),
    command("apply", (given) => {
      const proposal = (given as { proposal?: unknown } | undefined)?.proposal;
      return askServer(streetrace, "streetrace.apply", proposal === undefined ? {} : { proposal });
    }),
    command("toggleRemoved", async () => {
      const settings = vscode.workspace.getConfiguration("streetrace");
      const shown = settings.get("review.removedLines") === "shown";
      const target = vscode.ConfigurationTarget.Global;
      await settings.update("review.removedLines", shown ? "hidden" : "shown", target);
    }),
  ];
}

function setContexts(waiting: WaitingChanges): void {
  const here = vscode.window.activeTextEditor?.document.uri;
  const inReview = here !== undefined && waiting.of(here) !== undefined;
  const set = (key: string, value: unknown): void => {
    void vscode.commands.executeCommand("setContext", `streetrace.${key}`, value);
  };
  set("inReview", inReview);
  set("reviewing", waiting.now.documents.length > 0);
}

async function undoEverything(
  waiting: WaitingChanges,
  undo: () => Promise<unknown>,
): Promise<unknown> {
  const files = waiting.now.documents.length;
  if (files > 1) {
    const yes = vscode.l10n.t("Undo All");
    const question = vscode.l10n.t("Undo all of Streetrace's changes in {0} files?", files);
    const detail = vscode.l10n.t("Each file's own undo brings them back.");
    const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail }, yes);
    if (chosen !== yes) return undefined;
  }
  return undo();
}

/** The document beside the text it was before the changes that still wait. */
async function compare(uri: vscode.Uri | undefined): Promise<void> {
  if (uri === undefined) return;
  const before = addressOf({ of: uri.toString(), side: "before" });
  const name = vscode.workspace.asRelativePath(uri);
  const title = vscode.l10n.t("{0} (before Streetrace ↔ now)", name);
  await vscode.commands.executeCommand("vscode.diff", before, uri, title);
}

async function open(given: unknown): Promise<void> {
  const { uri, line } = (given ?? {}) as { uri?: string; line?: number };
  if (uri === undefined) return;
  const place = new vscode.Position(line ?? 0, 0);
  await vscode.window.showTextDocument(vscode.Uri.parse(uri), {
    selection: new vscode.Range(place, place),
  });
}

/** The document that a menu, a row of the tree or nothing means. */
function documentOf(given: unknown): vscode.Uri | undefined {
  if (given instanceof vscode.Uri) return given;
  const uri = (given as { uri?: unknown } | undefined)?.uri;
  if (typeof uri === "string") return vscode.Uri.parse(uri);
  return vscode.window.activeTextEditor?.document.uri;
}
