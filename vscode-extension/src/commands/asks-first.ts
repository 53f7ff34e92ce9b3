import * as vscode from "vscode";
import type { Streetrace } from "../streetrace";
import type { Argument } from "./argument";
import { withInstruction } from "./actions";
import { sayUnavailable } from "./ask-server";
import { isChatPath } from "./chat-path";
import type { ServerCommand } from "./server-commands";

/** A target of the configuration, as far as it is used here; see docs/protocol.md. */
export interface Target {
  readonly target: string;
  readonly default: boolean;
  readonly backend: string | null;
  readonly model: string | null;
  readonly local: boolean | null;
  readonly problem: string;
}

/**
 * Asks for what a command of the server needs and can't find out, such as which action to preview.
 * Undefined when the person changed their mind.
 */
export async function asksFirst(
  streetrace: Streetrace,
  command: ServerCommand,
  argument: Argument,
): Promise<Argument | undefined> {
  switch (command) {
    case "streetrace.prompt.preview":
      return isComplete(argument) ? argument : withAction(streetrace, argument);
    case "streetrace.compare": {
      const chosen =
        argument["action"] === undefined ? await withAction(streetrace, argument) : argument;
      if (chosen === undefined || chosen["models"] !== undefined) return chosen;
      return withModels(streetrace, chosen);
    }
    case "streetrace.model.pull":
      return argument["model"] === undefined
        ? withText(
            argument,
            "model",
            vscode.l10n.t("Which model shall Ollama fetch?"),
            "qwen2.5-coder",
          )
        : argument;
    case "streetrace.backend.test":
      return argument["backend"] === undefined ? withBackend(streetrace, argument) : argument;
    default:
      return argument;
  }
}

/** The targets that are configured for a document's project. */
export async function targetsOf(streetrace: Streetrace, uri: unknown): Promise<Target[]> {
  const client = await streetrace.client();
  const params = { version: 1, ...(typeof uri === "string" ? { uri } : {}) };
  const answer: { readonly targets: Target[] } = await client.sendRequest(
    "streetrace/model/list",
    params,
  );
  return answer.targets;
}

/** Whether it is known what is to be previewed: an action, a chat, or a program's own messages. */
function isComplete(argument: Argument): boolean {
  const { action, messages, uri } = argument;
  return action !== undefined || messages !== undefined || isChatPath(uri);
}

async function withAction(
  streetrace: Streetrace,
  argument: Argument,
): Promise<Argument | undefined> {
  const names: readonly (readonly [string, string])[] = [
    ["fix", vscode.l10n.t("Fix")],
    ["refactor", vscode.l10n.t("Refactor")],
    ["simplify", vscode.l10n.t("Simplify")],
    ["document", vscode.l10n.t("Document")],
    ["add-types", vscode.l10n.t("Add types")],
    ["edit", vscode.l10n.t("Edit with an instruction")],
    ["explain", vscode.l10n.t("Explain")],
    ["ask", vscode.l10n.t("Ask")],
    ["write-tests", vscode.l10n.t("Write tests")],
  ];
  const chosen = await vscode.window.showQuickPick(
    names.map(([action, label]) => ({ label, action })),
    { title: "Streetrace", placeHolder: vscode.l10n.t("Which action?") },
  );
  if (chosen === undefined) return undefined;
  return withInstruction(streetrace, { ...argument, action: chosen.action });
}

async function withModels(
  streetrace: Streetrace,
  argument: Argument,
): Promise<Argument | undefined> {
  const targets = await known(streetrace, argument);
  if (targets === undefined) return undefined;
  const chosen = await vscode.window.showQuickPick(
    targets.map((one) => ({ label: one.target, description: one.problem, picked: one.default })),
    {
      title: "Streetrace",
      placeHolder: vscode.l10n.t("Which models shall answer? Two to six."),
      canPickMany: true,
    },
  );
  if (chosen === undefined) return undefined;
  return { ...argument, models: chosen.map((one) => one.label) };
}

async function withBackend(
  streetrace: Streetrace,
  argument: Argument,
): Promise<Argument | undefined> {
  const targets = await known(streetrace, argument);
  if (targets === undefined) return undefined;
  const backends = [...new Set(targets.flatMap((one) => one.backend ?? []))];
  const backend = await vscode.window.showQuickPick(backends, {
    title: "Streetrace",
    placeHolder:
      backends.length > 0
        ? vscode.l10n.t("Which backend? One token is asked of each of its models.")
        : vscode.l10n.t("No backend is configured here."),
  });
  return backend === undefined ? undefined : { ...argument, backend };
}

async function withText(
  argument: Argument,
  name: string,
  prompt: string,
  placeHolder: string,
): Promise<Argument | undefined> {
  const given = await vscode.window.showInputBox({ title: "Streetrace", prompt, placeHolder });
  return given?.trim() ? { ...argument, [name]: given.trim() } : undefined;
}

async function known(streetrace: Streetrace, argument: Argument): Promise<Target[] | undefined> {
  try {
    return await targetsOf(streetrace, argument["uri"]);
  } catch (error) {
    await sayUnavailable(streetrace, error);
    return undefined;
  }
}
