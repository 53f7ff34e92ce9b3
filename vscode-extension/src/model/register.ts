import type { Disposable } from "vscode";
import type { Streetrace } from "../streetrace";

/** Registers the configured targets as language models of VS Code. */
export function registerModels(streetrace: Streetrace): Disposable[] {
  streetrace.log.trace("model");
  return [];
}
