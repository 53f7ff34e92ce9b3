import type { Attachment } from "./wire";

/** The participant's commands, and the action of the server that each means; `ask` is none. */
export const COMMANDS: Readonly<Record<string, string>> = {
  explain: "explain",
  fix: "fix",
  refactor: "refactor",
  tests: "write-tests",
  doc: "document",
  ask: "",
};

/** Whether the command is about code, so that there has to be some. */
export function isAboutCode(command: string | undefined): boolean {
  return command !== undefined && (COMMANDS[command] ?? "") !== "";
}

/** Whether what comes back is meant to change the code. */
export function changesCode(command: string | undefined): boolean {
  return command === "fix" || command === "refactor" || command === "doc";
}

/** A text that goes along, such as what a terminal says. */
export interface Extra {
  readonly title: string;
  readonly text: string;
}

/** The question as it stands in the chat below what it attaches; empty where nothing is asked. */
export function question(
  command: string | undefined,
  prompt: string,
  extras: readonly Extra[] = [],
): string {
  const action = command === undefined ? "" : (COMMANDS[command] ?? "");
  const parts = [action && `/${action}`, prompt.trim(), ...extras.map(shown)];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** Each attachment once, in its order. */
export function once(attachments: readonly Attachment[]): Attachment[] {
  const seen = new Map(attachments.map((one) => [`${one.kind} ${one.argument}`, one]));
  return [...seen.values()];
}

/** The question with what it attaches, as `streetrace/chat/read` tells it. */
export function worded(attachments: readonly Attachment[], text: string): string {
  const mentions = attachments.map(mention).join("\n");
  return [mentions, text].filter((part) => part !== "").join("\n\n");
}

function mention({ kind, argument }: Attachment): string {
  const plain = kind === "search" || (!/\s/.test(argument) && !/[.,;:!?)\]}'"»”]$/.test(argument));
  return `@${kind} ${plain ? argument : `"${argument}"`}`.trimEnd();
}

function shown({ title, text }: Extra): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${title}:\n\n${fence}\n${text.replace(/\n$/, "")}\n${fence}`;
}
