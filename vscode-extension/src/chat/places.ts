/** Files and lines of a workspace folder, as a question names them. No VS Code in it. */

/** `vscode.Uri` as far as it is needed here. */
export interface Address {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
}

/** `vscode.Range`: lines from 0, the end not included. */
export interface Area {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

/** The path of a file below a folder, with `/`; undefined outside of it. */
export function relative(folder: Address, file: Address): string | undefined {
  if (file.scheme !== folder.scheme || file.authority !== folder.authority) return undefined;
  const above = folder.path.endsWith("/") ? folder.path : `${folder.path}/`;
  return file.path.startsWith(above) && file.path !== above
    ? file.path.slice(above.length)
    : undefined;
}

/** `PATH:FIRST-LAST`, lines from 1; a line that only its beginning is selected of does not count. */
export function lines(path: string, area: Area): string {
  const first = area.start.line + 1;
  const last =
    area.end.character === 0 && area.end.line > area.start.line ? area.end.line : area.end.line + 1;
  return `${path}:${first}-${last}`;
}

export function isEmpty(area: Area): boolean {
  return area.start.line === area.end.line && area.start.character === area.end.character;
}

/** The folder whose chat a document is: it stands in its `.streetrace/chats/`. */
export function folderOf(chat: string): string | undefined {
  return /^(.*)\/\.streetrace\/chats\/[^/]+$/.exec(chat)?.[1];
}
