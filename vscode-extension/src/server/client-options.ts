import * as vscode from "vscode";
import type { LanguageClientOptions } from "vscode-languageclient/node";
import { discreet } from "../keys/discreet";
import { logLines } from "./log-lines";
import { settingsForServer } from "./settings";
import { showDocument } from "./show-document";

/** The documents that the server sees: any language. */
const DOCUMENTS = [{ scheme: "file" }, { scheme: "untitled" }];

/** The client's `Never`: the client itself is loaded when a server is started, and not before. */
const NEVER = 4;

/** How the client behaves; `ours.ts` has what it declares beside LSP. */
export function clientOptions(
  log: vscode.LogOutputChannel,
  configurationFiles: vscode.FileSystemWatcher,
): LanguageClientOptions {
  return {
    documentSelector: DOCUMENTS,
    outputChannel: log,
    traceOutputChannel: discreet(log),
    stdioOptions: {
      // Its standard output carries the messages themselves.
      stdout: () => undefined,
      stderr: (stderr) => {
        logLines(stderr, log);
      },
    },
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- see above
    revealOutputChannelOn: NEVER,
    initializationOptions: () => ({ streetrace: sentSettings() }),
    initializationFailedHandler: () => false,
    middleware: { window: { showDocument } },
    synchronize: { fileEvents: configurationFiles },
  };
}

/** The settings as they are sent. */
export function sentSettings(): object {
  const settings = vscode.workspace.getConfiguration("streetrace");
  return settingsForServer((name) => settings.inspect(name), !vscode.workspace.isTrusted);
}
