import { lines, relative } from "./places";
import type { Address, Area } from "./places";
import type { Attachment } from "./wire";

/** `vscode.ChatPromptReference`; its value may be of any class. */
export interface Reference {
  readonly id: string;
  /** Where it stands in the prompt; not in the types of VS Code: how it is called. */
  readonly range?: readonly [start: number, end: number] | undefined;
  readonly name?: string;
  readonly value: unknown;
}

/** A thing that a reference means. */
export type Meant =
  | { readonly kind: "attachment"; readonly attachment: Attachment; readonly file?: Address }
  | { readonly kind: "text"; readonly title: string; readonly text: string }
  | { readonly kind: "outside"; readonly name: string; readonly file: Address }
  | { readonly kind: "page" | "folder"; readonly name: string }
  | { readonly kind: "image"; readonly name: string }
  | { readonly kind: "nothing" };

// What VS Code adds of its own for other chats: a project's rules come from the server.
const INSTRUCTIONS = /^vscode\.(?:prompt|instructions|customizations)\b/;
/** A page that the server wrote, such as an explanation, in its own folder. */
const PAGE = /\/answers\/[^/]+-[a-z0-9_]{8}\.md$/;
const VIEWPORT = "vscode.implicit.viewport";

/** Whether VS Code added the reference without being asked: the file or the lines in the editor. */
export function isImplicit(reference: Reference): boolean {
  return reference.id.startsWith("vscode.implicit");
}

/** What a reference means for a chat of this folder. `folders` are the references to folders. */
export function meant(
  reference: Reference,
  folder: Address,
  folders: ReadonlySet<unknown> = new Set(),
): Meant {
  const { id, value } = reference;
  if (INSTRUCTIONS.test(id)) return { kind: "nothing" };
  if (typeof value === "string") {
    return value.trim()
      ? { kind: "text", title: nameOf(reference), text: value }
      : { kind: "nothing" };
  }
  if (folders.has(value)) return { kind: "folder", name: nameOf(reference) };
  if (isAddress(value)) return ofFile(folder, value);
  if (isLocation(value)) {
    // What happens to be on the screen is not what a person chose: the file is meant.
    if (id === VIEWPORT) return ofFile(folder, value.uri);
    return ofLines(folder, value.uri, value.range);
  }
  if (isRecord(value)) {
    if (Array.isArray(value["diagnostics"])) {
      return { kind: "attachment", attachment: { kind: "diagnostics", argument: "" } };
    }
    if (typeof value["mimeType"] === "string") return { kind: "image", name: nameOf(reference) };
  }
  return { kind: "nothing" };
}

/** A file of the folder. */
export function ofFile(folder: Address, file: Address): Meant {
  const path = relative(folder, file);
  if (path === undefined) return outside(file);
  return { kind: "attachment", attachment: { kind: "file", argument: path }, file };
}

/** Lines of a file of the folder. */
export function ofLines(folder: Address, file: Address, area: Area): Meant {
  const path = relative(folder, file);
  if (path === undefined) return outside(file);
  return {
    kind: "attachment",
    attachment: { kind: "selection", argument: lines(path, area) },
    file,
  };
}

function outside(file: Address): Meant {
  const name = baseOf(file);
  return PAGE.test(file.path) ? { kind: "page", name } : { kind: "outside", name, file };
}

export function isAddress(value: unknown): value is Address {
  return (
    isRecord(value) && typeof value["scheme"] === "string" && typeof value["path"] === "string"
  );
}

export function isLocation(
  value: unknown,
): value is { readonly uri: Address; readonly range: Area } {
  return isRecord(value) && isAddress(value["uri"]) && isRecord(value["range"]);
}

function nameOf(reference: Reference): string {
  if (reference.name) return reference.name;
  return isAddress(reference.value) ? baseOf(reference.value) : reference.id;
}

function baseOf(file: Address): string {
  return file.path.replace(/\/$/, "").split("/").at(-1) ?? file.path;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
