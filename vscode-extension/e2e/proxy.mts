// The real LiteLLM Proxy on loopback.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PROGRAMS } from "./project.mts";

export interface Proxy {
  readonly port: number;
  /** Its master key, which is made anew each time. */
  readonly key: string;
  stop(): Promise<void>;
}

/** Starts it, and resolves as soon as it answers: about 20 s on an idle machine. */
export async function startProxy(home: string): Promise<Proxy> {
  const folder = join(home, "proxy");
  await mkdir(folder);
  const child = spawn(join(PROGRAMS, "python"), [join(import.meta.dirname, "proxy.py"), folder], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  for await (const line of createInterface(child.stdout)) {
    const ready = JSON.parse(line) as { port: number; key: string };
    return {
      ...ready,
      async stop(): Promise<void> {
        child.stdin.end();
        await ended;
      },
    };
  }
  throw new Error("The LiteLLM Proxy ended before it was ready.");
}
