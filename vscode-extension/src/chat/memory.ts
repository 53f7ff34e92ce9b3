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

  /** The answer of this turn was asked for here. */
  async answered(chat: string, turn: number): Promise<void> {
    await this.#keep(chat, { turn: Math.max(turn, this.of(chat)?.turn ?? 0) });
  }

  /** A question got no answer. */
  async unanswered(chat: string, words: string): Promise<void> {
    await this.#keep(chat, { turn: this.of(chat)?.turn ?? 0, unanswered: words });
  }

  async #keep(chat: string, what: Remembered): Promise<void> {
    const others = Object.entries(this.#all()).filter(([uri]) => uri !== chat);
    await this.state.update(KEY, Object.fromEntries([...others, [chat, what]].slice(-MOST)));
  }

  #all(): Readonly<Record<string, Remembered>> {
    return this.state.get<Record<string, Remembered>>(KEY) ?? {};
  }
}
