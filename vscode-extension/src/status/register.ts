import * as vscode from "vscode";
import { sayUnavailable } from "../commands/ask-server";
import type { Streetrace } from "../streetrace";
import { openProjectFile, openUserFile } from "./files";
import { showMenu } from "./menu";
import { shown } from "./shown";
import { tickSteps } from "./steps";
import { StatusWatch } from "./watch";

const SEVERITIES = {
  plain: vscode.LanguageStatusSeverity.Information,
  warning: vscode.LanguageStatusSeverity.Warning,
  error: vscode.LanguageStatusSeverity.Error,
} as const;

/** Registers the status item with its menu, and the commands that open configuration files. */
export function registerStatus(streetrace: Streetrace): { dispose(): unknown }[] {
  const watch = new StatusWatch(streetrace);
  const selector = [{ scheme: "file" }, { scheme: "untitled" }];
  const item = vscode.languages.createLanguageStatusItem("streetrace.status", selector);
  item.name = "Streetrace";
  item.command = { command: "streetrace.status.menu", title: vscode.l10n.t("Menu") };
  const draw = (): void => {
    const restricted = !vscode.workspace.isTrusted;
    const now = shown(streetrace.state, watch.status, watch.jobs, restricted, vscode.l10n);
    item.text = now.text;
    item.detail = now.detail;
    item.busy = now.busy;
    item.severity = SEVERITIES[now.severity];
    item.accessibilityInformation = { label: `Streetrace: ${now.text}, ${now.detail}` };
  };
  draw();
  const command = (id: string, work: () => Promise<unknown>): vscode.Disposable =>
    vscode.commands.registerCommand(id, () =>
      work().catch((error: unknown) => sayUnavailable(streetrace, error)),
    );
  return [
    watch,
    tickSteps(streetrace),
    item,
    watch.onDidChange(draw),
    command("streetrace.status.menu", () => showMenu(streetrace, watch)),
    command("streetrace.config.open", () => openProjectFile(watch)),
    command("streetrace.config.openUser", () => openUserFile(watch)),
    command("streetrace.walkthrough", async () => {
      const { id } = streetrace.context.extension;
      await vscode.commands.executeCommand(
        "workbench.action.openWalkthrough",
        `${id}#start`,
        false,
      );
    }),
  ];
}
