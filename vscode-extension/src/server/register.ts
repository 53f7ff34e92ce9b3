import * as vscode from "vscode";
import type { Session } from "./session";
import { sayUnavailable } from "../commands/ask-server";

/** Registers the commands about the server itself. */
export function registerServer(session: Session): vscode.Disposable[] {
  const command = (id: string, work: () => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(id, work);
  return [
    command("streetrace.server.restart", async () => {
      try {
        await session.restart();
      } catch (error) {
        await sayUnavailable(session, error);
      }
    }),
    command("streetrace.server.install", async () => {
      if ((await session.installer.install()) !== undefined) await session.restart();
    }),
    command("streetrace.server.remove", async () => {
      const used = session.found?.from === "managed";
      if (used) await session.stop();
      const removed = await session.installer.remove();
      if (used || removed) await session.restart().catch(() => undefined);
    }),
    command("streetrace.server.otherWays", () => session.installer.showOtherWays()),
    command("streetrace.server.log", () => {
      session.log.show();
    }),
  ];
}
