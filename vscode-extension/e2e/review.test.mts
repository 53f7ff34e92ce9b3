// From Restricted Mode to a reviewed edit.
import assert from "node:assert/strict";
import { story } from "./story.mts";
import {
  chooseFrom,
  clearNotifications,
  closeTrustPage,
  goToLine,
  lenses,
  notification,
  offered,
  openFile,
  question,
  quickInput,
  runCommand,
  selectFrom,
  serverSays,
  statusBar,
  takeAction,
  trustFolder,
  trustProject,
} from "./workbench.mts";

const FILE = "receipt.py";
// For somebody to look at: nothing may be told by a colour alone.
const THEMES = [
  ["Light Modern", "vs"],
  ["Dark High Contrast", "hc-black"],
  ["Light High Contrast", "hc-light"],
  ["Dark Modern", "vs-dark"],
] as const;

story("A fix is reviewed", async ({ steps, text, until }) => {
  const { page } = steps;
  const original = await text(FILE);
  /** The original with the lines of some of the three changes, numbered from the top. */
  const withChanges = (...numbers: (1 | 2 | 3)[]): string =>
    [
      ["total += item.price\n", "total += item.price * item.quantity\n"],
      ["total -= discount\n", "total -= total * discount / 100\n"],
      ["{total}", "{total:.2f}"],
    ].reduce(
      (now, [before, after], index) =>
        numbers.some((number) => number === index + 1)
          ? now.replace(before ?? "", after ?? "")
          : now,
      original,
    );
  /** Saves, and looks at the file: an edit of ours is whole when its lenses are there. */
  const savedAs = async (what: string, wanted: string): Promise<void> => {
    await page.keyboard.press("Control+s");
    await until(FILE, what, (now) => now === wanted);
  };

  await steps.step("the folder is restricted, and Fix is offered", async () => {
    await statusBar(page, /^Restricted Mode/).waitFor();
    await openFile(page, FILE);
    await serverSays(page, /restricted: VS Code does not trust this folder/);
    await selectFrom(page, 15);
    await offered(page, "Streetrace: Fix");
  });
  await steps.document("restricted");
  await page.keyboard.press("Escape");

  await steps.step("the folder is trusted, and what its project names is asked about", async () => {
    await trustFolder(page);
    await question(page, "Trust it?").waitFor();
    assert.equal(await text(FILE), original);
  });
  await steps.document("trust");

  await steps.step("the project is trusted", async () => {
    await trustProject(page);
    await closeTrustPage(page);
    await serverSays(page, /demo\S*, ready/);
    await notification(page, "Trusted now: ").waitFor();
    await clearNotifications(page);
  });

  await steps.step("the light bulb offers Fix", async () => {
    await selectFrom(page, 15);
    await offered(page, "Streetrace: Fix");
  });
  await steps.document("light-bulb");

  await steps.step("the fix arrives with three changes", async () => {
    await takeAction(page, "Streetrace: Fix");
    await lenses(page, "Keep").nth(2).waitFor();
    assert.equal(await lenses(page, "Keep").count(), 3);
    await serverSays(page, /The quantity was ignored/);
    await goToLine(page, 14);
    await savedAs("the fix", withChanges(1, 2, 3));
  });
  await steps.document("review");

  await steps.step(
    "the next change has the cursor at its start, and nothing is selected",
    async () => {
      await page.keyboard.press("Control+Alt+s");
      await page.keyboard.press("n");
      await statusBar(page, /^Ln 20, Col 1$/).waitFor();
      await page.keyboard.press("Control+k");
      await page.keyboard.press("Control+i");
      const hover = page.locator(".monaco-hover").filter({ hasText: "1 line before, 1 now" });
      await hover.getByText("total += item.price").first().waitFor();
      await page.keyboard.press("Escape");
      await hover.waitFor({ state: "hidden" });
      await page.keyboard.press("Control+Alt+s");
      await page.keyboard.press("n");
      await statusBar(page, /^Ln 25, Col 1$/).waitFor();
      await goToLine(page, 14);
    },
  );

  for (const [theme, className] of THEMES) {
    await steps.step(`the review in ${theme}`, async () => {
      await runCommand(page, "Preferences: Color Theme");
      await chooseFrom(page, theme, theme);
      await page.locator(`.monaco-workbench.${className}`).waitFor();
      await quickInput(page).waitFor({ state: "hidden" });
    });
  }

  await steps.step("one undo takes all of it back, one redo brings it again", async () => {
    await page.keyboard.press("Control+z");
    await lenses(page, "Keep").first().waitFor({ state: "hidden" });
    await savedAs("the original", original);
    await page.keyboard.press("Control+y");
    await lenses(page, "Keep").nth(2).waitFor();
    await savedAs("the fix", withChanges(1, 2, 3));
  });

  await steps.step("the first change is kept", async () => {
    await lenses(page, "Keep").nth(0).click();
    await lenses(page, "Keep").nth(2).waitFor({ state: "hidden" });
    await savedAs("the fix", withChanges(1, 2, 3));
  });

  await steps.step("the second change is undone, by the keyboard", async () => {
    await goToLine(page, 25);
    await page.keyboard.press("Control+Alt+s");
    await page.keyboard.press("u");
    await lenses(page, "Keep").nth(1).waitFor({ state: "hidden" });
    await savedAs("the second change's old line", withChanges(1, 3));
  });
  await steps.document("undone");

  await steps.step("something is typed within the third change", async () => {
    await goToLine(page, 29);
    await page.keyboard.press("End");
    await page.keyboard.type("  # euros");
    await savedAs("what was typed", withChanges(1, 3).replace('.2f}")', '.2f}")  # euros'));
    await lenses(page, "Undo").nth(0).waitFor();
  });

  await steps.step("the third change is undone together with what was typed in it", async () => {
    await lenses(page, "Undo").nth(0).click();
    await lenses(page, "Undo").first().waitFor({ state: "hidden" });
    await savedAs("the third change's old line", withChanges(1));
  });
});
