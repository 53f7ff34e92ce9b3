import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { failureOf } from "../failure";
import type { Failure } from "../failure";
import type { Streetrace } from "../streetrace";
import { targetOf } from "../model/information";
import { Answer } from "./answer";
import { writeMessage } from "./commit";
import { followups } from "./followups";
import { folderFor, gather } from "./gather";
import type { Gathered } from "./gather";
import { Memory } from "./memory";
import { folderOf } from "./places";
import { tellProblems } from "./problems";
import { worded } from "./question";
import { next, place, sessionOf } from "./thread";
import type { Left, Next, Place } from "./thread";
import { CREATE, FORK, PART, READ, REGENERATE, SEND } from "./wire";
import type { Part, Read, Sent } from "./wire";

/** As package.json declares it. */
export const PARTICIPANT = "streetrace.chat";
const VENDOR = "streetrace";

/** `@streetrace` in VS Code's chat: each session of it is a chat of the server, in its document. */
export class Participant {
  readonly #answers = new Map<string, Answer>();
  readonly #memory: Memory;
  #requests = 0;

  constructor(private readonly streetrace: Streetrace) {
    this.#memory = new Memory(streetrace.context.workspaceState);
  }

  /** Hear the pieces of answers that a new client's server sends. */
  listen(client: LanguageClient): void {
    client.onNotification(PART, (part: Part) => this.#answers.get(part.token)?.hear(part));
  }

  readonly handle: vscode.ChatRequestHandler = async (request, context, stream, token) => {
    try {
      const client = await this.streetrace.client();
      const model = request.model.vendor === VENDOR ? targetOf(request.model.id) : undefined;
      if (request.command === "commit") {
        return await writeMessage(client, request.prompt, folderFor(request), model, stream, token);
      }
      return await this.#ask(client, request, context, model, stream, token);
    } catch (error) {
      return told(failureOf(error), stream);
    }
  };

  readonly followups: vscode.ChatFollowupProvider = {
    provideFollowups: (result, context) => {
      const last = context.history.at(-1);
      const command = (result.metadata?.["command"] as string | undefined) ?? last?.command;
      const answered = typeof result.metadata?.["turn"] === "number" && result.metadata["turn"] > 0;
      return followups(command, answered && !result.errorDetails, vscode.l10n);
    },
  };

  async #ask(
    client: LanguageClient,
    request: vscode.ChatRequest,
    context: vscode.ChatContext,
    model: string | undefined,
    stream: vscode.ChatResponseStream,
    token: vscode.CancellationToken,
  ): Promise<vscode.ChatResult> {
    const session = sessionOf(request.toolInvocationToken);
    const from = this.#from(context, session);
    const own = from && folderOf(from.chat);
    const folder = own !== undefined ? vscode.Uri.parse(own) : folderFor(request);
    if (folder === undefined) {
      return {
        errorDetails: { message: vscode.l10n.t("Open a folder first: a chat belongs to one.") },
      };
    }
    const asked = await gather(request, folder, token);
    if (asked.refused !== undefined) return { errorDetails: { message: asked.refused } };
    if (!asked.text) {
      stream.markdown(vscode.l10n.t("What would you like to know? Write it behind @streetrace."));
      return {};
    }
    const attached = [...asked.attachments, ...asked.implicit];
    if (attached.some(({ kind }) => kind === "diagnostics")) await tellProblems(client, folder);
    const words = worded(attached, asked.text);
    const before = from && (await this.#read(client, from.chat));
    const how = next(from, before, from && this.#memory.of(from.chat), words);
    const chat = await chatFor(client, how, folder);
    const replace = how.how === "send" && how.replace;
    return await this.#answered(
      client,
      { request, stream, token, session, chat, model, asked, replace },
      how,
    );
  }

  /** Sends the question and shows the answer as it comes. */
  async #answered(
    client: LanguageClient,
    { request, stream, token, session, chat, model, asked, replace }: Asking,
    how: Next,
  ): Promise<vscode.ChatResult> {
    const answer = new Answer(stream);
    const id = `chat ${(this.#requests += 1)}`;
    const common = { version: 1, chat, token: id, ...(model !== undefined && { model }) };
    this.#answers.set(id, answer);
    let attached = [...asked.attachments, ...asked.implicit];
    const send = (instead: boolean): Promise<Sent> => {
      const params = { ...common, text: asked.text, attachments: attached, replace: instead };
      return client.sendRequest<Sent>(SEND, params, token);
    };
    try {
      let sent: Sent;
      if (how.how === "regenerate")
        sent = await client.sendRequest<Sent>(REGENERATE, common, token);
      else {
        sent = await send(replace).catch(async (error: unknown) => {
          const failure = failureOf(error);
          if (failure.kind !== "not_attached" || asked.implicit.length === 0) throw error;
          // Nobody named the file in the editor: the question goes without it.
          stream.progress(failure.message);
          attached = [...asked.attachments];
          return await send(true);
        });
      }
      if (sent.state !== "answered") answer.note(sent.message);
      await answer.end(chat, uriOf(folderOf(chat)), request.command, attached);
      await this.#memory.answered(chat, session, sent.turn ?? answer.turn);
      this.streetrace.answered.fire(SEND);
      return left(chat, sent.turn ?? answer.turn, request.command);
    } catch (error) {
      answer.rest();
      const failure = failureOf(error);
      if (answer.turn > 0) await this.#memory.answered(chat, session, answer.turn);
      else await this.#memory.unanswered(chat, session, worded(attached, asked.text));
      return { ...told(failure, stream), ...left(chat, answer.turn, request.command) };
    } finally {
      this.#answers.delete(id);
    }
  }

  /** Where the conversation stands; one whose first question was taken back has no history left. */
  #from(context: vscode.ChatContext, session: string): Place | undefined {
    const results = context.history.map((one) => ("result" in one ? one.result.metadata : null));
    const found = place(results);
    if (found !== undefined) return found;
    const chat = this.#memory.ofSession(session);
    return chat === undefined ? undefined : { chat, turn: 0 };
  }

  async #read(client: LanguageClient, chat: string): Promise<Read | undefined> {
    try {
      return await client.sendRequest<Read>(READ, { version: 1, chat });
    } catch (error) {
      // Somebody deleted its document.
      if (failureOf(error).kind === "no_chat") return undefined;
      throw error;
    }
  }
}

interface Asking {
  readonly request: vscode.ChatRequest;
  readonly stream: vscode.ChatResponseStream;
  readonly token: vscode.CancellationToken;
  readonly session: string;
  readonly chat: string;
  readonly model: string | undefined;
  readonly asked: Gathered;
  readonly replace: boolean;
}

async function chatFor(client: LanguageClient, how: Next, folder: vscode.Uri): Promise<string> {
  switch (how.how) {
    case "create": {
      const params = { version: 1, folder: folder.toString() };
      return (await client.sendRequest<{ chat: string }>(CREATE, params)).chat;
    }
    case "fork": {
      const params = { version: 1, chat: how.chat, turn: how.turn };
      return (await client.sendRequest<{ chat: string }>(FORK, params)).chat;
    }
    default:
      return how.chat;
  }
}

/** What went wrong, with the way out where there is one. */
function told(failure: Failure, stream: vscode.ChatResponseStream): vscode.ChatResult {
  if (failure.kind === "cancelled") return {};
  if (failure.kind === "not_configured") {
    stream.button({ command: "streetrace.init", title: vscode.l10n.t("Create a Configuration") });
  } else if (failure.kind === "untrusted") {
    stream.button({ command: "streetrace.trust", title: vscode.l10n.t("Trust This Project") });
  }
  return { errorDetails: { message: failure.message } };
}

function left(chat: string, turn: number, command: string | undefined): vscode.ChatResult {
  const kept: Left = { chat, turn };
  return { metadata: { ...kept, ...(command !== undefined && { command }) } };
}

function uriOf(folder: string | undefined): vscode.Uri | undefined {
  return folder === undefined ? undefined : vscode.Uri.parse(folder);
}
