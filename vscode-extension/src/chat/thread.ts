import type { Read } from "./wire";

/** What a result of ours leaves in VS Code's history; it has to be JSON. */
export interface Left {
  /** The chat's URI. */
  readonly chat: string;
  /** The number of the answer; 0 where none came. */
  readonly turn: number;
}

/** What is remembered of a chat, since VS Code forgets the turns that a person takes back. */
export interface Remembered {
  /** The number of the last answer that was asked for here. */
  readonly turn: number;
  /** The session of VS Code that it was last used in. */
  readonly session: string;
  /** The question that got no answer, as it was sent. */
  readonly unanswered?: string;
}

export interface Place {
  readonly chat: string;
  /** The last answer that the person sees; 0 for none. */
  readonly turn: number;
}

/** How the next question is asked. */
export type Next =
  | { readonly how: "create" }
  | { readonly how: "send"; readonly chat: string; readonly replace: boolean }
  | { readonly how: "regenerate"; readonly chat: string }
  | { readonly how: "fork"; readonly chat: string; readonly turn: number };

/** What names a session of VS Code: it says so in an opaque value alone; empty if it says nothing. */
export function sessionOf(token: unknown): string {
  return typeof token === "object" && token !== null ? JSON.stringify(token) : "";
}

/** The chat that the history of a session belongs to, by the results in it from the oldest on. */
export function place(results: readonly unknown[]): Place | undefined {
  const left = results.filter(isLeft);
  const last = left.at(-1);
  if (last === undefined) return undefined;
  const same = left.filter(({ chat }) => chat === last.chat);
  return { chat: last.chat, turn: Math.max(...same.map(({ turn }) => turn)) };
}

/**
 * How to go on from there. Where the chat has later turns that were asked for here, the person took
 * them back in VS Code: the same question again is another answer, another one goes a way of its
 * own. What somebody wrote into the document itself is a part of the chat.
 */
export function next(
  from: Place | undefined,
  chat: Read | undefined,
  remembered: Remembered | undefined,
  asked: string,
): Next {
  if (from === undefined || chat === undefined) return { how: "create" };
  const answers = chat.turns.filter(({ role }) => role === "assistant");
  const last = answers.at(-1)?.id ?? 0;
  const ours = remembered !== undefined && last <= remembered.turn;
  if (last > from.turn && ours) {
    const taken = answers.filter(({ id }) => id > from.turn);
    const before = chat.turns.find(({ id }) => id === last - 1);
    if (taken.length === 1 && before?.role === "user" && same(before.text, asked)) {
      return { how: "regenerate", chat: chat.chat };
    }
    if (from.turn > 0) return { how: "fork", chat: chat.chat, turn: from.turn };
    return { how: "create" };
  }
  const open = chat.turns.at(-1);
  const left = remembered?.unanswered;
  const replace = open?.role === "user" && left !== undefined && same(open.text, left);
  return { how: "send", chat: chat.chat, replace };
}

function same(one: string, other: string): boolean {
  return one.trim() === other.trim();
}

function isLeft(value: unknown): value is Left {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<Left>).chat === "string" &&
    typeof (value as Partial<Left>).turn === "number"
  );
}
