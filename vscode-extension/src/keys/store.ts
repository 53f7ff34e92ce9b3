import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { Streetrace } from "../streetrace";
import { hide } from "./discreet";
import { isKeyName } from "./names";

const NAMES = "keys.names";
const PREFIX = "key:";

/** The keys in VS Code's own store for secrets, which hands them to the server on request. */
export class KeyStore implements vscode.Disposable {
  readonly #disposables: { dispose(): unknown }[];

  constructor(private readonly streetrace: Streetrace) {
    const { secrets } = streetrace.context;
    this.#disposables = [
      streetrace.onDidCreateClient((client) => {
        client.onRequest("streetrace/key", async (params: { readonly name: string }) => {
          return { key: await this.#handOut(params.name) };
        });
      }),
      streetrace.onDidStart((client) => void this.#tell(client)),
      // Also another window may have stored one.
      secrets.onDidChange(({ key }) => {
        if (key.startsWith(PREFIX)) void this.#tellRunning();
      }),
    ];
  }

  /** The names of the keys that are stored. */
  get names(): readonly string[] {
    return this.streetrace.context.globalState.get<string[]>(NAMES, []).filter(isKeyName);
  }

  async set(name: string, key: string): Promise<void> {
    await this.#remember([...new Set([...this.names, name])].sort());
    await this.streetrace.context.secrets.store(PREFIX + name, key);
  }

  async remove(name: string): Promise<void> {
    await this.#remember(this.names.filter((one) => one !== name));
    await this.streetrace.context.secrets.delete(PREFIX + name);
  }

  dispose(): void {
    for (const one of this.#disposables) one.dispose();
  }

  async #remember(names: readonly string[]): Promise<void> {
    await this.streetrace.context.globalState.update(NAMES, names);
  }

  async #handOut(name: string): Promise<string | null> {
    if (!this.names.includes(name)) return null;
    const key = (await this.streetrace.context.secrets.get(PREFIX + name)) ?? null;
    if (key !== null) hide(key);
    return key;
  }

  async #tellRunning(): Promise<void> {
    if (this.streetrace.state === "running") await this.#tell(await this.streetrace.client());
  }

  async #tell(client: LanguageClient): Promise<void> {
    await client.sendNotification("streetrace/keys", { version: 1, names: this.names });
  }
}
