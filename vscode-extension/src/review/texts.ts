import * as vscode from "vscode";
import type { Streetrace } from "../streetrace";
import type { WaitingChanges } from "./waiting";

/** The scheme of the documents that hold one side of a diff. */
export const SCHEME = "streetrace-review";

interface Sides {
  readonly before: string | null;
  readonly after: string | null;
}

/** What a virtual document holds: a side of a document under review, or of a kept result. */
export interface Side {
  readonly of: string;
  readonly side: "before" | "after";
  readonly proposal?: string;
}

/** The address of a side, with the path of the document so that its language is known. */
export function addressOf(side: Side): vscode.Uri {
  const { path } = vscode.Uri.parse(side.of);
  return vscode.Uri.from({ scheme: SCHEME, path, query: JSON.stringify(side) });
}

/** Documents that show a text as it was before a model's changes, or as a result would make it. */
export class ReviewTexts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #disposables: { dispose(): unknown }[];

  constructor(
    private readonly streetrace: Streetrace,
    waiting: WaitingChanges,
  ) {
    this.#disposables = [
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      waiting.onDidChange(() => {
        for (const document of vscode.workspace.textDocuments) {
          if (document.uri.scheme === SCHEME) this.#changed.fire(document.uri);
        }
      }),
    ];
  }

  dispose(): void {
    for (const one of this.#disposables) one.dispose();
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { of, side, proposal } = JSON.parse(uri.query) as Side;
    const client = await this.streetrace.client();
    const params = { version: 1, uri: of, ...(proposal === undefined ? {} : { proposal }) };
    try {
      const sides: Sides = await client.sendRequest("streetrace/review/texts", params);
      return sides[side] ?? "";
    } catch {
      // Nothing of it waits any more: both sides are the document as it is.
      return (await textOf(vscode.Uri.parse(of))) ?? "";
    }
  }
}

async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return (await vscode.workspace.openTextDocument(uri)).getText();
  } catch {
    return undefined;
  }
}
