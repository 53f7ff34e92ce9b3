import { statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join } from "node:path";

/** How a server is started. */
export interface Found {
  readonly command: string;
  /** Where it was found, for the log and for what is said about its version. */
  readonly from: "setting" | "environment" | "path" | "managed";
}

/** Where a server may be; each place is looked at only if the ones before it have none. */
export interface Places {
  /** The setting `streetrace.server.path`; empty when it is not set. */
  readonly setting: string;
  /** The interpreter of the selected Python environment; asked only in a trusted workspace. */
  readonly interpreter: () => Promise<string | undefined>;
  readonly path: string | undefined;
  /** The server that this extension installed. */
  readonly managed: () => Promise<string | undefined>;
}

/** The setting names something that is no program. */
export class NoSuchProgram extends Error {
  constructor(readonly path: string) {
    super(path);
  }
}

const NAME = process.platform === "win32" ? "streetrace-lsp.exe" : "streetrace-lsp";

/**
 * The server to start, or undefined where there is none.
 * Rejects with `NoSuchProgram` when the setting is wrong: another server than the one that was
 * named is never taken in its place.
 */
export async function findServer(places: Places): Promise<Found | undefined> {
  if (places.setting) {
    const command = expandHome(places.setting);
    if (!isAbsolute(command) || !isFile(command)) throw new NoSuchProgram(places.setting);
    return { command, from: "setting" };
  }
  const beside = besideInterpreter(await places.interpreter());
  if (beside !== undefined) return { command: beside, from: "environment" };
  const command = onPath(places.path);
  if (command !== undefined) return { command, from: "path" };
  const managed = await places.managed();
  return managed === undefined ? undefined : { command: managed, from: "managed" };
}

/** The server among the folders of a PATH, or undefined. */
export function onPath(path: string | undefined): string | undefined {
  return (path ?? "")
    .split(delimiter)
    .filter((folder) => isAbsolute(folder)) // a relative one would mean another program per project
    .map((folder) => join(folder, NAME))
    .find(isFile);
}

/** The server that is installed with an interpreter: beside it, or in its folder of scripts. */
export function besideInterpreter(interpreter: string | undefined): string | undefined {
  if (interpreter === undefined) return undefined;
  const folder = dirname(interpreter);
  return [join(folder, NAME), join(folder, "Scripts", NAME)].find(isFile);
}

function expandHome(path: string): string {
  return path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
