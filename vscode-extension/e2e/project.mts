// The project that the stories open, each in a copy of its own.
import { execFile } from "node:child_process";
import { watch } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { PATIENCE } from "./workbench.mts";

const HERE = import.meta.dirname;
export const REPOSITORY = join(HERE, "..", "..");
/** The folder of the server's executable, and of the Python that it runs in. */
export const PROGRAMS = join(REPOSITORY, ".venv", "bin");

/** A user's home with a project in it. */
export interface Place {
  readonly home: string;
  readonly project: string;
  /** The text of a file of the project as it is on the disk. */
  readonly text: (path: string) => Promise<string>;
  /** Waits until a file of the project is as wished, and gives its text. */
  readonly until: (path: string, what: string, holds: (text: string) => boolean) => Promise<string>;
  readonly remove: () => Promise<void>;
}

export async function newPlace(): Promise<Place> {
  const home = await realpath(await mkdtemp(join(tmpdir(), "streetrace-vscode-")));
  const project = join(home, "shop");
  await mkdir(project);
  await cp(join(HERE, "project"), project, { recursive: true });
  await promisify(execFile)(join(PROGRAMS, "python"), [join(HERE, "record.py"), project]);
  const text = (path: string): Promise<string> => readFile(join(project, path), "utf8");
  return {
    home,
    project,
    text,
    until: (path, what, holds) => untilFile(join(project, path), what, holds),
    remove: () => rm(home, { recursive: true, force: true }),
  };
}

async function untilFile(
  path: string,
  what: string,
  holds: (text: string) => boolean,
): Promise<string> {
  let wake = (): void => undefined;
  // Its folder: a file that is written anew and moved there is another one than before.
  const changes = watch(dirname(path), () => {
    wake();
  });
  const deadline = AbortSignal.timeout(PATIENCE);
  deadline.addEventListener("abort", () => {
    wake();
  });
  try {
    for (;;) {
      // Before the look, so that no change falls between the two.
      const changed = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const text = await readFile(path, "utf8");
      if (holds(text)) return text;
      if (deadline.aborted) throw new Error(`${what} never came; the file is:\n${text}`);
      await changed;
    }
  } finally {
    changes.close();
  }
}
