import { existsSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** How a server is started. */
export interface Found {
  readonly command: string;
  readonly args: readonly string[];
  /** Where it was found, for the log. */
  readonly from: "setting" | "python" | "path" | "managed";
}

const NAMES = process.platform === "win32" ? ["streetrace-lsp.exe"] : ["streetrace-lsp"];

/** The server among the folders of a PATH, or undefined. */
export function onPath(path: string | undefined): Found | undefined {
  for (const folder of (path ?? "").split(delimiter)) {
    // A relative entry would mean another program in each project.
    if (!folder || !(folder.startsWith("/") || /^[A-Za-z]:[\\/]/.test(folder))) continue;
    for (const name of NAMES) {
      const command = join(folder, name);
      if (isFile(command)) return { command, args: [], from: "path" };
    }
  }
  return undefined;
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
