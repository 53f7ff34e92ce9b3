import * as vscode from "vscode";
import type { Streetrace } from "../streetrace";
import { ServerUnavailable } from "../streetrace";

/** Runs a command of the server, which says itself what a person has to know. */
export async function askServer<Answer>(
  streetrace: Streetrace,
  command: string,
  argument: object,
): Promise<Answer | undefined> {
  try {
    const client = await streetrace.client();
    const params = { command, arguments: [argument] };
    return await client.sendRequest<Answer>("workspace/executeCommand", params);
  } catch (error) {
    await sayUnavailable(streetrace, error);
    return undefined;
  } finally {
    streetrace.answered.fire(command);
  }
}

/** Tells the person that there is no server, with what can be done about it. */
export async function sayUnavailable(streetrace: Streetrace, error: unknown): Promise<void> {
  const said = error instanceof Error ? error.message : String(error);
  streetrace.log.error(said);
  const log = vscode.l10n.t("Show Log");
  const install = vscode.l10n.t("Install Server…");
  const missing = error instanceof ServerUnavailable && streetrace.state === "missing";
  const chosen = await vscode.window.showErrorMessage(said, ...(missing ? [install] : [log]));
  if (chosen === install) await vscode.commands.executeCommand("streetrace.server.install");
  if (chosen === log) streetrace.log.show(true);
}
