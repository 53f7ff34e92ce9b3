import type { ExtensionContext } from "vscode";
import { registerChat } from "./chat/register";
import { registerModels } from "./model/register";
import { Session } from "./server/session";

let session: Session | undefined;

export function activate(context: ExtensionContext): void {
  session = new Session(context);
  context.subscriptions.push(session, ...registerChat(session), ...registerModels(session));
  session.client().catch((error: unknown) => session?.log.error(String(error)));
}

export async function deactivate(): Promise<void> {
  await session?.stop();
}
