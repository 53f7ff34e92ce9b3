import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { Streetrace } from "../streetrace";
import { NOTHING } from "./protocol";
import type { Reviewed, Waiting } from "./protocol";

const LIST = "streetrace/review/list";
const CHANGED = "streetrace/review/changed";
/** How long typing rests before the places are asked for again, in milliseconds. */
const RESTED = 300;

/** What waits for the person, as the server says it, kept fresh. */
export class WaitingChanges implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<Waiting>();
  readonly onDidChange = this.#changed.event;
  readonly #disposables: { dispose(): unknown }[];
  #waiting: Waiting = NOTHING;
  #asked = 0;
  #resting: NodeJS.Timeout | undefined;

  constructor(private readonly streetrace: Streetrace) {
    this.#disposables = [
      this.#changed,
      streetrace.onDidCreateClient((client) => {
        client.onNotification(CHANGED, () => void this.#ask(client));
      }),
      streetrace.onDidStart((client) => void this.#ask(client)),
      streetrace.onDidChangeState((state) => {
        if (state === "failed" || state === "missing") this.#become(NOTHING);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && this.of(document.uri) !== undefined) this.#askWhenRested();
      }),
    ];
  }

  get now(): Waiting {
    return this.#waiting;
  }

  /** The changes of a document, or undefined where none wait. */
  of(uri: vscode.Uri): Reviewed | undefined {
    const wanted = uri.toString();
    return this.#waiting.documents.find(
      (one) => one.uri === wanted || vscode.Uri.parse(one.uri).toString() === wanted,
    );
  }

  dispose(): void {
    clearTimeout(this.#resting);
    for (const one of this.#disposables) one.dispose();
  }

  #askWhenRested(): void {
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => {
      this.streetrace.client().then(
        (client) => this.#ask(client),
        () => undefined,
      );
    }, RESTED);
  }

  async #ask(client: LanguageClient): Promise<void> {
    const number = ++this.#asked;
    try {
      const answer: Waiting = await client.sendRequest(LIST, { version: 1 });
      // The answer to a later question may have come first.
      if (number === this.#asked) this.#become(answer);
    } catch (error) {
      // A server of another version, or one that is ending.
      this.streetrace.log.debug(`${LIST}: ${String(error)}`);
    }
  }

  #become(waiting: Waiting): void {
    this.#waiting = waiting;
    this.#changed.fire(waiting);
  }
}
