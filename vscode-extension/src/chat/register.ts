import type { Disposable } from "vscode";
import type { Streetrace } from "../streetrace";

/** Registers the chat participant. */
export function registerChat(streetrace: Streetrace): Disposable[] {
  streetrace.log.trace("chat");
  return [];
}
