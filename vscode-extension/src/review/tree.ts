import * as vscode from "vscode";
import { isEmpty, linesOf, sizes } from "./protocol";
import type { Hunk, Result, Reviewed } from "./protocol";
import { addressOf } from "./texts";
import type { WaitingChanges } from "./waiting";

/** A row: a file with changes, one of its changes, or a result that is not applied. */
export type Row =
  | { readonly kind: "file"; readonly file: Reviewed; readonly uri: string }
  | {
      readonly kind: "change";
      readonly file: Reviewed;
      readonly change: Hunk;
      readonly uri: string;
      readonly hunk: string;
    }
  | { readonly kind: "result"; readonly result: Result; readonly proposal: string }
  | { readonly kind: "part"; readonly result: Result; readonly part: Result["parts"][number] };

/** The list of all that waits, in all files. */
export class ChangesTree implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<Row>;
  readonly #disposables: { dispose(): unknown }[];

  constructor(private readonly waiting: WaitingChanges) {
    this.#view = vscode.window.createTreeView("streetrace.changes", {
      treeDataProvider: this,
      showCollapseAll: true,
    });
    this.#disposables = [
      this.#changed,
      this.#view,
      waiting.onDidChange(() => {
        this.#changed.fire(undefined);
        this.#count();
      }),
    ];
  }

  dispose(): void {
    for (const one of this.#disposables) one.dispose();
  }

  getChildren(row?: Row): Row[] {
    if (row === undefined) {
      const { documents, proposals } = this.waiting.now;
      return [
        ...[...proposals]
          .reverse()
          .map((result): Row => ({ kind: "result", result, proposal: result.proposal })),
        ...[...documents]
          .sort((one, other) => one.path.localeCompare(other.path))
          .map((file): Row => ({ kind: "file", file, uri: file.uri })),
      ];
    }
    if (row.kind === "file") {
      const { file } = row;
      return file.hunks.map((change) => ({
        kind: "change",
        file,
        change,
        uri: file.uri,
        hunk: change.hunk,
      }));
    }
    if (row.kind === "result") {
      return row.result.parts.map((part) => ({ kind: "part", result: row.result, part }));
    }
    return [];
  }

  getTreeItem(row: Row): vscode.TreeItem {
    switch (row.kind) {
      case "file":
        return fileItem(row.file);
      case "change":
        return changeItem(row.file, row.change);
      case "result":
        return resultItem(row.result);
      case "part":
        return partItem(row.result, row.part);
    }
  }

  #count(): void {
    const { documents, proposals } = this.waiting.now;
    const value = documents.reduce((sum, file) => sum + file.hunks.length, 0) + proposals.length;
    const tooltip =
      value === 1
        ? vscode.l10n.t("1 change waits for you")
        : vscode.l10n.t("{0} changes wait for you", value);
    this.#view.badge = value > 0 ? { value, tooltip } : undefined;
  }
}

function fileItem(file: Reviewed): vscode.TreeItem {
  const item = new vscode.TreeItem(
    vscode.Uri.parse(file.uri),
    vscode.TreeItemCollapsibleState.Expanded,
  );
  item.contextValue = "file";
  item.description = folderOf(file.path);
  item.iconPath = vscode.ThemeIcon.File;
  item.tooltip = file.path;
  const changes =
    file.hunks.length === 1
      ? vscode.l10n.t("1 change")
      : vscode.l10n.t("{0} changes", file.hunks.length);
  item.accessibilityInformation = { label: `${file.path}, ${changes}` };
  return item;
}

function changeItem(file: Reviewed, change: Hunk): vscode.TreeItem {
  const { removed, added } = sizes(change);
  const line = change.range.start.line + 1;
  const item = new vscode.TreeItem(
    isEmpty(change.range)
      ? vscode.l10n.t("Line {0}: {1}", line, linesOf(change.old)[0]?.trim() ?? "")
      : vscode.l10n.t("Line {0}", line),
  );
  item.contextValue = "change";
  item.description = `+${added} −${removed} · ${change.title}`;
  item.iconPath = new vscode.ThemeIcon(
    removed === 0 ? "diff-added" : added === 0 ? "diff-removed" : "diff-modified",
  );
  item.tooltip = new vscode.MarkdownString().appendCodeblock(change.old || "+");
  item.accessibilityInformation = {
    label: vscode.l10n.t(
      "{0}, line {1}: lines added: {2}, removed: {3}, by {4}",
      file.path,
      line,
      added,
      removed,
      change.title,
    ),
  };
  item.command = {
    command: "streetrace.review.open",
    title: vscode.l10n.t("Show Change"),
    arguments: [{ uri: file.uri, line: change.range.start.line }],
  };
  return item;
}

function resultItem(result: Result): vscode.TreeItem {
  const item = new vscode.TreeItem(
    vscode.l10n.t("{0}: not applied yet", result.title),
    vscode.TreeItemCollapsibleState.Expanded,
  );
  item.contextValue = "result";
  item.iconPath = new vscode.ThemeIcon("lightbulb");
  item.tooltip = result.confirm.join("\n") || vscode.l10n.t("Look at it, then apply it.");
  return item;
}

function partItem(result: Result, part: Result["parts"][number]): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.Uri.parse(part.uri));
  item.description = folderOf(part.path);
  const { kind } = part;
  if (kind === "create") item.description = vscode.l10n.t("new file");
  if (kind === "delete") item.description = vscode.l10n.t("will be deleted");
  item.contextValue = "part";
  item.iconPath = vscode.ThemeIcon.File;
  const [before, after] = (["before", "after"] as const).map((side) =>
    addressOf({ of: part.uri, side, proposal: result.proposal }),
  );
  item.command = {
    command: "vscode.diff",
    title: vscode.l10n.t("Compare"),
    arguments: [before, after, vscode.l10n.t("{0}: {1}, not applied", result.title, part.path)],
  };
  return item;
}

function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}
