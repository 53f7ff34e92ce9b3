// The server of the workspace's Python environment, which no folder starts before it is trusted.
import { mkdir, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVSIX } from "@vscode/vsce";
import { PROGRAMS } from "./project.mts";
import { servers } from "./servers.mts";
import { story } from "./story.mts";
import {
  closeTrustPage,
  eventually,
  openFile,
  runCommand,
  serverSays,
  trustFolder,
  trustProject,
} from "./workbench.mts";

const PYTHON = join(tmpdir(), `streetrace-python-${process.pid}.vsix`);
await createVSIX({
  cwd: join(import.meta.dirname, "python"),
  packagePath: PYTHON,
  allowMissingRepository: true,
});

story(
  "The server of the Python environment",
  async ({ steps, project, running }) => {
    const { page } = steps;
    for (const environment of ["one", "other"]) {
      const folder = join(project, environment, "bin");
      await mkdir(folder, { recursive: true });
      await symlink(join(PROGRAMS, "python"), join(folder, "python"));
      await symlink(join(PROGRAMS, "streetrace-lsp"), join(folder, "streetrace-lsp"));
    }
    const runs = (program: string): Promise<void> =>
      eventually(page, `${program} runs, and no other server`, async () => {
        const found = await servers(running.pid);
        return found.length === 1 && found[0]?.program === program;
      });

    await steps.step("in Restricted Mode it is the one of the PATH", async () => {
      await openFile(page, "receipt.py");
      await serverSays(page, /restricted/);
      await runs(join(PROGRAMS, "streetrace-lsp"));
    });

    await steps.step("once the folder is trusted, that of its environment", async () => {
      await trustFolder(page);
      await trustProject(page);
      await closeTrustPage(page);
      await runs(join(project, "one", "bin", "streetrace-lsp"));
      await serverSays(page, /demo\S*, ready/);
    });

    await steps.step("another environment is selected, and its server runs", async () => {
      await runCommand(page, "Python: Select Interpreter");
      await runs(join(project, "other", "bin", "streetrace-lsp"));
      await serverSays(page, /demo\S*, ready/);
    });
  },
  {},
  [PYTHON],
);
