// Help in `.streetrace.toml`, and a server that dies.
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { servers } from "./servers.mts";
import { story } from "./story.mts";
import {
  eventually,
  goToLine,
  notification,
  offered,
  openFile,
  runCommand,
  selectFrom,
  serverSays,
  statusBar,
  takeAction,
} from "./workbench.mts";

const TRUSTED = { "security.workspace.trust.enabled": false };

story(
  "A typo in the configuration is mended",
  async ({ steps, text, until }) => {
    const { page } = steps;
    const original = await text(".streetrace.toml");

    await steps.step("a typo is underlined and counted", async () => {
      await openFile(page, ".streetrace.toml");
      await serverSays(page, /restricted/);
      await goToLine(page, 6);
      await page.keyboard.press("Shift+End");
      await page.keyboard.type('provder = "replay"');
      await page.locator(".squiggly-error").first().waitFor();
      await statusBar(page, /^Errors: 2/).waitFor();
    });
    await steps.document("typo");

    await steps.step("the quick fix mends it", async () => {
      const change = "Streetrace: Change to provider";
      await offered(page, change);
      await takeAction(page, change);
      await statusBar(page, "No Problems").waitFor();
      await page.keyboard.press("Control+s");
      await until(".streetrace.toml", "the mended file", (now) => now === original);
    });
  },
  TRUSTED,
);

story(
  "A first configuration is read before it counts",
  async ({ steps, project }) => {
    const { page } = steps;
    await rm(join(project, ".streetrace.toml"));

    await steps.step(
      "what was written comes to the front, though it is saved at once",
      async () => {
        await openFile(page, "receipt.py");
        await serverSays(page, /nothing is configured/);
        await runCommand(page, "Streetrace: Set Up a Configuration");
        await page.getByRole("tab", { name: /^\.streetrace\.toml/, selected: true }).waitFor();
        await notification(page, "is filled in").waitFor();
      },
    );
  },
  { ...TRUSTED, "files.autoSave": "afterDelay" },
);

story(
  "A server that is killed comes back",
  async ({ steps, running }) => {
    const { page } = steps;
    let first = 0;

    await steps.step("the server is asked", async () => {
      await openFile(page, "receipt.py");
      await serverSays(page, /restricted/);
      await selectFrom(page, 15);
      await offered(page, "Streetrace: Fix");
      await page.keyboard.press("Escape");
      first = await onlyServer(running.pid);
    });

    await steps.step("it is killed, and another one comes", async () => {
      process.kill(first, "SIGKILL");
      await eventually(page, "another server", async () => {
        const [one] = await servers(running.pid);
        return one !== undefined && one.pid !== first;
      });
    });

    await steps.step("it knows what is typed, and answers", async () => {
      await openFile(page, ".streetrace.toml");
      await goToLine(page, 6);
      await page.keyboard.type("x");
      await statusBar(page, /^Errors: /).waitFor();
      await openFile(page, "receipt.py");
      await selectFrom(page, 15);
      await offered(page, "Streetrace: Fix");
    });
  },
  TRUSTED,
);

async function onlyServer(group: number): Promise<number> {
  const found = await servers(group);
  assert.equal(found.length, 1, "there is one server");
  return found[0]?.pid ?? 0;
}
