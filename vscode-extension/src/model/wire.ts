/** `streetrace/model/*` as docs/protocol.md says it; what is not known is null. */

export const LIST = "streetrace/model/list";
export const COMPLETE = "streetrace/model/complete";
export const PART = "streetrace/model/part";

export interface Target {
  readonly target: string;
  readonly default: boolean;
  readonly backend: string | null;
  readonly provider: string | null;
  readonly model: string | null;
  readonly local: boolean | null;
  /** In tokens. */
  readonly window: number | null;
  readonly maxOutput: number | null;
  /** US dollars per million tokens. */
  readonly inputPrice: number | null;
  readonly outputPrice: number | null;
  readonly tools: boolean | null;
  readonly problem: string;
}

export interface Call {
  readonly id: string;
  readonly name: string;
  /** The text of a JSON object. */
  readonly arguments: string;
}

export type Message =
  | { readonly role: "system" | "user"; readonly content: string }
  | { readonly role: "assistant"; readonly content: string; readonly toolCalls?: readonly Call[] }
  | { readonly role: "tool"; readonly content: string; readonly toolCallId: string };

export interface Tool {
  readonly name: string;
  readonly description?: string;
  readonly parameters?: object;
}

/** What of a request comes from who asks; the rest says where it goes. */
export interface Asked {
  readonly messages: readonly Message[];
  readonly tools?: readonly Tool[];
  readonly toolChoice?: "required";
  readonly maxTokens?: number;
  readonly temperature?: number;
}

export interface Completed {
  readonly text: string;
  readonly toolCalls: readonly Call[];
  readonly finishReason: string;
  /** What stands in the reply for a secret of the request, and what each stands for. */
  readonly placeholders: Readonly<Record<string, string>>;
}

export interface Part {
  readonly id: string;
  readonly text?: string;
}
