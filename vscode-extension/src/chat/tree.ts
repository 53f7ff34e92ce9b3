/** A file or a folder; `vscode.ChatResponseFileTree`. */
export interface Node {
  readonly name: string;
  readonly children?: Node[];
}

/** The files as a tree, folders first as VS Code shows them. */
export function tree(paths: readonly string[]): Node[] {
  const folders = new Map<string, string[]>();
  const files = new Set<string>();
  for (const path of paths) {
    const [head, ...rest] = path.split("/").filter((name) => name !== "" && name !== ".");
    if (head === undefined) continue;
    if (rest.length === 0) files.add(head);
    else folders.set(head, [...(folders.get(head) ?? []), rest.join("/")]);
  }
  const inside = [...folders]
    .sort(byName)
    .map(([name, below]) => ({ name, children: tree(below) }));
  return [...inside, ...[...files].sort().map((name) => ({ name }))];
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
