// From Restricted Mode to a reviewed edit.
import assert from "node:assert/strict";
import { story } from "./story.mts";
import { goToLine, lens, notification, offered, openFile, selectFrom, statusBar } from "./workbench.mts";

const FILE = "receipt.py";

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
  const settled = (what: string, wanted: string): Promise<string> =>
    until(FILE, what, (now) => now === wanted);

  await steps.step("the folder is restricted, and Fix is offered", async () => {
    await statusBar(page, /^Restricted Mode/).waitFor();
    await openFile(page, FILE);
    await selectFrom(page, 15);
    await offered(page, "Streetrace: Fix");
  });
  await steps.document("restricted");
  await page.keyboard.press("Escape");

  await steps.step("the folder is trusted", async () => {
    await statusBar(page, /^Restricted Mode/).click();
    await page.getByRole("button", { name: "Trust", exact: true }).click();
    await statusBar(page, /^Restricted Mode/).waitFor({ state: "hidden" });
    await page.getByRole("button", { name: /^Close Modal Editor/ }).click();
  });

  await steps.step("the light bulb offers Fix", async () => {
    await selectFrom(page, 15);
    await offered(page, "Streetrace: Fix");
  });
  await steps.document("light-bulb");

  await steps.step("the project's models are asked about once", async () => {
    await page.getByRole("option", { name: /^Streetrace: Fix/ }).click();
    await notification(page, "Trust it?").waitFor();
    assert.equal(await text(FILE), original);
  });
  await steps.document("trust");

  await steps.step("the fix arrives with three changes", async () => {
    await notification(page, "Trust it?").getByRole("button", { name: "Trust" }).click();
    await settled("the fix", withChanges(1, 2, 3));
    await lens(page, "Keep", 2).waitFor();
    assert.equal(await lens(page, "Keep").count(), 3);
  });
  await steps.document("review");

  await steps.step("one undo takes all of it back, one redo brings it again", async () => {
    await page.keyboard.press("Control+z");
    await settled("the original", original);
    await lens(page, "Keep").waitFor({ state: "hidden" });
    await page.keyboard.press("Control+Shift+z");
    await settled("the fix", withChanges(1, 2, 3));
    await lens(page, "Keep", 2).waitFor();
  });

  await steps.step("the first change is kept", async () => {
    await lens(page, "Keep", 0).click();
    await lens(page, "Keep", 2).waitFor({ state: "hidden" });
    assert.equal(await text(FILE), withChanges(1, 2, 3));
  });

  await steps.step("the second change is undone", async () => {
    await lens(page, "Undo", 0).click();
    await settled("the second change's old line", withChanges(1, 3));
    await lens(page, "Keep", 1).waitFor({ state: "hidden" });
  });
  await steps.document("undone");

  await steps.step("something is typed within the third change", async () => {
    await goToLine(page, 29);
    await page.keyboard.press("End");
    await page.keyboard.type("  # euros");
    await settled("what was typed", withChanges(1, 3).replace('.2f}")', '.2f}")  # euros'));
    await lens(page, "Undo", 0).waitFor();
  });

  await steps.step("the third change is undone together with what was typed in it", async () => {
    await lens(page, "Undo", 0).click();
    await settled("the third change's old line", withChanges(1));
    await lens(page, "Undo").waitFor({ state: "hidden" });
  });
});
