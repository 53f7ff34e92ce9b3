import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

/**
 * Tells the server what is wrong in the open files of a folder, for `@diagnostics`. LSP gives a
 * server the diagnostics of others in the context of a request for code actions, and nowhere else.
 */
export async function tellProblems(client: LanguageClient, folder: vscode.Uri): Promise<void> {
  const active = vscode.window.activeTextEditor;
  const open = vscode.workspace.textDocuments.filter(
    (one) =>
      !one.isClosed &&
      vscode.workspace.getWorkspaceFolder(one.uri)?.uri.toString() === folder.toString(),
  );
  // The active editor last: the server takes it for the place where the person is.
  open.sort((one, other) => Number(one === active?.document) - Number(other === active?.document));
  for (const document of open) {
    const found = vscode.languages.getDiagnostics(document.uri);
    if (found.length === 0) continue;
    const at = document === active?.document ? active.selection : new vscode.Range(0, 0, 0, 0);
    const range = client.code2ProtocolConverter.asRange(at);
    await client.sendRequest("textDocument/codeAction", {
      textDocument: client.code2ProtocolConverter.asTextDocumentIdentifier(document),
      range,
      context: { diagnostics: await client.code2ProtocolConverter.asDiagnostics(found) },
    });
  }
}
