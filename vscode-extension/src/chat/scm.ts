import * as vscode from "vscode";

/** Of VS Code's own Git extension: what is needed of its API, version 1. */
interface Git {
  getAPI(version: 1): {
    readonly repositories: readonly {
      readonly rootUri: vscode.Uri;
      readonly inputBox: { value: string };
    }[];
  };
}

/** Puts a commit message into the box of Source Control, for the person to look at and to commit. */
export async function useMessage(folder: vscode.Uri, text: string): Promise<void> {
  const git = await vscode.extensions.getExtension<Git>("vscode.git")?.activate();
  const repositories = git?.getAPI(1).repositories ?? [];
  // The folder may be below the root of its repository, and that in another one.
  const around = repositories.filter(({ rootUri }) =>
    `${folder.path}/`.startsWith(`${rootUri.path}/`),
  );
  around.sort((one, other) => other.rootUri.path.length - one.rootUri.path.length);
  const box = around[0]?.inputBox;
  if (box === undefined) {
    await vscode.env.clipboard.writeText(text);
    void vscode.window.showInformationMessage(
      vscode.l10n.t("Source Control knows no repository here. The message is in the clipboard."),
    );
    return;
  }
  box.value = text.trimEnd();
  await vscode.commands.executeCommand("workbench.view.scm");
}
