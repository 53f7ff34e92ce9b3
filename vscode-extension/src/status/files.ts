import * as vscode from "vscode";
import type { StatusWatch } from "./watch";

const NAME = ".streetrace.toml";

/** Opens the project's configuration; where there is none, one is written for what is here. */
export async function openProjectFile(watch: StatusWatch): Promise<void> {
  const found = (await watch.now())?.project?.uri ?? (await anyProjectFile());
  if (found !== undefined) {
    await vscode.window.showTextDocument(vscode.Uri.parse(found));
    return;
  }
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t("Open a folder first: a project's configuration stands in it."),
    );
    return;
  }
  await vscode.commands.executeCommand("streetrace.init", { folder: folder.uri.toString() });
}

/** Opens the person's own configuration, or an empty document that becomes it when it is saved. */
export async function openUserFile(watch: StatusWatch): Promise<void> {
  const file = (await watch.now())?.userFile;
  if (file === undefined) return;
  const uri = vscode.Uri.parse(file);
  const exists = await vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
  await vscode.window.showTextDocument(exists ? uri : uri.with({ scheme: "untitled" }));
}

async function anyProjectFile(): Promise<string | undefined> {
  const [found] = await vscode.workspace.findFiles(NAME, null, 1);
  return found?.toString();
}
