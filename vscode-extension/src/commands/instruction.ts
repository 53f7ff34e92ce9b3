import * as vscode from "vscode";
import { offered, remembered } from "./history";

const HISTORY = "instructions";

/**
 * Asks for an instruction in words, with those given before in this workspace below.
 * Undefined when the person changed their mind.
 */
export async function askInstruction(
  memory: vscode.Memento,
  title: string,
  placeholder: string,
): Promise<string | undefined> {
  let history = memory.get<readonly string[]>(HISTORY, []);
  const forget: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon("trash"),
    tooltip: vscode.l10n.t("Forget this instruction"),
  };
  const input = vscode.window.createQuickPick();
  const show = (): void => {
    input.items = offered(history, input.value).map((label) => ({
      label,
      alwaysShow: label === input.value.trim(),
      ...(history.includes(label) ? { buttons: [forget] } : {}),
    }));
  };
  input.title = title;
  input.placeholder = placeholder;
  show();
  const disposables = [
    input,
    input.onDidChangeValue(show),
    input.onDidTriggerItemButton(({ item }) => {
      history = history.filter((one) => one !== item.label);
      void memory.update(HISTORY, history);
      show();
    }),
  ];
  const given = await new Promise<string | undefined>((resolve) => {
    disposables.push(
      input.onDidAccept(() => {
        resolve((input.activeItems[0]?.label ?? input.value).trim() || undefined);
        input.hide();
      }),
      input.onDidHide(() => {
        resolve(undefined);
      }),
    );
    input.show();
  });
  for (const one of disposables) one.dispose();
  if (given !== undefined) await memory.update(HISTORY, remembered(history, given));
  return given;
}
