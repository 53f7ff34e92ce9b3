import { COMMON, isKeyName } from "./names";

/** An entry of the list of variables to set a key for; `other`: the person names another one. */
export interface KeyChoice {
  readonly label: string;
  readonly description?: string;
  readonly other?: true;
  /** It stays in the list whatever is typed. */
  readonly alwaysShow?: true;
}

interface Translation {
  t(text: string, ...args: string[]): string;
}

/** The variables: those that the configuration names, those that are stored, the usual ones. */
export function keyChoices(
  named: readonly string[],
  stored: readonly string[],
  l10n: Translation,
): KeyChoice[] {
  const titles = new Map(COMMON);
  const names = new Set([...named.filter(isKeyName), ...stored, ...titles.keys()]);
  const known = [...names].map((label): KeyChoice => {
    const words = [
      titles.get(label) ?? "",
      named.includes(label) ? l10n.t("named by the configuration") : "",
      stored.includes(label) ? l10n.t("stored: a new key takes its place") : "",
    ];
    return { label, description: words.filter(Boolean).join(", ") };
  });
  return [...known, { label: l10n.t("Another variable…"), other: true, alwaysShow: true }];
}
