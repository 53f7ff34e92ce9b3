import type { ExtensionContext } from "vscode";
import { registerChat } from "./chat/register";
import { registerCommands } from "./commands/register";
import { registerModels } from "./model/register";
import { registerKeys } from "./keys/register";
import { registerReview } from "./review/register";
import { registerServer } from "./server/register";
import { registerStatus } from "./status/register";
import { Session } from "./server/session";

let session: Session | undefined;

/** Registers everything at once and starts the server in the background: nobody waits for it. */
export function activate(context: ExtensionContext): void {
  session = new Session(context);
  context.subscriptions.push(
    session,
    ...registerServer(session),
    ...registerCommands(session),
    ...registerReview(session),
    ...registerStatus(session),
    ...registerKeys(session),
    ...registerChat(session),
    ...registerModels(session),
  );
  void session.begin();
}

export async function deactivate(): Promise<void> {
  await session?.stop();
}
