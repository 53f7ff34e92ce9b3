// A server that is older or newer than the extension: the newer one says which to update.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { PROGRAMS } from "./project.mts";
import { story } from "./story.mts";
import { clearNotifications, notification, openFile, runCommand } from "./workbench.mts";

const FOLDER = await mkdtemp(join(tmpdir(), "streetrace-versions-"));
const SERVER = join(FOLDER, "streetrace-lsp");
after(() => rm(FOLDER, { recursive: true }));
await serverOf("0.0.1");

/** The server as it is, but for the version that it has. */
async function serverOf(version: string): Promise<void> {
  const program = `#!${PROGRAMS}/python
import sys
import streetrace_lsp
streetrace_lsp.__version__ = "${version}"
from streetrace_lsp.cli.main import main
sys.exit(main())
`;
  await writeFile(SERVER, program, { mode: 0o755 });
}

story(
  "Server and extension of different versions",
  async ({ steps }) => {
    const { page } = steps;

    await steps.step("the server is older: the extension says so, once", async () => {
      await openFile(page, "receipt.py");
      const older = notification(page, `The Streetrace server at ${SERVER} (0.0.1) is older than`);
      await older.getByRole("button", { name: "Install the Server That Fits" }).waitFor();
      await clearNotifications(page);
    });

    await steps.step("the server is newer: the server says so", async () => {
      await serverOf("99.0.0");
      await runCommand(page, "Streetrace: Restart Server");
      await notification(
        page,
        /is older than its server \(99\.0\.0\)\. Update the plugin/,
      ).waitFor();
    });
  },
  { "streetrace.server.path": SERVER },
);
