// What is kept of each step: a screenshot and the accessible page, and some of them for the docs.
import { appendFile, copyFile, cp, mkdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Page } from "playwright-core";

const HERE = import.meta.dirname;
/** The steps that failed, of all stories; whoever starts them empties it. */
const FAILURES = join(HERE, "artifacts", "failures.txt");
const DOCS = join(HERE, "..", "..", "docs", "editors", "images");

/** The steps of one story: each is told, and leaves a screenshot. */
export class Steps {
  readonly page: Page;
  readonly #folder: string;
  #count = 0;

  private constructor(folder: string, page: Page) {
    this.#folder = folder;
    this.page = page;
  }

  static async begin(version: string, story: string, page: Page): Promise<Steps> {
    const folder = join(HERE, "artifacts", version, story);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    return new Steps(folder, page);
  }

  /** Does one step; its failure says which one it was, and what the window showed then. */
  async step(name: string, action: () => Promise<unknown>): Promise<void> {
    this.#count += 1;
    const file = `${String(this.#count).padStart(2, "0")}-${name.replaceAll(/[^a-z0-9]+/gi, "-")}`;
    const began = Date.now();
    try {
      await action();
      console.log(`  ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
      await this.#keep(file);
    } catch (error) {
      await this.#keep(`${file}-FAILED`);
      await appendFile(FAILURES, `${basename(this.#folder)}: ${name}: ${String(error)}\n`);
      throw new Error(`${name}: ${String(error)}\nSeen: ${join(this.#folder, file)}-FAILED.png`, {
        cause: error,
      });
    }
  }

  /** Keeps a copy of a folder of logs. */
  async keepLogs(logs: string): Promise<void> {
    await cp(logs, join(this.#folder, "logs"), { recursive: true });
  }

  /** Copies the last step's picture into the docs, where they are made anew. */
  async document(name: string): Promise<void> {
    if (process.env["STREETRACE_DOCS_IMAGES"] === undefined) return;
    await mkdir(DOCS, { recursive: true });
    await copyFile(join(this.#folder, "last.png"), join(DOCS, `vscode-${name}.png`));
  }

  async #keep(file: string): Promise<void> {
    const path = join(this.#folder, `${file}.png`);
    await this.page.screenshot({ path, animations: "disabled", caret: "initial" });
    await copyFile(path, join(this.#folder, "last.png"));
    const page = await this.page.locator("body").ariaSnapshot();
    await writeFile(join(this.#folder, `${file}.txt`), page);
  }
}
