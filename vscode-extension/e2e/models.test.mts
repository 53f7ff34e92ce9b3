// The project's models, as any extension of VS Code may use them.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createVSIX } from "@vscode/vsce";
import { MODELS } from "./models.mts";
import { PROGRAMS } from "./project.mts";
import { story } from "./story.mts";
import { openFile, runCommand, trustProject } from "./workbench.mts";

const HERE = import.meta.dirname;
const CALLER = join(tmpdir(), `streetrace-caller-${process.pid}.vsix`);
await createVSIX({ cwd: join(HERE, "caller"), packagePath: CALLER, allowMissingRepository: true });

interface Answer {
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly input: object }[];
  readonly error?: { readonly name: string; readonly code?: string; readonly message: string };
}

interface Answers {
  readonly first: readonly string[];
  readonly all: readonly { readonly id: string; readonly vendor: string }[];
  readonly tokens: readonly number[];
  readonly hello: Answer;
  readonly called: Answer;
  readonly told: Answer;
  readonly unknown: Answer;
  readonly image: Answer;
}

story(
  "The models",
  async ({ steps, project, until }) => {
    const { page } = steps;
    await writeFile(join(project, ".streetrace.toml"), MODELS);
    await writeFile(join(project, "answers.json"), "");
    await promisify(execFile)(join(PROGRAMS, "python"), [join(HERE, "record_models.py"), project]);

    await steps.step("another extension asks them", async () => {
      await openFile(page, "receipt.py");
      await runCommand(page, "Caller: Ask");
      await trustProject(page);
      const written = await until("answers.json", "the answers", (text) => text.endsWith("}"));
      const found = JSON.parse(written) as Answers;

      assert.deepEqual(found.first, ["@configured"]);
      assert.deepEqual(
        found.all.map(({ id, vendor }) => `${vendor}: ${id}`),
        ["streetrace: @configured", "streetrace: demo/chat", "streetrace: demo/careful"],
      );
      assert.deepEqual(found.tokens, [20, 18]);
      assert.deepEqual(found.hello, { text: "Hello.", calls: [] });
      assert.deepEqual(
        found.called.calls.map(({ name, input }) => [name, input]),
        [["weather", { city: "Rome" }]],
      );
      assert.deepEqual(found.told, { text: "It rains in Rome.", calls: [] });
      assert.match(String(found.unknown.error?.message), /Replay has no recording/);
      assert.match(String(found.image.error?.message), /image\/png|Replay has no recording/);
    });
  },
  { "security.workspace.trust.enabled": false },
  [CALLER],
);
