import type { L10n } from "../model/information";

/** `vscode.ChatFollowup`. */
export interface Followup {
  readonly prompt: string;
  readonly label: string;
  readonly command: string;
}

/** What a person may want next. `answered`: there was an answer to go on from. */
export function followups(command: string | undefined, answered: boolean, l10n: L10n): Followup[] {
  if (!answered) return [];
  const tests = {
    prompt: l10n.t("for what was changed"),
    label: l10n.t("Write tests for it"),
    command: "tests",
  };
  switch (command) {
    case "explain":
      return [
        {
          prompt: l10n.t("what you would change about it, if anything"),
          label: l10n.t("Refactor it"),
          command: "refactor",
        },
        { ...tests, prompt: l10n.t("for what you explained") },
      ];
    case "fix":
    case "refactor":
      return [tests];
    case "tests":
      return [
        {
          prompt: l10n.t("Which cases do these tests leave out?"),
          label: l10n.t("Which cases are left out?"),
          command: "ask",
        },
      ];
    default:
      return [];
  }
}
