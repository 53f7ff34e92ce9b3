import { takes } from "./server-commands";
import type { ServerCommand } from "./server-commands";

/** An LSP range. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** An LSP position; the client and VS Code both count UTF-16. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Where the person is. */
export interface Place {
  readonly uri: string;
  readonly selection: Range;
  /** The text of the document, where a command takes the whole of it. */
  readonly languageId: string;
}

export type Argument = Readonly<Record<string, unknown>>;

/** What the server's commands take (docs/protocol.md). Menus pass objects with much else in them. */
const NAMES = new Set(
  (
    "action all backend block messages replace temperature tools toolChoice maxTokens diagnostic diagnostics folder fresh hunk id instruction job last " +
    "maxCost model models path position preview proposal range since target task text topK turn uri"
  ).split(" "),
);

/**
 * The argument of a server's command, from what VS Code passed (`given`: the command's own argument,
 * a URI from an editor's menu, or nothing) and where the person is.
 */
export function completed(
  command: ServerCommand,
  given: unknown,
  place: Place | undefined,
  inChat: boolean,
): Argument {
  const own = isArgument(given) ? ownPart(given) : {};
  // A menu in an editor's title passes the URI of that editor, which need not be the active one.
  const uri = uriOf(own) ?? menuUri(given) ?? place?.uri;
  const here = place !== undefined && place.uri === uri;
  const taken = takes(command);
  if (taken === "chat") return inChat && uri !== undefined ? { uri, ...own } : own;
  if (taken === "nothing" || uri === undefined || "hunk" in own || "proposal" in own) return own;
  const added: Record<string, unknown> = { uri };
  if (here && !inChat && taken === "selection") added["range"] = place.selection;
  if (here && taken === "position" && own["all"] !== true) {
    added["position"] = place.selection.start;
  }
  if (own["all"] === true && uriOf(own) === undefined) return own;
  return { ...added, ...own };
}

function ownPart(given: Argument): Argument {
  return Object.fromEntries(Object.entries(given).filter(([name]) => NAMES.has(name)));
}

function uriOf(own: Argument): string | undefined {
  return typeof own["uri"] === "string" ? own["uri"] : undefined;
}

function menuUri(given: unknown): string | undefined {
  return isUri(given) ? given.toString() : undefined;
}

function isUri(given: unknown): given is { toString(): string } {
  return typeof given === "object" && given !== null && "scheme" in given && "path" in given;
}

function isArgument(given: unknown): given is Argument {
  return typeof given === "object" && given !== null && !Array.isArray(given) && !isUri(given);
}
