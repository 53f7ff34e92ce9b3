// The language servers that run in a VS Code.
import { readFile, readdir } from "node:fs/promises";

/** One that runs, and the program that it was started as. */
export interface Server {
  readonly pid: number;
  readonly program: string;
}

/** The servers of a VS Code, by the process group that all of its programs are in. */
export async function servers(group: number): Promise<Server[]> {
  const found: Server[] = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const [stat, line] = await Promise.all([
      readFile(`/proc/${name}/stat`, "utf8").catch(() => ""),
      readFile(`/proc/${name}/cmdline`, "utf8").catch(() => ""),
    ]);
    // proc(5): after the name in parentheses come state, parent and process group.
    const itsGroup = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]);
    const program = line.split("\0").find((part) => part.endsWith("/streetrace-lsp"));
    if (itsGroup === group && program !== undefined) found.push({ pid: Number(name), program });
  }
  return found;
}
