import type { Memento } from "vscode";
import type { Remembered } from "./thread";

const KEY = "streetrace.chats";
const MOST = 50;

/** What is remembered of the chats of a workspace, the one used last at the end. */
export class Memory {
  constructor(private readonly state: Pick<Memento, "get" | "update">) {}

  of(chat: string): Remembered | undefined {
    return this.#all()[chat];
  }

  /** The chat that a session used last. */
  ofSession(session: string): string | undefined {
    if (session === "") return undefined;
    return Object.entries(this.#all()).findLast(([, one]) => one.session === session)?.[0];
  }

  /** The answer of this turn was asked for here. */
  async answered(chat: string, session: string, turn: number): Promise<void> {
    await this.#keep(chat, { session, turn: Math.max(turn, this.of(chat)?.turn ?? 0) });
  }

  /** A question got no answer. */
  async unanswered(chat: string, session: string, words: string): Promise<void> {
    await this.#keep(chat, { session, turn: this.of(chat)?.turn ?? 0, unanswered: words });
  }

  async #keep(chat: string, what: Remembered): Promise<void> {
    const others = Object.entries(this.#all()).filter(([uri]) => uri !== chat);
    await this.state.update(KEY, Object.fromEntries([...others, [chat, what]].slice(-MOST)));
  }

  #all(): Readonly<Record<string, Remembered>> {
    return this.state.get<Record<string, Remembered>>(KEY) ?? {};
  }
}
