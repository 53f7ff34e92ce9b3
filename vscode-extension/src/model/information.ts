import type { Target } from "./wire";

/** What VS Code wants to know of a model; `vscode.LanguageModelChatInformation` without its class. */
export interface Information {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly version: string;
  readonly detail: string;
  readonly tooltip: string;
  readonly maxInputTokens: number;
  readonly maxOutputTokens: number;
  /** VS Code 1.104 shows a model only where this says so, or a person does; newer ones show all. */
  readonly isUserSelectable: true;
  readonly capabilities: { readonly toolCalling: boolean; readonly imageInput: boolean };
  /** A document of the project whose configuration names it. */
  readonly uri: string | undefined;
}

/** How messages are put into the language of VS Code: `vscode.l10n`. */
export interface L10n {
  t(message: string, ...values: (string | number | boolean)[]): string;
}

// What a server that does not say its window mostly has at least. Too large a guess is refused by
// the server in plain words, too small a one would have VS Code cut what would fit.
const WINDOW = 32_768;
const OUTPUT = 4_096;

/** The model that is no target: whatever the configuration says. No target begins like this. */
export const CONFIGURED = "@configured";

/** The target that the chosen model means; undefined where the configuration decides. */
export function targetOf(id: string): string | undefined {
  return id === CONFIGURED ? undefined : id;
}

/** The models to choose from: what can be asked, each target once, the default first. */
export function information(
  targets: readonly Target[],
  uri: string | undefined,
  l10n: L10n,
): Information[] {
  const usable = targets.filter((one) => !one.problem);
  return [...usable.filter((one) => one.default), ...usable.filter((one) => !one.default)].map(
    (one) => modelOf(one, uri, l10n),
  );
}

/**
 * The model that always is to choose, so that there is one before a project is trusted or has a
 * configuration: VS Code passes a question to a participant only with some model chosen, and the
 * server asks about trust only with the question. `known`: the models that are to choose besides.
 */
export function asConfigured(known: Information | undefined, l10n: L10n): Information {
  const maxOutputTokens = known?.maxOutputTokens ?? OUTPUT;
  return {
    id: CONFIGURED,
    name: l10n.t("As configured"),
    family: "streetrace",
    version: "1",
    detail: known?.name ?? "",
    tooltip: l10n.t("What .streetrace.toml or your own configuration says"),
    maxInputTokens: known?.maxInputTokens ?? WINDOW - maxOutputTokens,
    maxOutputTokens,
    isUserSelectable: true,
    capabilities: known?.capabilities ?? { toolCalling: true, imageInput: false },
    uri: known?.uri,
  };
}

function modelOf(one: Target, uri: string | undefined, l10n: L10n): Information {
  const window = one.window ?? WINDOW;
  // An answer that could take the whole window would leave nothing for the question.
  const maxOutputTokens = Math.min(one.maxOutput ?? OUTPUT, Math.floor(window / 2));
  return {
    id: one.target,
    name: one.target,
    family: one.model ?? one.target,
    version: "1",
    detail: one.local === true ? l10n.t("on this machine") : (one.provider ?? one.backend ?? ""),
    tooltip: tooltip(one, l10n),
    maxInputTokens: window - maxOutputTokens,
    maxOutputTokens,
    isUserSelectable: true,
    // Nobody knows for Ollama and a proxy; where tools can't be passed the server says so.
    capabilities: { toolCalling: one.tools ?? true, imageInput: false },
    uri,
  };
}

function tooltip(one: Target, l10n: L10n): string {
  const said = [
    one.backend === null
      ? one.target
      : l10n.t("{0}, asked by {1}", one.model ?? one.target, one.backend),
  ];
  said.push(
    one.window === null
      ? l10n.t("window not known")
      : l10n.t("window of {0} tokens", one.window.toLocaleString("en")),
  );
  if (one.inputPrice !== null && one.outputPrice !== null) {
    said.push(l10n.t("{0} and {1} dollars per million tokens", one.inputPrice, one.outputPrice));
  }
  if (one.default) said.push(l10n.t("answers where no model is chosen"));
  return said.join("\n");
}
