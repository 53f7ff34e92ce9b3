import * as vscode from "vscode";
import { targetsOf } from "../commands/asks-first";
import type { Target } from "../commands/asks-first";
import { askServer } from "../commands/ask-server";
import { currentPlace } from "../commands/place";
import type { Streetrace } from "../streetrace";
import type { StatusWatch } from "./watch";

type Item = vscode.QuickPickItem & { readonly run?: () => unknown };

/** The menu of the status item: the model first, then what there is to do. */
export async function showMenu(streetrace: Streetrace, watch: StatusWatch): Promise<void> {
  const answering = watch.status?.leadsTo ?? watch.status?.model;
  const items: Item[] = [
    ...situation(watch, streetrace),
    ...(await models(streetrace)),
    separator(vscode.l10n.t("Look")),
    command("pulse", vscode.l10n.t("Check the models (doctor)"), "streetrace.doctor"),
    command("graph", vscode.l10n.t("Usage and cost"), "streetrace.usage"),
    command("list-tree", vscode.l10n.t("Effective configuration"), "streetrace.config.show"),
    command("history", vscode.l10n.t("How the last requests went"), "streetrace.trace"),
    command("output", vscode.l10n.t("Log"), "streetrace.server.log"),
    separator(vscode.l10n.t("Change")),
    command("gear", vscode.l10n.t("Project configuration"), "streetrace.config.open"),
    command("account", vscode.l10n.t("Your own configuration"), "streetrace.config.openUser"),
    command("key", vscode.l10n.t("Set an API key…"), "streetrace.key.set"),
    command("refresh", vscode.l10n.t("Restart the server"), "streetrace.server.restart"),
    command("book", vscode.l10n.t("Get started"), "streetrace.walkthrough"),
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title: "Streetrace",
    placeHolder: answering
      ? vscode.l10n.t("{0} answers here. Choose another model, or something to do.", answering)
      : vscode.l10n.t("What shall be done?"),
    matchOnDescription: true,
  });
  await chosen?.run?.();
}

/** Lets the person choose who answers from now on; false when they changed their mind. */
export async function chooseModel(streetrace: Streetrace, uri: unknown): Promise<boolean> {
  const targets = await targetsOf(streetrace, uri);
  if (targets.length === 0) {
    const set = vscode.l10n.t("Set Up a Configuration");
    const said = vscode.l10n.t("No model is configured here.");
    const chosen = await vscode.window.showInformationMessage(said, set);
    if (chosen === set) await vscode.commands.executeCommand("streetrace.init");
    return false;
  }
  const items: Item[] = targets.map((target) => modelItem(streetrace, target, uri));
  const chosen = await vscode.window.showQuickPick([...items, asConfigured(streetrace, uri)], {
    title: "Streetrace",
    placeHolder: vscode.l10n.t("Who answers in this project from now on?"),
    matchOnDescription: true,
  });
  await chosen?.run?.();
  return chosen !== undefined;
}

function situation(watch: StatusWatch, streetrace: Streetrace): Item[] {
  const items: Item[] = [];
  if (streetrace.state === "missing") {
    const install = vscode.l10n.t("Install the server…");
    items.push(command("cloud-download", install, "streetrace.server.install"));
  }
  if (watch.jobs.all.length > 0) {
    const running = watch.jobs.all.map((job) => job.message).join(", ");
    items.push({
      ...command("debug-stop", vscode.l10n.t("Stop"), "streetrace.cancel"),
      description: running,
    });
  }
  const trust = watch.status?.project?.trust;
  if (trust === "restricted" || trust === "denied") {
    const label = vscode.l10n.t("Trust this project's configuration…");
    items.push(command("shield", label, "streetrace.trust"));
  }
  const { status } = watch;
  if (status?.configured === false && status.project === null) {
    const label = vscode.l10n.t("Set up a configuration");
    items.push(command("rocket", label, "streetrace.init"));
  }
  const { failed } = watch.jobs;
  if (failed !== undefined) {
    items.push({
      ...command("error", vscode.l10n.t("What went wrong last"), "streetrace.doctor"),
      detail: failed.message,
    });
  }
  return items;
}

async function models(streetrace: Streetrace): Promise<Item[]> {
  if (streetrace.state !== "running") return [];
  const uri = currentPlace()?.uri;
  const targets = await targetsOf(streetrace, uri).catch((): Target[] => []);
  if (targets.length === 0) return [];
  return [
    separator(vscode.l10n.t("Model")),
    ...targets.map((target) => modelItem(streetrace, target, uri)),
    asConfigured(streetrace, uri),
  ];
}

function modelItem(streetrace: Streetrace, target: Target, uri: unknown): Item {
  return {
    label: `$(${target.default ? "check" : "blank"}) ${target.target}`,
    description: described(target),
    ...(target.problem ? { detail: `$(warning) ${target.problem}` } : {}),
    run: () => askServer(streetrace, "streetrace.model", { ...at(uri), target: target.target }),
  };
}

/** The model, where the target does not say it, and where it runs. */
function described(target: Target): string {
  const { model, local, backend } = target;
  const named = model === null || target.target.endsWith(model) ? "" : model;
  const place = local === true ? vscode.l10n.t("on this machine") : (backend ?? "");
  return [named, place].filter(Boolean).join(", ");
}

function asConfigured(streetrace: Streetrace, uri: unknown): Item {
  return {
    label: `$(blank) ${vscode.l10n.t("As configured")}`,
    run: () => askServer(streetrace, "streetrace.model", { ...at(uri), target: null }),
  };
}

function at(uri: unknown): object {
  return typeof uri === "string" ? { uri } : {};
}

function command(icon: string, label: string, id: string): Item {
  return { label: `$(${icon}) ${label}`, run: () => vscode.commands.executeCommand(id) };
}

function separator(label: string): Item {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
