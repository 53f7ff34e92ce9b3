// The real VS Code, as code-server serves it on loopback.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

/** Where a VS Code lives: what `tools/provision-vscode` printed. */
export interface Installation {
  readonly folder: string;
  /** `1.139` or `1.104`. */
  readonly version: string;
}

/** The folders and settings of one user. */
export interface Profile {
  /** Everything of this user lies in it: home, VS Code's data, extensions, Streetrace's state. */
  readonly home: string;
  /** The folder of `streetrace-lsp`, in front of the PATH that a login shell has. */
  readonly programs: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A VS Code that runs. `url` opens it in a browser. */
export interface Running {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** What VS Code takes from the machine where the files are: `machine` in the manifest. */
const MACHINE = "streetrace.server.";

/** Writes the user's settings, and installs the extension as `code --install-extension` does. */
export async function install(where: Installation, who: Profile, vsix: string): Promise<string> {
  const ofMachine = Object.entries(who.settings).filter(([name]) => name.startsWith(MACHINE));
  for (const [folder, settings] of [
    ["User", who.settings],
    ["Machine", Object.fromEntries(ofMachine)],
  ] as const) {
    await mkdir(join(who.home, "data", folder), { recursive: true });
    await writeFile(join(who.home, "data", folder, "settings.json"), JSON.stringify(settings));
  }
  // VS Code asks a login shell for its variables, and Debian's sets the PATH anew.
  await writeFile(join(who.home, ".profile"), `PATH="${who.programs}:$PATH"\nexport PATH\n`);
  const { stdout } = await promisify(execFile)(
    node(where),
    [entry(where), ...folders(who), "--install-extension", vsix],
    { env: environment(who) },
  );
  return stdout;
}

/** Starts VS Code, and resolves as soon as it listens. */
export async function start(where: Installation, who: Profile): Promise<Running> {
  const args = ["--auth", "none", "--bind-addr", "127.0.0.1:0", ...folders(who)];
  const quiet = ["--disable-telemetry", "--disable-update-check", "--disable-proxy"];
  // A group of its own, which ends as a whole: VS Code's hosts and the language server are in it.
  const child = spawn(node(where), [entry(where), ...args, ...quiet], {
    env: environment(who),
    cwd: who.home,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const url = await listening(child);
  const pid = child.pid;
  if (pid === undefined) throw new Error("code-server has no process");
  return {
    url,
    pid,
    async stop(): Promise<void> {
      const ended = once(child, "exit");
      process.kill(-pid, "SIGKILL");
      await ended;
    },
  };
}

async function listening(child: ChildProcess): Promise<string> {
  const said: string[] = [];
  if (!child.stdout || !child.stderr) throw new Error("code-server has no output");
  createInterface(child.stderr).on("line", (line) => said.push(line));
  for await (const line of createInterface(child.stdout)) {
    said.push(line);
    const found = /listening on (http:\S+)/.exec(line)?.[1];
    if (found !== undefined) {
      child.stdout.resume();
      return found;
    }
  }
  throw new Error(`code-server ended before it listened:\n${said.join("\n")}`);
}

function node(where: Installation): string {
  return join(where.folder, "node");
}

function entry(where: Installation): string {
  return join(where.folder, "code-server", "out", "node", "entry.js");
}

function folders(who: Profile): string[] {
  const data = join(who.home, "data");
  return ["--user-data-dir", data, "--extensions-dir", join(who.home, "extensions")];
}

/** Nothing of the one who runs this, no keys, no folders, but the way to the package index. */
function environment(who: Profile): Record<string, string | undefined> {
  const { HOME = "/", XDG_CACHE_HOME = join(HOME, ".cache") } = process.env;
  const ofPip = Object.entries(process.env).filter(([name]) => name.startsWith("PIP_"));
  return {
    ...Object.fromEntries(ofPip),
    PIP_CACHE_DIR: join(XDG_CACHE_HOME, "pip"),
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    HOME: who.home,
    LANG: "C.UTF-8",
    SHELL: "/bin/sh",
    XDG_CONFIG_HOME: join(who.home, "config"),
    XDG_DATA_HOME: join(who.home, "share"),
    XDG_STATE_HOME: join(who.home, "state"),
    XDG_CACHE_HOME: join(who.home, "cache"),
  };
}
