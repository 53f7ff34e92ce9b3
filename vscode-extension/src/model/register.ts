import * as vscode from "vscode";
import type { Streetrace } from "../streetrace";
import { Models } from "./provider";

/** As package.json declares it under `languageModelChatProviders`. */
export const VENDOR = "streetrace";

/** Registers the configured targets as language models of VS Code, where it takes any. */
export function registerModels(streetrace: Streetrace): vscode.Disposable[] {
  // Editors made of VS Code may leave it out.
  const lm: Partial<typeof vscode.lm> | undefined = (vscode as Partial<typeof vscode>).lm;
  if (typeof lm?.registerLanguageModelChatProvider !== "function") return [];
  const models = new Models(streetrace);
  const refresh = (): void => {
    models.refresh();
  };
  return [
    vscode.Disposable.from(models),
    streetrace.onDidCreateClient((client) => {
      models.listen(client);
    }),
    streetrace.onDidStart(refresh),
    vscode.workspace.onDidGrantWorkspaceTrust(refresh),
    vscode.workspace.onDidChangeWorkspaceFolders(refresh),
    vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      if (uri.path.endsWith("/.streetrace.toml")) refresh();
    }),
    vscode.lm.registerLanguageModelChatProvider(VENDOR, models),
  ];
}
