import { read } from "./parts";
import type { Asked, Call, Message, Tool } from "./wire";

/** `vscode.LanguageModelChatMessageRole`; 3 is what VS Code's own chat sends instructions as. */
const ASSISTANT = 2;
const SYSTEM = 3;
/** `vscode.LanguageModelChatToolMode.Required`. */
const REQUIRED = 2;

/** A message as a provider gets it: parts of any class, and text alone from older callers. */
export interface Given {
  readonly role: number;
  readonly content: readonly unknown[] | string;
}

export interface GivenTool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema?: object | undefined;
}

export interface Options {
  readonly tools?: readonly GivenTool[];
  readonly toolMode?: number;
  readonly modelOptions?: Readonly<Record<string, unknown>>;
}

/** A message can't be put into words; its own message is for a person. */
export class NotTaken extends Error {}

/** What VS Code asks, as the server takes it. Throws `NotTaken` for an image and the like. */
export function asked(messages: readonly Given[], options: Options): Asked {
  const tools = (options.tools ?? []).map(tool);
  const maxTokens = whole(options.modelOptions, "max_tokens", "maxTokens", "max_completion_tokens");
  const temperature = options.modelOptions?.["temperature"];
  return {
    messages: messages.flatMap(told),
    ...(tools.length > 0 && { tools }),
    ...(tools.length > 0 && options.toolMode === REQUIRED && { toolChoice: "required" as const }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(typeof temperature === "number" && temperature >= 0 && temperature <= 2 && { temperature }),
  };
}

/** One message of VS Code: the results of tools come first, right behind the calls that they answer. */
function told(given: Given): Message[] {
  const parts = (typeof given.content === "string" ? [given.content] : given.content).map(read);
  const results: Message[] = [];
  const calls: Call[] = [];
  let text = "";
  for (const part of parts) {
    if (part.kind === "text") text += part.text;
    else if (part.kind === "call") {
      calls.push({ id: part.id, name: part.name, arguments: JSON.stringify(part.input) });
    } else if (part.kind === "result") {
      results.push({ role: "tool", content: part.text, toolCallId: part.id });
    } else if (part.kind === "data") {
      throw new NotTaken(part.mimeType);
    }
  }
  if (given.role === ASSISTANT) {
    if (calls.length > 0) return [{ role: "assistant", content: text, toolCalls: calls }];
    return text ? [{ role: "assistant", content: text }] : [];
  }
  const role = given.role === SYSTEM ? "system" : "user";
  return text ? [...results, { role, content: text }] : results;
}

function tool(given: GivenTool): Tool {
  return {
    name: given.name,
    ...(given.description && { description: given.description }),
    ...(given.inputSchema && { parameters: given.inputSchema }),
  };
}

function whole(
  options: Readonly<Record<string, unknown>> | undefined,
  ...names: readonly string[]
): number | undefined {
  return names
    .map((name) => options?.[name])
    .find((value): value is number => Number.isInteger(value) && (value as number) > 0);
}
