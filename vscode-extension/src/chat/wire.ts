/** `streetrace/chat/*` and `streetrace/commit/message` as docs/protocol.md says them. */

export const CREATE = "streetrace/chat/create";
export const READ = "streetrace/chat/read";
export const SEND = "streetrace/chat/send";
export const REGENERATE = "streetrace/chat/regenerate";
export const FORK = "streetrace/chat/fork";
export const APPLY = "streetrace/chat/apply";
export const PART = "streetrace/chat/part";
export const COMMIT = "streetrace/commit/message";

export type Kind = "file" | "selection" | "symbol" | "diagnostics" | "diff" | "open" | "search";

/** What goes along with a question, as it stands in the chat: `@KIND ARGUMENT`. */
export interface Attachment {
  readonly kind: Kind;
  readonly argument: string;
}

export interface Block {
  readonly block: number;
  readonly path: string | null;
}

export interface Turn {
  readonly id: number;
  readonly role: "user" | "assistant";
  readonly text: string;
}

export interface Read {
  readonly chat: string;
  readonly busy: boolean;
  readonly turns: readonly Turn[];
}

export interface Sent {
  readonly chat: string;
  readonly turn: number | null;
  readonly state: "answered" | "cancelled" | "refused" | "proposed";
  readonly message: string;
}

export type Part = { readonly token: string; readonly turn: number } & (
  | { readonly kind: "text" | "reasoning" | "note"; readonly text: string }
  | { readonly kind: "edits"; readonly blocks: readonly Block[] }
  | { readonly kind: "usage" }
);

export interface Applied {
  readonly state: "applied" | "proposed" | "refused" | "failed";
  readonly message: string;
  readonly proposal: string | null;
}

export interface Message {
  readonly text: string;
  readonly model: string;
  readonly backend: string;
}
