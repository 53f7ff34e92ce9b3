import * as vscode from "vscode";
import { changesCode } from "./question";
import { ShownEdits } from "./shown-edits";
import { tree } from "./tree";
import type { Attachment, Block, Part } from "./wire";
import { APPLY_BLOCK, CREATE_FILE } from "./commands";

/** More buttons than this are a wall; the document has the rest. */
const MOST_BUTTONS = 6;

/** One answer on its way into the chat view. */
export class Answer {
  /** The number of its turn; 0 as long as nothing of it came. */
  turn = 0;
  #blocks: readonly Block[] = [];
  #notes: string[] = [];
  #thinks = false;
  readonly #edits = new ShownEdits();

  constructor(private readonly stream: vscode.ChatResponseStream) {}

  /** Shows a part, or keeps it for the end. */
  hear(part: Part): void {
    switch (part.kind) {
      case "text":
        this.turn = part.turn;
        this.#show(this.#edits.push(part.text));
        break;
      case "reasoning":
        if (!this.#thinks) this.stream.progress(vscode.l10n.t("The model thinks"));
        this.#thinks = true;
        break;
      case "note":
        this.note(part.text);
        break;
      case "edits":
        this.#blocks = part.blocks;
        break;
      case "usage":
        break;
    }
  }

  /**
   * Shows what the answer came to, and what there is to do with it. All text goes before the first
   * button: VS Code folds away what stands before the last run of text, as steps on the way there.
   */
  async end(
    chat: string,
    folder: vscode.Uri | undefined,
    command: string | undefined,
    attached: readonly Attachment[],
  ): Promise<void> {
    this.rest();
    for (const note of this.#notes.splice(0)) this.#say(note);
    if (folder) await this.#offer(chat, folder, command, attached);
  }

  /** Shows what was kept back: nothing more comes. */
  rest(): void {
    this.#show(this.#edits.end());
  }

  /** A line of ours, shown below the answer. */
  note(text: string): void {
    this.#notes.push(text);
  }

  #show(text: string): void {
    if (text !== "") this.stream.markdown(text);
  }

  #say(text: string): void {
    const line = new vscode.MarkdownString("\n\n_");
    this.stream.markdown(line.appendText(text).appendMarkdown("_\n"));
  }

  async #offer(
    chat: string,
    folder: vscode.Uri,
    command: string | undefined,
    attached: readonly Attachment[],
  ): Promise<void> {
    const about = attached.find(({ kind }) => kind === "file" || kind === "selection");
    const otherwise = changesCode(command) ? about?.argument.replace(/:\d+-\d+$/, "") : undefined;
    const named = this.#blocks.flatMap(({ path }) => (path === null ? [] : [path]));
    if (new Set(named).size > 1) this.stream.filetree(tree(named), folder);
    for (const { block, path } of this.#blocks.slice(0, MOST_BUTTONS)) {
      const file = path ?? otherwise;
      if (file === undefined) continue;
      const there = await exists(vscode.Uri.joinPath(folder, file));
      if (!there && path === null) continue;
      this.stream.button({
        title: there ? vscode.l10n.t("Apply to {0}", file) : vscode.l10n.t("Create {0}", file),
        command: there ? APPLY_BLOCK : CREATE_FILE,
        arguments: [{ chat, block, path: file }],
      });
    }
  }
}

async function exists(file: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(file);
    return true;
  } catch {
    return false;
  }
}
