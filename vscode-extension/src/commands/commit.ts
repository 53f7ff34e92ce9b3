import * as vscode from "vscode";
import { useMessage } from "../chat/scm";
import { failureOf } from "../failure";
import type { Streetrace } from "../streetrace";
import { sayUnavailable } from "./ask-server";

/** What a button of Source Control passes: one repository. */
export interface Repository {
  readonly rootUri: vscode.Uri;
}

export function isRepository(given: unknown): given is Repository {
  return (
    typeof given === "object" &&
    given !== null &&
    (given as Partial<Repository>).rootUri instanceof vscode.Uri
  );
}

/** Writes the message for what is staged into the box of Source Control. */
export async function writeCommitMessage(
  streetrace: Streetrace,
  { rootUri }: Repository,
): Promise<void> {
  const folder = vscode.workspace.getWorkspaceFolder(rootUri)?.uri ?? inside(rootUri) ?? rootUri;
  try {
    const client = await streetrace.client();
    const { text } = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t("Streetrace: Commit message"),
        cancellable: true,
      },
      (_progress, token) => {
        const params = { version: 1, folder: folder.toString() };
        return client.sendRequest<{ text: string }>("streetrace/commit/message", params, token);
      },
    );
    await useMessage(rootUri, text);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === "cancelled") return;
    if (failure.kind === "unavailable") await sayUnavailable(streetrace, error);
    else void vscode.window.showWarningMessage(failure.message);
  }
}

/** The workspace folder below the root of a repository, where that is above what is open. */
function inside(root: vscode.Uri): vscode.Uri | undefined {
  return vscode.workspace.workspaceFolders?.find(({ uri }) => uri.path.startsWith(`${root.path}/`))
    ?.uri;
}
