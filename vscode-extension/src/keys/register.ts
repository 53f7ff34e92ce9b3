import * as vscode from "vscode";
import type { Streetrace } from "../streetrace";
import { COMMON, isKeyName, isKeyText } from "./names";
import { KeyStore } from "./store";

/** Registers the store of keys and the commands that fill and empty it. */
export function registerKeys(streetrace: Streetrace): { dispose(): unknown }[] {
  const store = new KeyStore(streetrace);
  return [
    store,
    vscode.commands.registerCommand("streetrace.key.set", (name: unknown) =>
      setKey(store, typeof name === "string" ? name : undefined),
    ),
    vscode.commands.registerCommand("streetrace.key.remove", () => removeKey(store)),
  ];
}

async function setKey(store: KeyStore, named: string | undefined): Promise<void> {
  const name = named ?? (await chooseName(store));
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

async function chooseName(store: KeyStore): Promise<string | undefined> {
  const other = vscode.l10n.t("Another variable…");
  const stored = new Set(store.names);
  const known = COMMON.map(([label, description]) => ({
    label,
    description: stored.has(label)
      ? vscode.l10n.t("{0}, stored: a new key takes its place", description)
      : description,
  }));
  const own = store.names
    .filter((name) => !COMMON.some(([common]) => common === name))
    .map((label) => ({ label, description: vscode.l10n.t("stored") }));
  const chosen = await vscode.window.showQuickPick(
    [...own, ...known, { label: other, description: "" }],
    { title: vscode.l10n.t("Streetrace: Set API Key"), placeHolder: vscode.l10n.t("Which key?") },
  );
  if (chosen?.label !== other) return chosen?.label;
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
