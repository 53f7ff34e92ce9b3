import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { Found } from "./find";
import type { Session } from "./session";
import { compareVersions } from "./versions";

/**
 * Says once when the server and this extension are of different versions, and which of the two to
 * update. They go on working together as far as each knows the other's messages.
 */
export async function checkVersion(
  session: Session,
  client: LanguageClient,
  found: Found,
): Promise<void> {
  const own = String((session.context.extension.packageJSON as { version: unknown }).version);
  const theirs = client.initializeResult?.serverInfo?.version ?? "";
  const difference = compareVersions(own, theirs);
  session.log.info(`versions: extension ${own}, server ${theirs || "unknown"}`);
  const told = `${own} ${theirs}`;
  if (difference === 0 || session.context.globalState.get("version.told") === told) return;
  await session.context.globalState.update("version.told", told);
  if (difference < 0) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        "The Streetrace server ({0}) is newer than this extension ({1}). Update the extension.",
        theirs,
        own,
      ),
    );
    return;
  }
  // One that this extension installed is offered to be updated where it is found.
  if (found.from === "managed") return;
  const install = vscode.l10n.t("Install the Server That Fits");
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      "The Streetrace server at {0} ({1}) is older than this extension ({2}). Update it.",
      found.command,
      theirs || vscode.l10n.t("unknown version"),
      own,
    ),
    install,
  );
  if (chosen === install && (await session.installer.install()) !== undefined) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        "Installed. It is used where neither the setting, the Python environment nor PATH has another one.",
      ),
    );
  }
}
