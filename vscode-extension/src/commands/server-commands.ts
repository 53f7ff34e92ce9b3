/**
 * What a command takes of where the person is, when nothing was named (docs/protocol.md): the
 * document, with what is selected in it or with the cursor, or the chat that is in front.
 */
type Takes = "nothing" | "document" | "selection" | "position" | "chat";

const COMMANDS = {
  "streetrace.action": "selection",
  "streetrace.prompt.preview": "selection",
  "streetrace.commit": "document",
  "streetrace.compare": "selection",
  "streetrace.trace": "nothing",
  "streetrace.cancel": "nothing",
  "streetrace.apply": "nothing",
  "streetrace.show": "nothing",
  "streetrace.discard": "nothing",
  "streetrace.review.keep": "position",
  "streetrace.review.undo": "position",
  "streetrace.review.next": "position",
  "streetrace.review.previous": "position",
  "streetrace.review.show": "document",
  "streetrace.model": "document",
  "streetrace.model.recommend": "document",
  "streetrace.model.pull": "document",
  "streetrace.backend.test": "document",
  "streetrace.init": "document",
  "streetrace.config.show": "document",
  "streetrace.config.check": "document",
  "streetrace.usage": "document",
  "streetrace.doctor": "document",
  "streetrace.chat.new": "selection",
  "streetrace.chat.send": "chat",
  "streetrace.chat.stop": "chat",
  "streetrace.chat.regenerate": "chat",
  "streetrace.chat.continue": "chat",
  "streetrace.chat.compact": "chat",
  "streetrace.chat.show": "chat",
  "streetrace.chat.fork": "chat",
  "streetrace.chat.open": "document",
  "streetrace.chat.model": "chat",
  "streetrace.chat.apply": "chat",
  "streetrace.chat.insert": "chat",
  "streetrace.chat.create": "chat",
  "streetrace.trust": "document",
} as const satisfies Readonly<Record<string, Takes>>;

export type ServerCommand = keyof typeof COMMANDS;

/** The commands that the server has; package.json has a title for each. */
export const SERVER_COMMANDS = Object.keys(COMMANDS) as readonly ServerCommand[];

export function takes(command: ServerCommand): Takes {
  return COMMANDS[command];
}
