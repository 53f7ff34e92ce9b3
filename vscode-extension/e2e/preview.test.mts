// Nothing changes before it is agreed to: VS Code's own preview of a refactoring.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { story } from "./story.mts";
import {
  lenses,
  offered,
  openFile,
  selectFrom,
  serverSays,
  takeAction,
  trustProject,
} from "./workbench.mts";

const FILE = "receipt.py";

story(
  "A fix is previewed",
  async ({ steps, text, until, project }) => {
    const { page } = steps;
    const original = await text(FILE);
    const configuration = join(project, ".streetrace.toml");
    await writeFile(configuration, `review = "preview"\n${await text(".streetrace.toml")}`);
    // Its name for screen readers; the panel is called Refactor Preview.
    const preview = page.getByRole("tree", { name: "Bulk Edit" });

    const ask = async (): Promise<void> => {
      await selectFrom(page, 15);
      await offered(page, "Streetrace: Fix");
      await takeAction(page, "Streetrace: Fix");
    };

    await steps.step("the fix stands in the preview, and not in the file", async () => {
      await openFile(page, FILE);
      await serverSays(page, /restricted/);
      await ask();
      await trustProject(page);
      await preview.getByRole("checkbox", { name: /^line 29, replacing/ }).waitFor();
      assert.equal(await text(FILE), original);
    });

    await steps.step("what is discarded changes nothing", async () => {
      await page.getByRole("button", { name: "Discard", exact: true }).click();
      await preview.waitFor({ state: "hidden" });
      await openFile(page, FILE);
      await serverSays(page, /The quantity was ignored/);
      await page.keyboard.press("Control+s");
      assert.equal(await text(FILE), original);
    });

    await steps.step("of three changes two are accepted", async () => {
      await ask();
      for (const line of [20, 29]) {
        const change = preview.getByRole("checkbox", { name: new RegExp(`^line ${line}, `) });
        await change.getByRole("checkbox").click();
      }
      await page.getByRole("button", { name: "Apply", exact: true }).click();
      await preview.waitFor({ state: "hidden" });
    });

    await steps.step("they are in the file, under review", async () => {
      await openFile(page, FILE);
      await lenses(page, "Keep").nth(1).waitFor();
      assert.equal(await lenses(page, "Keep").count(), 2);
      await page.keyboard.press("Control+s");
      const wanted = original
        .replace("total += item.price\n", "total += item.price * item.quantity\n")
        .replace("{total}", "{total:.2f}");
      await until(FILE, "the two changes", (now) => now === wanted);
    });
  },
  { "security.workspace.trust.enabled": false },
);
