import * as vscode from "vscode";
import { LanguageClient, RevealOutputChannelOn, State } from "vscode-languageclient/node";
import type { Executable, LanguageClientOptions } from "vscode-languageclient/node";
import { ServerUnavailable } from "../streetrace";
import type { Streetrace } from "../streetrace";
import { onPath } from "./find";
import type { Found } from "./find";

/** The documents that the server sees. */
const SELECTOR = [{ scheme: "file" }, { scheme: "untitled" }];

/** One session: the client, and everything that starts, ends and restarts it. */
export class Session implements Streetrace, vscode.Disposable {
  readonly log: vscode.LogOutputChannel;
  readonly #created = new vscode.EventEmitter<LanguageClient>();
  readonly #started = new vscode.EventEmitter<LanguageClient>();
  readonly onDidCreateClient = this.#created.event;
  readonly onDidStart = this.#started.event;
  #client: Promise<LanguageClient> | undefined;

  constructor(readonly context: vscode.ExtensionContext) {
    this.log = vscode.window.createOutputChannel("Streetrace", { log: true });
  }

  client(): Promise<LanguageClient> {
    this.#client ??= this.#start().catch((error: unknown) => {
      this.#client = undefined;
      throw error;
    });
    return this.#client;
  }

  async restart(): Promise<void> {
    const running = this.#client;
    this.#client = undefined;
    await running?.then(
      (client) => client.dispose(),
      () => undefined,
    );
    await this.client();
  }

  async stop(): Promise<void> {
    const running = this.#client;
    this.#client = undefined;
    await (await running)?.dispose();
  }

  dispose(): void {
    this.#created.dispose();
    this.#started.dispose();
    this.log.dispose();
  }

  async #start(): Promise<LanguageClient> {
    const found = onPath(process.env["PATH"]);
    if (found === undefined)
      throw new ServerUnavailable(vscode.l10n.t("No Streetrace server was found."));
    const client = new LanguageClient(
      "streetrace",
      "Streetrace",
      executable(found),
      this.#options(),
    );
    this.#created.fire(client);
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) this.#started.fire(client);
    });
    await client.start();
    return client;
  }

  #options(): LanguageClientOptions {
    return {
      documentSelector: SELECTOR,
      outputChannel: this.log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
    };
  }
}

function executable(found: Found): Executable {
  return { command: found.command, args: [...found.args] };
}
