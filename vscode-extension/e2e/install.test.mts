// A new user: the extension and nothing else, up to the first edit.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { story } from "./story.mts";
import {
  PATIENCE,
  lenses,
  notification,
  offered,
  openFile,
  selectFrom,
  serverSays,
  takeAction,
  trustProject,
} from "./workbench.mts";

const FILE = "receipt.py";
// About eighty packages come from the package index, or from pip's cache.
const INSTALLING = 5 * PATIENCE;

story(
  "The server is installed by the extension",
  async ({ steps, home, until }) => {
    const { page } = steps;

    await steps.step("there is no server, and one is offered", async () => {
      await openFile(page, FILE);
      await serverSays(page, /not installed/);
      await notification(page, "Streetrace needs its server").waitFor();
    });

    await steps.step("it is installed into VS Code's own folder", async () => {
      await notification(page, "Streetrace needs its server")
        .getByRole("button", { name: "Install" })
        .click();
      await serverSays(page, /restricted/, INSTALLING);
      await readdir(join(home, "data", "User", "globalStorage", "streetrace.streetrace"));
    });

    await steps.step("the first edit arrives", async () => {
      await selectFrom(page, 15);
      await offered(page, "Streetrace: Fix");
      await takeAction(page, "Streetrace: Fix");
      await trustProject(page);
      await lenses(page, "Keep").nth(2).waitFor();
      await page.keyboard.press("Control+s");
      await until(FILE, "the fix", (now) => now.includes("item.price * item.quantity"));
    });
  },
  { "security.workspace.trust.enabled": false },
  [],
  "/nowhere",
);
