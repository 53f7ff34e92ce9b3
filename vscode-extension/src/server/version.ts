import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { Found } from "./find";
import type { Session } from "./session";
import { compareVersions } from "./versions";

/** The version of this extension. */
export function ownVersion(context: vscode.ExtensionContext): string {
  return String((context.extension.packageJSON as { version: unknown }).version);
}

/**
 * Says once when the server is older than this extension, and how to update it. Where it is newer,
 * the server says so. They go on working together as far as each knows the other's messages.
 */
export async function checkVersion(
  session: Session,
  client: LanguageClient,
  found: Found,
): Promise<void> {
  const own = ownVersion(session.context);
  const theirs = client.initializeResult?.serverInfo?.version ?? "";
  session.log.info(`versions: extension ${own}, server ${theirs || "unknown"}`);
  if (compareVersions(own, theirs) <= 0) return;
  const told = `${own} ${theirs}`;
  if (session.context.globalState.get("version.told") === told) return;
  await session.context.globalState.update("version.told", told);
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
