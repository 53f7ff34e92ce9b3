import * as vscode from "vscode";
import { currentPlace } from "../commands/place";
import type { Status } from "../status/status";
import type { Streetrace } from "../streetrace";
import { keyChoices } from "./choices";
import { isKeyName, isKeyText } from "./names";
import { KeyStore } from "./store";

/** Registers the store of keys and the commands that fill and empty it. */
export function registerKeys(streetrace: Streetrace): { dispose(): unknown }[] {
  const store = new KeyStore(streetrace);
  return [
    store,
    vscode.commands.registerCommand("streetrace.key.set", (name: unknown) =>
      setKey(streetrace, store, typeof name === "string" ? name : undefined),
    ),
    vscode.commands.registerCommand("streetrace.key.remove", () => removeKey(store)),
  ];
}

async function setKey(
  streetrace: Streetrace,
  store: KeyStore,
  named: string | undefined,
): Promise<void> {
  const name = named ?? (await chooseName(streetrace, store));
  if (name === undefined) return;
  const key = await vscode.window.showInputBox({
    title: vscode.l10n.t("Streetrace: Set {0}", name),
    prompt: vscode.l10n.t(
      "It is kept in your system's secret store, and goes only to addresses that you agreed to.",
    ),
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) =>
      text === "" || isKeyText(text) ? undefined : vscode.l10n.t("This is no key."),
  });
  if (key === undefined || key.trim() === "") return;
  await store.set(name, key.trim());
  void vscode.window.showInformationMessage(
    vscode.l10n.t("{0} is stored. A variable of the same name in your shell goes first.", name),
  );
}

async function chooseName(streetrace: Streetrace, store: KeyStore): Promise<string | undefined> {
  const choices = keyChoices(await namedByConfiguration(streetrace), store.names, vscode.l10n);
  const chosen = await vscode.window.showQuickPick(choices, {
    title: vscode.l10n.t("Streetrace: Set API Key"),
    placeHolder: vscode.l10n.t("Which key?"),
  });
  if (chosen?.other === undefined) return chosen?.label;
  return vscode.window.showInputBox({
    title: vscode.l10n.t("Streetrace: Set API Key"),
    prompt: vscode.l10n.t("The variable that the configuration names under api_key."),
    placeHolder: "TEAM_PROXY_KEY",
    validateInput: (text) =>
      text === "" || isKeyName(text)
        ? undefined
        : vscode.l10n.t("Write the name of a variable for a key, such as TEAM_PROXY_KEY."),
  });
}

/** The variables that the configuration here takes keys from; none where no server runs. */
async function namedByConfiguration(streetrace: Streetrace): Promise<readonly string[]> {
  if (streetrace.state !== "running") return [];
  const uri = currentPlace()?.uri;
  try {
    const client = await streetrace.client();
    const params = { version: 1, ...(uri === undefined ? {} : { uri }) };
    const status: Status = await client.sendRequest("streetrace/status", params);
    return status.keyVariables ?? [];
  } catch {
    // A server of another version, or one that is ending: the usual names are there.
    return [];
  }
}

async function removeKey(store: KeyStore): Promise<void> {
  if (store.names.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("No key is stored in VS Code."));
    return;
  }
  const name = await vscode.window.showQuickPick([...store.names], {
    title: vscode.l10n.t("Streetrace: Remove API Key"),
    placeHolder: vscode.l10n.t("Which key shall be removed?"),
  });
  if (name === undefined) return;
  await store.remove(name);
  void vscode.window.showInformationMessage(vscode.l10n.t("{0} is removed.", name));
}
