import { homedir } from "node:os";
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { Status } from "../status/status";
import { ServerUnavailable } from "../streetrace";
import type { ServerState, Streetrace } from "../streetrace";
import { clientOptions, sentSettings } from "./client-options";
import { NoSuchProgram, findServer } from "./find";
import type { Found } from "./find";
import { Installer } from "./installer";
import { ours } from "./ours";
import { PythonEnvironment } from "./python";
import { answered, showQuestions } from "./questions";
import { Queue } from "./queue";
import { checkVersion, ownVersion } from "./version";

/** What of the settings needs another server process when it changes. */
const NEEDS_RESTART = ["streetrace.server"];

/** One session: the client, and everything that starts, ends and restarts it. */
export class Session implements Streetrace, vscode.Disposable {
  readonly log: vscode.LogOutputChannel;
  readonly installer: Installer;
  readonly #created = new vscode.EventEmitter<LanguageClient>();
  readonly #started = new vscode.EventEmitter<LanguageClient>();
  readonly #changed = new vscode.EventEmitter<ServerState>();
  readonly answered = new vscode.EventEmitter<string>();
  readonly onDidCreateClient = this.#created.event;
  readonly onDidStart = this.#started.event;
  readonly onDidChangeState = this.#changed.event;
  #state: ServerState = "starting";
  #client: Promise<LanguageClient> | undefined;
  #found: Found | undefined;
  readonly #python = new PythonEnvironment();
  readonly #configurationFiles = vscode.workspace.createFileSystemWatcher("**/.streetrace.toml");
  readonly #restarts = new Queue(() => this.#startAnew());
  readonly #disposables: { dispose(): unknown }[];

  constructor(readonly context: vscode.ExtensionContext) {
    this.log = vscode.window.createOutputChannel("Streetrace", { log: true });
    this.installer = new Installer(context, this.log, this.#python);
    this.#disposables = [
      this.log,
      this.#python,
      this.#created,
      this.#started,
      this.#changed,
      this.answered,
      this.#configurationFiles,
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (NEEDS_RESTART.some((section) => change.affectsConfiguration(section))) {
          this.#inBackground(this.#restartFor("the settings changed"));
        } else if (change.affectsConfiguration("streetrace")) {
          void this.#sendSettings();
        }
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        this.#inBackground(this.#trusted());
      }),
      this.#python.onDidChange(() => {
        this.#inBackground(this.#useServerOfNow("another Python environment is selected"));
      }),
    ];
  }

  get state(): ServerState {
    return this.#state;
  }

  /** Where the server in use was found. */
  get found(): Found | undefined {
    return this.#found;
  }

  client(): Promise<LanguageClient> {
    return this.#clientOr("asked");
  }

  /** Starts the server because a file was opened: where there is none, nobody is pressed. */
  async begin(): Promise<void> {
    await this.#clientOr("unasked").catch(() => undefined);
  }

  restart(): Promise<void> {
    return this.#restarts.add();
  }

  /** Ends the server for good. */
  async stop(): Promise<void> {
    const running = this.#client;
    this.#client = undefined;
    await (await running?.catch(() => undefined))?.dispose();
  }

  dispose(): void {
    for (const one of this.#disposables) one.dispose();
  }

  #clientOr(why: "asked" | "unasked"): Promise<LanguageClient> {
    if (this.#client === undefined) {
      const starting = this.#start(why === "unasked");
      this.#client = starting;
      starting.catch(() => {
        if (this.#client === starting) this.#client = undefined;
      });
    }
    return this.#client;
  }

  #inBackground(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      this.log.error(String(error));
    });
  }

  /** Restarts as soon as the person has answered what the running server asks, if need still be. */
  async #restartFor(why: string, needed: () => boolean = () => true): Promise<void> {
    this.log.info(`restarting the server: ${why}`);
    await answered();
    if (needed()) await this.restart();
  }

  async #startAnew(): Promise<void> {
    await this.stop();
    await this.#clientOr("unasked");
  }

  async #start(unasked: boolean): Promise<LanguageClient> {
    this.#become("starting");
    const found = await this.#find(unasked);
    this.#found = found;
    this.log.info(`server: ${found.command} (${found.from})`);
    // Nine tenths of the bundle: nothing of it is read while the extension is activated.
    const { LanguageClient, State } = await import("vscode-languageclient/node");
    const client = new LanguageClient(
      "streetrace",
      "Streetrace",
      // A project's folder is no place to start a program in.
      { command: found.command, options: { cwd: homedir() } },
      clientOptions(this.log, this.#configurationFiles),
    );
    client.registerFeature(ours(ownVersion(this.context)));
    showQuestions(client);
    this.#created.fire(client);
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) {
        this.#become("running");
        this.#started.fire(client);
      } else if (newState === State.Starting) {
        this.#become("starting");
      } else if (newState === State.Stopped) {
        void this.#ended(client);
      }
    });
    try {
      await client.start();
    } catch (error) {
      this.#become("failed");
      throw new ServerUnavailable(
        vscode.l10n.t("The Streetrace server could not be started. The log says why."),
        { cause: error },
      );
    }
    void checkVersion(this, client, found);
    return client;
  }

  /** The person trusts the workspace: what else there is to agree to is asked right now. */
  async #trusted(): Promise<void> {
    this.log.info("the workspace is trusted now");
    await this.#useServerOfNow("the workspace has one of its own");
    await this.#sendSettings();
    // Nobody is pressed to install one now.
    const client = await this.#client?.catch(() => undefined);
    if (client === undefined) return;
    const status: Status = await client.sendRequest("streetrace/status", { version: 1 });
    if (status.project?.question === true) {
      await vscode.commands.executeCommand("streetrace.trust");
    }
  }

  /**
   * Has the server run that would be found now. One that runs already is left alone: while a server
   * is exchanged, VS Code drops what a person asks its light bulb.
   */
  async #useServerOfNow(why: string): Promise<void> {
    await this.#client?.catch(() => undefined);
    const { found } = await this.#search().catch(() => ({ found: undefined }));
    const another = (): boolean => found !== undefined && found.command !== this.#found?.command;
    if (another()) await this.#restartFor(why, another);
  }

  async #sendSettings(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    await client?.sendNotification("workspace/didChangeConfiguration", {
      settings: { streetrace: sentSettings() },
    });
  }

  /** The client gave up: its server failed too often, or was ended by us. */
  async #ended(client: LanguageClient): Promise<void> {
    const { State } = await import("vscode-languageclient/node");
    const current = await this.#client?.catch(() => undefined);
    // A client that restarts its server after a crash is stopped for a moment only.
    if (current !== client || client.state !== State.Stopped) return;
    this.#client = undefined;
    this.#become("failed");
  }

  async #find(unasked: boolean): Promise<Found> {
    try {
      const { found, outdated } = await this.#search();
      if (outdated) void this.#update(unasked);
      if (found !== undefined) return found;
    } catch (error) {
      this.#become("missing");
      if (!(error instanceof NoSuchProgram)) throw error;
      throw new ServerUnavailable(
        vscode.l10n.t(
          "There is no program at {0}, which the setting streetrace.server.path names.",
          error.path,
        ),
      );
    }
    this.#become("missing");
    const installed = await this.installer.offer(unasked);
    if (installed !== undefined) {
      this.#become("starting");
      return installed;
    }
    throw new ServerUnavailable(vscode.l10n.t("The Streetrace server was not found."));
  }

  /** Where the server is as of now, and whether one that this extension installed is too old. */
  async #search(): Promise<{ found: Found | undefined; outdated: boolean }> {
    const settings = vscode.workspace.getConfiguration("streetrace");
    const useEnvironment = settings.get<boolean>("server.useEnvironment", true);
    let outdated = false;
    const found = await findServer({
      setting: settings.get<string>("server.path", ""),
      // Before trust no program is started that a workspace names.
      interpreter: async () =>
        useEnvironment && vscode.workspace.isTrusted ? this.#python.interpreter() : undefined,
      path: process.env["PATH"],
      managed: async () => {
        const installed = await this.installer.find();
        outdated = installed?.current === false;
        return installed?.command;
      },
    });
    return { found, outdated };
  }

  async #update(unasked: boolean): Promise<void> {
    if ((await this.installer.offer(unasked, true)) !== undefined) await this.restart();
  }

  #become(state: ServerState): void {
    this.#state = state;
    void vscode.commands.executeCommand("setContext", "streetrace.server", state);
    this.#changed.fire(state);
  }
}
