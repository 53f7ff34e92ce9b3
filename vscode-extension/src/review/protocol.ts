import type { Position, Range } from "../commands/argument";

/** One change that waits for the person; see `streetrace/review/list` in docs/protocol.md. */
export interface Hunk {
  readonly hunk: string;
  readonly proposal: string;
  readonly title: string;
  readonly state: "open" | "edited";
  readonly range: Range;
  /** The whole lines that were there before. */
  readonly old: string;
  readonly doubt: string;
  /** Who made the change, with tokens and cost, in words; and what the model said of it. */
  readonly account?: string;
  readonly explanation?: string;
}

/** A document with its changes, in the order of the text. */
export interface Reviewed {
  readonly uri: string;
  readonly path: string;
  readonly hunks: readonly Hunk[];
}

/** A result that is kept and not applied. */
export interface Result {
  readonly proposal: string;
  readonly title: string;
  readonly confirm: readonly string[];
  readonly parts: readonly {
    readonly uri: string;
    readonly path: string;
    readonly kind: "change" | "create" | "delete";
  }[];
}

/** All that waits. */
export interface Waiting {
  readonly documents: readonly Reviewed[];
  readonly proposals: readonly Result[];
}

export const NOTHING: Waiting = { documents: [], proposals: [] };

/** The lines of a text, without the end of the last one. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** How many lines a change removed and how many stand there now. */
export function sizes(hunk: Hunk): { readonly removed: number; readonly added: number } {
  const { start, end } = hunk.range;
  const lines = end.line - start.line;
  const added = end.character > 0 || (lines === 0 && !isEmpty(hunk.range)) ? lines + 1 : lines;
  return { removed: linesOf(hunk.old).length, added };
}

/** Whether nothing stands there now: lines were only removed. */
export function isEmpty(range: Range): boolean {
  return before(range.start, range.end) === 0;
}

function before(one: Position, other: Position): number {
  return one.line - other.line || one.character - other.character;
}
