import * as vscode from "vscode";
import type { Streetrace } from "../streetrace";
import { stepOf } from "./step-of";

const STEPS = ["acted", "talked"] as const;

/**
 * Ticks the steps of the walkthrough that are done by using Streetrace. VS Code counts commands only
 * while it shows the walkthrough, so what was done before, or by a key, would stay unticked.
 */
export function tickSteps(streetrace: Streetrace): vscode.Disposable {
  const { globalState } = streetrace.context;
  const tick = (step: string): void => {
    void vscode.commands.executeCommand("setContext", `streetrace.${step}`, true);
  };
  for (const step of STEPS) if (globalState.get(step) === true) tick(step);
  return streetrace.answered.event((what) => {
    const step = stepOf(what);
    if (step === undefined || globalState.get(step) === true) return;
    void globalState.update(step, true);
    tick(step);
  });
}
