import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { failureOf } from "../failure";
import type { Streetrace } from "../streetrace";
import { sortOf } from "./error";
import { asConfigured, information, targetOf } from "./information";
import type { Information } from "./information";
import { asked, NotTaken } from "./messages";
import { callWithSecret } from "./secrets";
import { estimate } from "./tokens";
import { COMPLETE, LIST, PART } from "./wire";
import type { Completed, Part, Target } from "./wire";

/** The configured targets as language models of VS Code, for its chat and for other extensions. */
export class Models implements vscode.LanguageModelChatProvider<Information>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeLanguageModelChatInformation = this.#changed.event;
  readonly #pieces = new Map<string, (text: string) => void>();
  #requests = 0;
  #few = false;

  constructor(private readonly streetrace: Streetrace) {}

  /** Hear the pieces of answers that a new client's server sends. */
  listen(client: LanguageClient): void {
    client.onNotification(PART, ({ id, text }: Part) => {
      if (text) this.#pieces.get(id)?.(text);
    });
  }

  /** What there is may be something else now. */
  refresh(): void {
    this.#changed.fire();
  }

  /** An answer came: a project whose models were unknown may be trusted by now. */
  answered(): void {
    if (this.#few) this.refresh();
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async provideLanguageModelChatInformation(
    _: vscode.PrepareLanguageModelChatModelOptions,
    token: vscode.CancellationToken,
  ): Promise<Information[]> {
    const found = new Map<string, Information>();
    try {
      const client = await this.streetrace.client();
      for (const uri of projects()) {
        const params = { version: 1, task: "chat", ...(uri !== undefined && { uri }) };
        const listed = await client.sendRequest<{ targets: Target[] }>(LIST, params, token);
        for (const one of information(listed.targets, uri, vscode.l10n)) {
          if (!found.has(one.id)) found.set(one.id, one);
        }
      }
    } catch (error) {
      // The picker has no place for a reason; who asks for an answer is told.
      this.streetrace.log.warn(failureOf(error).message);
    }
    this.#few = found.size === 0;
    const [first] = found.values();
    return [asConfigured(first, vscode.l10n), ...found.values()];
  }

  async provideLanguageModelChatResponse(
    model: Information,
    messages: readonly vscode.LanguageModelChatRequestMessage[],
    options: vscode.ProvideLanguageModelChatResponseOptions,
    progress: vscode.Progress<vscode.LanguageModelResponsePart>,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const id = `model ${(this.#requests += 1)}`;
    let told = 0;
    const tell = (text: string): void => {
      told += text.length;
      progress.report(new vscode.LanguageModelTextPart(text));
    };
    try {
      const client = await this.streetrace.client();
      const target = targetOf(model.id);
      const params = {
        version: 1,
        id,
        ...(target !== undefined && { target }),
        task: "chat",
        ...(model.uri !== undefined && { uri: model.uri }),
        ...asked(messages, options),
      };
      this.#pieces.set(id, tell);
      const answer = await client.sendRequest<Completed>(COMPLETE, params, token);
      if (answer.text.length > told) tell(answer.text.slice(told));
      const secret = callWithSecret(answer.toolCalls, answer.placeholders);
      if (secret !== undefined) {
        const why = vscode.l10n.t(
          "The model asks for the tool {0} with a secret that was not sent to it ({1}), so the tool was not called.",
          secret.tool,
          secret.placeholder,
        );
        throw vscode.LanguageModelError.Blocked(why);
      }
      for (const call of answer.toolCalls) {
        const input = JSON.parse(call.arguments) as object;
        progress.report(new vscode.LanguageModelToolCallPart(call.id, call.name, input));
      }
      const why = unsaid(answer);
      if (why !== undefined) throw vscode.LanguageModelError.Blocked(why);
      this.answered();
    } catch (error) {
      throw errorOf(error);
    } finally {
      this.#pieces.delete(id);
    }
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- counted here, and VS Code wants a promise
  async provideTokenCount(
    _: Information,
    text: string | vscode.LanguageModelChatRequestMessage,
  ): Promise<number> {
    return estimate(text);
  }
}

/** Whose configuration is asked: a document of each workspace folder, or nobody's in particular. */
function projects(): (string | undefined)[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) return [undefined];
  return folders.map(({ uri }) => vscode.Uri.joinPath(uri, "untitled").toString());
}

/** Why an answer says nothing, or less than it would have. */
function unsaid(answer: Completed): string | undefined {
  switch (answer.finishReason) {
    case "content_filter":
    case "refusal":
      return vscode.l10n.t("The model declined to answer. Rephrase, or choose another model.");
    case "length":
      return answer.text
        ? undefined
        : vscode.l10n.t("The model stopped at its token limit before it said anything.");
    default:
      return undefined;
  }
}

function errorOf(error: unknown): Error {
  if (error instanceof vscode.LanguageModelError) return error;
  if (error instanceof NotTaken) {
    const said = vscode.l10n.t("Only text can be sent, and this is {0}.", error.message);
    return new Error(said, { cause: error });
  }
  const failure = failureOf(error);
  switch (sortOf(failure)) {
    case "Cancelled":
      return new vscode.CancellationError();
    case "NoPermissions":
      return vscode.LanguageModelError.NoPermissions(failure.message);
    case "NotFound":
      return vscode.LanguageModelError.NotFound(failure.message);
    case "Blocked":
      return vscode.LanguageModelError.Blocked(failure.message);
    default:
      return new Error(failure.message, { cause: error });
  }
}
