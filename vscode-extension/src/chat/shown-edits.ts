/** A fence of CommonMark: up to three spaces, then three or more of one of two characters. */
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const SEARCH = /^<{5,9} SEARCH\s*$/;
const DIVIDER = /^={5,9}\s*$/;
const REPLACE = /^>{5,9} REPLACE\s*$/;

type State =
  | { readonly kind: "text" }
  // Behind the opening fence, whose line is kept back until the first line tells what is in it.
  | { readonly kind: "opened"; readonly fence: string; readonly line: string }
  | { readonly kind: "code"; readonly fence: string }
  | { readonly kind: "edits"; readonly fence: string }
  | { readonly kind: "old" | "new"; readonly fence: string; readonly raw: string[] };

/**
 * An answer as it is shown while it comes: search/replace blocks in code become a diff, which is
 * what a person reads. Everything else stays as it is; so does a block that is never finished.
 */
export class ShownEdits {
  #state: State = { kind: "text" };
  #line = "";
  /** Whether the start of the line is shown already. */
  #begun = false;
  #old: string[] = [];
  #new: string[] = [];

  /** What there is to show now, of a piece of the answer and of what was kept back before. */
  push(piece: string): string {
    let shown = "";
    const lines = (this.#line + piece).split("\n");
    this.#line = lines.pop() ?? "";
    for (const line of lines) shown += this.#take(line);
    // Plain text is shown as it comes, unless its line may still become a fence.
    if (this.#state.kind === "text" && !/^ {0,3}(?:$|[`~])/.test(this.#line)) {
      const begun = this.#line;
      this.#line = "";
      this.#begun = true;
      return shown + begun;
    }
    return shown;
  }

  /** What was kept back, when nothing more comes. */
  end(): string {
    const state = this.#state;
    const rest = this.#line;
    this.#line = "";
    switch (state.kind) {
      case "opened":
        return `${state.line}\n${rest}`;
      case "old":
      case "new":
        return [...state.raw, rest].join("\n");
      default:
        return rest;
    }
  }

  #take(line: string): string {
    const state = this.#state;
    switch (state.kind) {
      case "text":
        return this.#text(line);
      case "opened":
        if (!SEARCH.test(line)) {
          this.#state = closes(line, state.fence)
            ? { kind: "text" }
            : { kind: "code", fence: state.fence };
          return `${state.line}\n${line}\n`;
        }
        this.#begin(state.fence, line);
        return `${state.fence}diff\n`;
      case "code":
        if (closes(line, state.fence)) this.#state = { kind: "text" };
        return `${line}\n`;
      case "edits":
        if (SEARCH.test(line)) {
          this.#begin(state.fence, line);
          return "";
        }
        if (closes(line, state.fence)) this.#state = { kind: "text" };
        return `${line}\n`;
      case "old":
        state.raw.push(line);
        if (DIVIDER.test(line)) this.#state = { ...state, kind: "new" };
        else this.#old.push(line);
        return "";
      case "new":
        state.raw.push(line);
        if (!REPLACE.test(line)) {
          this.#new.push(line);
          return "";
        }
        this.#state = { kind: "edits", fence: state.fence };
        return difference(this.#old, this.#new);
    }
  }

  #text(line: string): string {
    const fence = this.#begun ? undefined : FENCE.exec(line)?.[1];
    this.#begun = false;
    if (fence === undefined) return `${line}\n`;
    this.#state = { kind: "opened", fence, line };
    return "";
  }

  #begin(fence: string, line: string): void {
    this.#old = [];
    this.#new = [];
    this.#state = { kind: "old", fence, raw: [line] };
  }
}

function closes(line: string, fence: string): boolean {
  const found = FENCE.exec(line)?.[1];
  return found !== undefined && found.startsWith(fence) && line.trim() === found;
}

/** The lines that go and those that come, between the lines that stay at both ends. */
function difference(old: readonly string[], now: readonly string[]): string {
  const most = Math.min(old.length, now.length);
  let first = 0;
  while (first < most && old[first] === now[first]) first += 1;
  let last = 0;
  while (last < most - first && old.at(-1 - last) === now.at(-1 - last)) last += 1;
  const marked = (mark: string, lines: readonly string[]): string =>
    lines.map((line) => `${mark}${line}\n`).join("");
  return (
    marked(" ", old.slice(0, first)) +
    marked("-", old.slice(first, old.length - last)) +
    marked("+", now.slice(first, now.length - last)) +
    marked(" ", old.slice(old.length - last))
  );
}
