import type { ServerState } from "../streetrace";
import type { JobEvent, RunningJobs, Status } from "./status";

/** In which way the status item stands out. */
export type Severity = "plain" | "warning" | "error";

/** The texts of the status item; `l10n` translates. */
export interface Shown {
  readonly text: string;
  readonly detail: string;
  readonly severity: Severity;
  readonly busy: boolean;
}

interface Translation {
  t(text: string, ...args: (string | number)[]): string;
}

/** So much of the model's own words fits into the status item. */
const WORDS = 120;

/** What the status item says, from all that is known. */
export function shown(
  server: ServerState,
  status: Status | undefined,
  jobs: RunningJobs,
  restricted: boolean,
  l10n: Translation,
): Shown {
  const plain = { severity: "plain", busy: false } as const;
  if (server === "starting")
    return { ...plain, text: "Streetrace", detail: l10n.t("starting"), busy: true };
  if (server === "missing") {
    return {
      ...plain,
      text: l10n.t("Streetrace: no server"),
      detail: l10n.t("not installed"),
      severity: "warning",
    };
  }
  if (server === "failed") {
    return {
      ...plain,
      text: l10n.t("Streetrace: stopped"),
      detail: l10n.t("the server failed"),
      severity: "error",
    };
  }
  const running = jobs.all.at(-1);
  if (running !== undefined) {
    const several = jobs.all.length > 1 ? l10n.t(" and {0} more", jobs.all.length - 1) : "";
    const asked = running.model ?? status?.model ?? "Streetrace";
    return { ...plain, text: asked, detail: running.message + several, busy: true };
  }
  const text = status?.leadsTo ?? status?.model ?? l10n.t("Streetrace: no model");
  const { failed } = jobs;
  if (status === undefined) return { ...plain, text: "Streetrace", detail: "" };
  if (!status.enabled) return { ...plain, text: "Streetrace", detail: l10n.t("switched off here") };
  if (status.fault) return { ...plain, text, detail: status.fault, severity: "error" };
  const trust = status.project?.trust;
  if (trust === "denied" || trust === "restricted") {
    const detail = restricted
      ? l10n.t("restricted: VS Code does not trust this folder")
      : l10n.t("restricted: the project's configuration is not trusted");
    return { ...plain, text, detail, severity: "warning" };
  }
  if (failed !== undefined) return { ...plain, text, detail: failed.message, severity: "error" };
  if (!status.configured) return { ...plain, text, detail: l10n.t("nothing is configured") };
  if (jobs.told !== undefined) return { ...plain, text, detail: account(jobs.told) };
  return {
    ...plain,
    text,
    detail: status.localOnly ? l10n.t("this machine only") : l10n.t("ready"),
  };
}

/** What an answer came to, with the beginning of what the model said of it, in one line. */
function account(event: JobEvent): string {
  const words = (event.explanation ?? "").replace(/\s+/g, " ").trim();
  const beginning = words.length > WORDS ? `${words.slice(0, WORDS).trimEnd()}…` : words;
  return [event.account, beginning].filter(Boolean).join(" – ");
}
