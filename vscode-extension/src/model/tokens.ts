import type { Given } from "./messages";
import { read } from "./parts";

/** The same guess as the server's (`prompts/build.py`): it decides by it what fits a window. */
const CHARACTERS_PER_TOKEN = 3.5;
const MESSAGE = 8;

/** About how many tokens a text or a message takes. Only the answer of a backend says it exactly. */
export function estimate(given: string | Given): number {
  if (typeof given === "string") return ofText(given);
  const parts = typeof given.content === "string" ? [given.content] : given.content;
  return MESSAGE + parts.reduce<number>((sum, part) => sum + ofPart(part), 0);
}

function ofPart(part: unknown): number {
  const found = read(part);
  switch (found.kind) {
    case "text":
    case "result":
      return ofText(found.text);
    case "call":
      return ofText(found.name) + ofText(JSON.stringify(found.input));
    default:
      return 0;
  }
}

function ofText(text: string): number {
  let characters = 0;
  let bytes = 0;
  for (const one of text) {
    const point = one.codePointAt(0) ?? 0;
    characters += 1;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return Math.floor(characters / CHARACTERS_PER_TOKEN + (bytes - characters) / 2);
}
