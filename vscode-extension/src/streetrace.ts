import type { Event, EventEmitter, ExtensionContext, LogOutputChannel } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

/** How the server is: `missing` was not found, `failed` could not be started or gave up. */
export type ServerState = "starting" | "running" | "missing" | "failed";

/** What the rooms of the extension share: one session with one server. */
export interface Streetrace {
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  /**
   * The client of the running server, which is started if need be.
   * Rejects with `ServerUnavailable`, whose message is for a person, where there is none.
   */
  client(): Promise<LanguageClient>;
  /**
   * Fires for each new client before it starts: the place for `onNotification` and `onRequest`.
   * What is registered then holds when the same client restarts its server after a crash.
   */
  readonly onDidCreateClient: Event<LanguageClient>;
  /** Fires whenever a server is ready to be asked, also after a restart. */
  readonly onDidStart: Event<LanguageClient>;
  readonly state: ServerState;
  readonly onDidChangeState: Event<ServerState>;
  /**
   * Fires when a command was answered, and when a job asks a model or ended: what is in force may be
   * different now.
   */
  readonly answered: EventEmitter<string>;
  /** Ends the server and starts one anew; several wishes at once are one restart. */
  restart(): Promise<void>;
}

/** There is no server to talk to; the message says why. */
export class ServerUnavailable extends Error {}
