import * as vscode from "vscode";
import { isEmpty, linesOf, sizes } from "./protocol";
import type { Hunk } from "./protocol";
import type { WaitingChanges } from "./waiting";

/** So many removed lines are shown beside a change; hovering shows all. */
const GHOSTS = 8;

/** Marks the changes that wait in the visible editors: by a line at their left, and in words. */
export class Decorations implements vscode.Disposable {
  readonly #changed = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor("streetrace.addedLineBackground"),
    border: "0 0 0 3px",
    borderStyle: "none none none solid",
    borderColor: new vscode.ThemeColor("streetrace.changeBorder"),
    overviewRulerColor: new vscode.ThemeColor("streetrace.changeBorder"),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  readonly #removed = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    overviewRulerColor: new vscode.ThemeColor("streetrace.changeBorder"),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
  });
  readonly #disposables: { dispose(): unknown }[];

  constructor(private readonly waiting: WaitingChanges) {
    const draw = (): void => {
      vscode.window.visibleTextEditors.forEach((editor) => {
        this.#draw(editor);
      });
    };
    this.#disposables = [
      this.#changed,
      this.#removed,
      waiting.onDidChange(draw),
      vscode.window.onDidChangeVisibleTextEditors(draw),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("streetrace.review")) draw();
      }),
    ];
  }

  dispose(): void {
    for (const one of this.#disposables) one.dispose();
  }

  #draw(editor: vscode.TextEditor): void {
    const hunks = this.waiting.of(editor.document.uri)?.hunks ?? [];
    const ghosts =
      vscode.workspace.getConfiguration("streetrace").get("review.removedLines") === "shown";
    const present = hunks.filter((hunk) => !isEmpty(hunk.range));
    const gone = hunks.filter((hunk) => isEmpty(hunk.range));
    editor.setDecorations(
      this.#changed,
      present.map((hunk) => this.#option(hunk, editor.document, ghosts)),
    );
    editor.setDecorations(
      this.#removed,
      gone.map((hunk) => this.#option(hunk, editor.document, true)),
    );
  }

  #option(hunk: Hunk, document: vscode.TextDocument, ghosts: boolean): vscode.DecorationOptions {
    const { start, end } = hunk.range;
    const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
    const line = Math.min(last, document.lineCount - 1);
    const range = new vscode.Range(start.line, 0, line, document.lineAt(line).text.length);
    const removed = linesOf(hunk.old);
    return {
      range,
      hoverMessage: hover(hunk, document.languageId),
      ...(ghosts && removed.length > 0 ? { renderOptions: { after: ghost(removed) } } : {}),
    };
  }
}

/** The removed lines after the end of a line; the text itself can't be anything but the document's. */
function ghost(removed: readonly string[]): vscode.ThemableDecorationAttachmentRenderOptions {
  const shown = removed.slice(0, GHOSTS).map((line) => line.trim());
  const more = removed.length > GHOSTS ? " …" : "";
  return {
    contentText: `  − ${shown.join(" ⏎ ")}${more}`,
    color: new vscode.ThemeColor("streetrace.removedForeground"),
    fontStyle: "italic",
    textDecoration: "none; opacity: 0.85",
  };
}

function hover(hunk: Hunk, languageId: string): vscode.MarkdownString {
  const text = new vscode.MarkdownString(undefined, true);
  const { removed, added } = sizes(hunk);
  const counted =
    removed === 1
      ? vscode.l10n.t("1 line before, {0} now", added)
      : vscode.l10n.t("{0} lines before, {1} now", removed, added);
  text.appendMarkdown("$(sparkle) ").appendText(`Streetrace: ${hunk.title} (${counted})\n`);
  if (hunk.account) text.appendText(`${hunk.account}\n`);
  if (hunk.explanation) text.appendText(`${hunk.explanation}\n`);
  if (hunk.old !== "") text.appendCodeblock(hunk.old, languageId);
  if (hunk.doubt !== "") {
    text.appendText(vscode.l10n.t("It can't be undone for you, because {0}.", hunk.doubt));
  }
  return text;
}
