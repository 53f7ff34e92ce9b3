/**
 * The parts that a message of VS Code is made of, told apart by their shape: a message may come
 * from another extension, with classes of its own, or as VS Code passes it between its processes.
 */

export type Read =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "call"; readonly id: string; readonly name: string; readonly input: object }
  | { readonly kind: "result"; readonly id: string; readonly text: string }
  | { readonly kind: "data"; readonly mimeType: string }
  | { readonly kind: "nothing" };

const NOTHING: Read = { kind: "nothing" };
// How @vscode/prompt-tsx marks the leaves of its trees.
const TEXT_NODE = 2;

/** What a part says. A thought, and what nobody knows, is nothing. */
export function read(part: unknown): Read {
  if (typeof part === "string") return { kind: "text", text: part };
  if (!isObject(part)) return NOTHING;
  const { callId, toolCallId, name, input, parameters, content, value } = part;
  const id = callId ?? toolCallId;
  if (typeof id === "string" && typeof name === "string") {
    return { kind: "call", id, name, input: objectOf(input ?? parameters) };
  }
  if (typeof id === "string") return { kind: "result", id, text: resultOf(content ?? value) };
  if (typeof part["mimeType"] === "string") return data(part["mimeType"], part["data"]);
  // A thought has an id or says so; its text is no part of what was said.
  if ("id" in part || part["type"] === "thinking") return NOTHING;
  return typeof value === "string" ? { kind: "text", text: value } : NOTHING;
}

/** What a tool answered, in words. */
function resultOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map(resultPart).join("");
}

function resultPart(part: unknown): string {
  const found = read(part);
  if (found.kind === "text") return found.text;
  if (found.kind === "data") return `[${found.mimeType}]`;
  const value = isObject(part) ? part["value"] : undefined;
  return isObject(value) ? prompted(value["node"]) : "";
}

/** The text of a tree of @vscode/prompt-tsx, as its own `stringifyPromptElementJSON` tells it. */
function prompted(node: unknown): string {
  const said: string[] = [];
  const walk = (one: unknown): void => {
    if (!isObject(one)) return;
    if (one["type"] === TEXT_NODE) {
      if (one["lineBreakBefore"] === true && said.length > 0) said.push("\n");
      said.push(String(one["text"]));
      return;
    }
    if (Array.isArray(one["children"])) one["children"].forEach(walk);
  };
  walk(node);
  return said.join("");
}

function data(mimeType: string, bytes: unknown): Read {
  const text = mimeType.startsWith("text/") || /^application\/(?:.+\+)?json$/.test(mimeType);
  if (text && bytes instanceof Uint8Array) {
    return { kind: "text", text: new TextDecoder().decode(bytes) };
  }
  // Marks of a cache and the like are between VS Code and providers that know them.
  return mimeType.includes("/") ? { kind: "data", mimeType } : NOTHING;
}

function objectOf(value: unknown): object {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
