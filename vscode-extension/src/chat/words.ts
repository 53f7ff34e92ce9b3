import type { Reference } from "./references";

/** A thing that a question names with `#` and that VS Code does not know as a reference. */
export type Word = "selection" | "editor" | "problems" | "changes" | "open" | "codebase";

const WORDS: Readonly<Record<string, Word>> = {
  selection: "selection",
  editor: "editor",
  problems: "problems",
  changes: "changes",
  diff: "changes",
  open: "open",
  codebase: "codebase",
};
const FILE = /(^|\s)#file:(?:"([^"]+)"|([^\s"]*[^\s".,;:!?)\]}']))/g;
const WORD = new RegExp(`(^|\\s)#(${Object.keys(WORDS).join("|")})(?![\\w:.-])`, "g");

// Tools of other extensions that mean the same, by a part of their names.
const TOOLS: readonly (readonly [RegExp, Word])[] = [
  [/problem|error|diagnostic/i, "problems"],
  [/change|diff/i, "changes"],
  [/codebase|semantic/i, "codebase"],
  [/^(?!terminal).*selection/i, "selection"],
];

/** What is asked besides its words. */
export interface Spoken {
  readonly prompt: string;
  readonly words: readonly Word[];
  /** The paths of `#file:PATH` that a person typed themselves. */
  readonly files: readonly string[];
}

/**
 * The prompt as a model reads it: a reference in it is the name of what it means, and our own words
 * with `#` are taken out. `named` gives the path for a reference, or undefined to leave it as it is.
 */
export function spoken(
  prompt: string,
  references: readonly Reference[],
  tools: readonly { readonly name: string }[],
  named: (reference: Reference) => string | undefined,
): Spoken {
  const words = new Set<Word>();
  let said = prompt;
  // The last one first, as VS Code gives them: what stands before keeps its place.
  const placed = references.filter((one) => one.range !== undefined);
  placed.sort((one, other) => (other.range?.[0] ?? 0) - (one.range?.[0] ?? 0));
  for (const one of placed) {
    const name = named(one);
    const [start, end] = one.range ?? [0, 0];
    if (name !== undefined) said = `${said.slice(0, start)}\`${name}\`${said.slice(end)}`;
  }
  for (const { name } of tools) {
    const found = TOOLS.find(([pattern]) => pattern.test(name));
    if (found) words.add(found[1]);
  }
  said = said.replaceAll(WORD, (_, before: string, word: string) => {
    const known = WORDS[word];
    if (known !== undefined) words.add(known);
    return before;
  });
  const files = new Set<string>();
  said = said.replaceAll(FILE, (_, before: string, quoted?: string, plain?: string) => {
    const path = (quoted ?? plain ?? "").replace(/^\.\//, "");
    files.add(path);
    return `${before}\`${path}\``;
  });
  return { prompt: said.trim(), words: [...words], files: [...files] };
}
