import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./run";

/** What the .vsix carries: the server's wheel, and its requirements with their hashes. */
export interface Bundled {
  readonly wheel: string;
  readonly requirements: string;
}

/** Why an installation did not come about; the message is for a person. */
export class NotInstalled extends Error {
  constructor(
    message: string,
    readonly output = "",
  ) {
    super(message);
  }
}

/** How far an installation is. */
export type Step =
  | { readonly what: "fetching"; readonly packages: number; readonly all: number }
  | { readonly what: "unpacking" };

interface Record {
  /** The folder below the storage that holds the environment. */
  readonly folder: string;
  /** What was installed there: a digest of the wheel and the requirements. */
  readonly digest: string;
}

const RECORD = "server.json";
const PREFIX = "server-";
// The environment in use before is removed at the next installation: another window may run it.
/** An environment that no record names is somebody's unfinished one for so long, in ms. */
const UNFINISHED = 3_600_000;

/** The wheel and requirements below a folder, or undefined in a build without them. */
export async function bundledIn(folder: string): Promise<Bundled | undefined> {
  const names = await readdir(folder).catch((): string[] => []);
  const wheel = names.find((name) => name.endsWith(".whl"));
  if (wheel === undefined || !names.includes("requirements.txt")) return undefined;
  return { wheel: join(folder, wheel), requirements: join(folder, "requirements.txt") };
}

/** The installed server below `storage`, and whether it is the one that is bundled now. */
export async function installed(
  storage: string,
  bundled: Bundled | undefined,
): Promise<{ readonly command: string; readonly current: boolean } | undefined> {
  const record = await readRecord(storage);
  if (record === undefined) return undefined;
  const command = programIn(join(storage, record.folder), "streetrace-lsp");
  if (!(await stat(command).catch(() => undefined))?.isFile()) return undefined;
  return { command, current: bundled === undefined || record.digest === (await digestOf(bundled)) };
}

/**
 * Makes an environment below `storage` with `python` and installs the server there. Until all of it
 * is there the one before stays in use; whatever goes wrong leaves nothing behind.
 * Rejects with `NotInstalled`.
 */
export async function install(
  storage: string,
  bundled: Bundled,
  python: string,
  onStep: (step: Step) => void,
  aborted: AbortSignal,
): Promise<string> {
  await mkdir(storage, { recursive: true });
  const former = (await readRecord(storage))?.folder;
  const folder = `${PREFIX}${randomBytes(4).toString("hex")}`;
  const place = join(storage, folder);
  try {
    const all = (await readFile(bundled.requirements, "utf8")).match(/^\S+==/gm)?.length ?? 0;
    let packages = 0;
    const counted = (line: string): void => {
      if (/^\s*Collecting /.test(line)) onStep({ what: "fetching", packages: ++packages, all });
      if (/^\s*Installing collected /.test(line)) onStep({ what: "unpacking" });
    };
    await step(python, ["-I", "-m", "venv", place], storage, aborted);
    const pip = ["-I", "-m", "pip", "install", "--no-deps"];
    const inside = programIn(place, "python");
    const locked = ["--require-hashes", "-r", bundled.requirements];
    await step(inside, [...pip, ...locked], storage, aborted, counted);
    await step(inside, [...pip, "--no-index", bundled.wheel], storage, aborted);
    const record: Record = { folder, digest: await digestOf(bundled) };
    await writeFile(join(storage, `${folder}.json`), JSON.stringify(record));
    await rename(join(storage, `${folder}.json`), join(storage, RECORD));
  } catch (error) {
    await rm(place, { recursive: true, force: true });
    throw error;
  }
  await removeOthers(storage, [folder, former]);
  return programIn(place, "streetrace-lsp");
}

/** Removes what was installed; whether there was anything. */
export async function uninstall(storage: string): Promise<boolean> {
  const record = await readRecord(storage);
  await rm(join(storage, RECORD), { force: true });
  if (record !== undefined)
    await rm(join(storage, record.folder), { recursive: true, force: true });
  return record !== undefined;
}

/** The first of these interpreters that is Python 3.11 or later, or undefined. */
export async function suitablePython(
  candidates: readonly string[],
  folder: string,
): Promise<string | undefined> {
  for (const candidate of candidates) {
    const asked = await run(
      candidate,
      ["-I", "-c", "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"],
      folder,
    ).catch(() => undefined);
    if (asked?.status === 0) return candidate;
  }
  return undefined;
}

async function step(
  command: string,
  args: readonly string[],
  folder: string,
  aborted: AbortSignal,
  onLine?: (line: string) => void,
): Promise<void> {
  const ended = await run(command, args, folder, onLine, aborted);
  if (ended.status === 0) return;
  const lines = ended.output.trim().split(/\r?\n/);
  const said = lines.findLast((line) => /^\s*(error|ERROR)\b/.test(line)) ?? lines.at(-1) ?? "";
  throw new NotInstalled(said.trim(), ended.output);
}

async function removeOthers(storage: string, kept: readonly (string | undefined)[]): Promise<void> {
  for (const name of await readdir(storage)) {
    if (!name.startsWith(PREFIX) || kept.includes(name)) continue;
    const path = join(storage, name);
    const made = (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
    if (Date.now() - made > UNFINISHED) await rm(path, { recursive: true, force: true });
  }
}

async function readRecord(storage: string): Promise<Record | undefined> {
  try {
    const read = JSON.parse(await readFile(join(storage, RECORD), "utf8")) as Partial<Record>;
    const { folder, digest } = read;
    // It names a folder beside it and nothing else: what it names is removed one day.
    if (typeof folder !== "string" || !/^server-[0-9a-f]+$/.test(folder)) return undefined;
    return { folder, digest: typeof digest === "string" ? digest : "" };
  } catch {
    return undefined;
  }
}

async function digestOf(bundled: Bundled): Promise<string> {
  const hash = createHash("sha256");
  for (const file of [bundled.wheel, bundled.requirements]) hash.update(await readFile(file));
  return hash.digest("hex");
}

function programIn(environment: string, name: string): string {
  return process.platform === "win32"
    ? join(environment, "Scripts", `${name}.exe`)
    : join(environment, "bin", name);
}
