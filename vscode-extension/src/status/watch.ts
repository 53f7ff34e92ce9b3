import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { isChat } from "../commands/place";
import type { Streetrace } from "../streetrace";
import { tellEnding } from "./endings";
import { RunningJobs } from "./status";
import type { JobEvent, Status } from "./status";

/** So long nothing is asked after the last reason to ask, in milliseconds. */
const RESTED = 150;

/** What is known of the project in front and of the jobs, kept fresh. */
export class StatusWatch implements vscode.Disposable {
  readonly jobs = new RunningJobs();
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChange = this.#changed.event;
  readonly #disposables: { dispose(): unknown }[];
  #status: Status | undefined;
  #resting: NodeJS.Timeout | undefined;
  #asked = 0;

  constructor(private readonly streetrace: Streetrace) {
    const files = vscode.workspace.createFileSystemWatcher("**/.streetrace.toml");
    const soon = (): void => {
      this.refresh();
    };
    this.#disposables = [
      this.#changed,
      files,
      files.onDidChange(soon),
      files.onDidCreate(soon),
      files.onDidDelete(soon),
      streetrace.onDidCreateClient((client) => {
        client.onNotification("streetrace/job", (event: JobEvent) => {
          this.#hear(event);
        });
      }),
      streetrace.onDidStart(() => {
        this.jobs.forget();
        soon();
      }),
      // Such as the one that trusts a project, which starts no job.
      streetrace.answered.event(soon),
      streetrace.onDidChangeState(() => {
        this.#tell();
      }),
      vscode.window.onDidChangeActiveTextEditor(soon),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("streetrace")) soon();
      }),
    ];
    this.#tell();
  }

  get status(): Status | undefined {
    return this.#status;
  }

  /** Asks the server soon, and once, however often this is called meanwhile. */
  refresh(): void {
    this.#setContexts();
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => {
      if (this.streetrace.state !== "running") return;
      this.streetrace.client().then(
        (client) => this.#ask(client),
        () => undefined,
      );
    }, RESTED);
  }

  /** What is in force for a document, as of now. */
  async now(): Promise<Status | undefined> {
    await this.#ask(await this.streetrace.client());
    return this.#status;
  }

  dispose(): void {
    clearTimeout(this.#resting);
    for (const one of this.#disposables) one.dispose();
  }

  async #ask(client: LanguageClient): Promise<void> {
    const number = ++this.#asked;
    const document = vscode.window.activeTextEditor?.document;
    const uri = document?.uri.scheme === "file" ? document.uri.toString() : undefined;
    try {
      const params = { version: 1, ...(uri === undefined ? {} : { uri }) };
      const answer: Status = await client.sendRequest("streetrace/status", params);
      if (number !== this.#asked) return;
      this.#status = answer;
    } catch (error) {
      // A server of another version, or one that is ending.
      this.streetrace.log.debug(`streetrace/status: ${String(error)}`);
    }
    this.#tell();
  }

  #hear(event: JobEvent): void {
    this.jobs.hear(event);
    // On its way to the model the person may have trusted the project.
    if (event.final || event.model !== undefined) this.streetrace.answered.fire(event.action);
    void tellEnding(event);
    this.#tell();
  }

  #tell(): void {
    this.#setContexts();
    this.#changed.fire(undefined);
  }

  #setContexts(): void {
    const set = (key: string, value: unknown): void => {
      void vscode.commands.executeCommand("setContext", `streetrace.${key}`, value);
    };
    const document = vscode.window.activeTextEditor?.document;
    const trust = this.#status?.project?.trust;
    set("busy", this.jobs.all.length > 0);
    // A project that waits for trust is configured, too.
    set("configured", this.#status?.configured === true || trust === "restricted");
    set("trusted", trust === "trusted" || trust === "none_needed");
    set("inChat", isChat(document));
    set("inConfiguration", document?.languageId === "streetrace");
  }
}
