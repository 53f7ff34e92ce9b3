import assert from "node:assert/strict";
import { test } from "node:test";
import { keyChoices } from "../src/keys/choices";

const l10n = {
  t: (text: string, ...args: string[]): string =>
    text.replace(/\{(\d)\}/g, (_, place: string) => args[Number(place)] ?? ""),
};

test("what the configuration names comes first, then what is stored, then the usual ones", () => {
  const found = keyChoices(["TEAM_KEY", "GEMINI_API_KEY"], ["OWN_KEY", "TEAM_KEY"], l10n);
  assert.deepEqual(
    found.slice(0, 4).map(({ label, description }) => [label, description]),
    [
      ["TEAM_KEY", "named by the configuration, stored: a new key takes its place"],
      ["GEMINI_API_KEY", "Google Gemini, named by the configuration"],
      ["OWN_KEY", "stored: a new key takes its place"],
      ["OPENAI_API_KEY", "OpenAI"],
    ],
  );
  const labels = found.map(({ label }) => label);
  assert.equal(new Set(labels).size, labels.length);
});

test("another variable can be chosen whatever was typed, and no setting is offered as a key", () => {
  const found = keyChoices(["TEAM_BASE_URL"], [], l10n);
  assert.deepEqual(found.at(-1), { label: "Another variable…", other: true, alwaysShow: true });
  assert.ok(!found.some(({ label }) => label === "TEAM_BASE_URL"));
});
