import { spawn } from "node:child_process";

/** How a program ended. */
export interface Ended {
  readonly status: number | null;
  /** Its output and errors together, the last 20 kB. */
  readonly output: string;
}

const KEPT = 20_000;

/**
 * Runs a program to its end, without a shell and not in a project's folder.
 * `aborted` kills it; each line that it prints is told to `onLine`. Rejects if it can't be started.
 */
export function run(
  command: string,
  args: readonly string[],
  folder: string,
  onLine: (line: string) => void = () => undefined,
  aborted?: AbortSignal,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], {
      cwd: folder,
      env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_NO_INPUT: "1" },
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      ...(aborted === undefined ? {} : { signal: aborted }),
    });
    let output = "";
    let rest = "";
    const take = (data: Buffer): void => {
      const text = data.toString("utf8");
      output = (output + text).slice(-KEPT);
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", reject);
    child.on("close", (status) => {
      resolve({ status, output });
    });
  });
}
