import type { JobEvent } from "./status";

/** A command that may mend what a job ended with, and the words of its button. */
export interface NextStep {
  readonly title: string;
  readonly command: string;
  readonly arguments: readonly unknown[];
}

interface Translation {
  t(text: string, ...args: string[]): string;
}

/** What the doctor can say more about; see the kinds in docs/protocol.md. */
const FOR_THE_DOCTOR = new Set([
  "auth",
  "connect",
  "crashed",
  "dns",
  "malformed",
  "network",
  "not_found",
  "proxy",
  "server",
  "start",
  "timeout_first",
  "timeout_idle",
  "timeout_total",
  "tls",
]);

/** What a person can do at once about how a job ended. */
export function nextSteps(event: JobEvent, l10n: Translation): NextStep[] {
  const { kind, uri, variable } = event;
  const step = (title: string, command: string, ...args: unknown[]): NextStep[] => [
    { title, command, arguments: args },
  ];
  if (kind === undefined) return [];
  if (kind === "untrusted") return step(l10n.t("Trust…"), "streetrace.trust", { uri });
  if (variable !== undefined)
    return step(l10n.t("Set {0}…", variable), "streetrace.key.set", variable);
  if (kind === "not_configured")
    return step(l10n.t("Set Up a Configuration"), "streetrace.init", { uri });
  if (FOR_THE_DOCTOR.has(kind) && event.action !== "doctor")
    return step(l10n.t("Check Models (Doctor)"), "streetrace.doctor", { uri });
  return [];
}
