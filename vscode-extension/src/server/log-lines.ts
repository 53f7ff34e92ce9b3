import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** What of VS Code's log channel is written to. */
export interface Log {
  debug(line: string): void;
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

type Level = keyof Log;

/** The levels of Python's logging, as the server writes them. */
const LEVELS: Readonly<Record<string, Level>> = {
  DEBUG: "debug",
  INFO: "info",
  WARNING: "warn",
  ERROR: "error",
  CRITICAL: "error",
};

/**
 * Writes the server's stderr into the log, each line at the level that it names. A line that names
 * none belongs to the one before it, as those of a traceback do; the first ones are errors: what a
 * program says before it has a log.
 */
export function logLines(stderr: Readable, log: Log): void {
  let level: Level = "error";
  createInterface({ input: stderr }).on("line", (line) => {
    const found = /^\S+ \S+ level=([A-Z]+) (.*)$/.exec(line);
    level = LEVELS[found?.[1] ?? ""] ?? level;
    // The channel writes the time and the level itself.
    log[level](found?.[2] ?? line);
  });
}
