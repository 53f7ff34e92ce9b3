import * as vscode from "vscode";
import type { Streetrace } from "../streetrace";
import { Models } from "./provider";

/** As package.json declares it under `languageModelChatProviders`. */
export const VENDOR = "streetrace";

/** After these commands there may be other models. */
const WHICH_MODELS = new Set(["streetrace.trust", "streetrace.model", "streetrace.init"]);

/** Registers the configured targets as language models of VS Code, where it takes any. */
export function registerModels(streetrace: Streetrace): vscode.Disposable[] {
  // Editors made of VS Code may leave it out.
  const lm: Partial<typeof vscode.lm> | undefined = (vscode as Partial<typeof vscode>).lm;
  if (typeof lm?.registerLanguageModelChatProvider !== "function") return [];
  const models = new Models(streetrace);
  const refresh = (): void => {
    models.refresh();
  };
  const files = vscode.workspace.createFileSystemWatcher("**/.streetrace.toml");
  return [
    vscode.Disposable.from(models),
    streetrace.onDidCreateClient((client) => {
      models.listen(client);
    }),
    streetrace.onDidStart(refresh),
    streetrace.answered.event((what) => {
      if (WHICH_MODELS.has(what)) refresh();
      else models.answered();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(refresh),
    vscode.workspace.onDidChangeWorkspaceFolders(refresh),
    files,
    files.onDidChange(refresh),
    files.onDidCreate(refresh),
    files.onDidDelete(refresh),
    vscode.lm.registerLanguageModelChatProvider(VENDOR, models),
  ];
}
