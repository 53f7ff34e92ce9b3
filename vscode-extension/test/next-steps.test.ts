import assert from "node:assert/strict";
import { test } from "node:test";
import { nextSteps } from "../src/status/next-steps";
import type { JobEvent } from "../src/status/status";

const l10n = {
  t: (text: string, ...args: string[]): string => text.replace("{0}", () => args[0] ?? ""),
};

function steps(some: Partial<JobEvent>): string[] {
  const event = { job: "1", action: "fix", uri: "file:///a", message: "", final: true };
  const found = nextSteps({ ...event, state: "failed", ...some }, l10n);
  return found.map((step) => [step.title, step.command, ...step.arguments.map(jsonOf)].join(" "));
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value);
}

test("what is not trusted can be trusted", () => {
  assert.deepEqual(steps({ kind: "untrusted" }), ['Trust… streetrace.trust {"uri":"file:///a"}']);
});

test("a key that is missing or refused can be set, by its name", () => {
  for (const kind of ["target", "auth"]) {
    assert.deepEqual(steps({ kind, variable: "TEAM_KEY" }), [
      'Set TEAM_KEY… streetrace.key.set "TEAM_KEY"',
    ]);
  }
});

test("without a configuration one can be written", () => {
  assert.deepEqual(steps({ kind: "not_configured" }), [
    'Set Up a Configuration streetrace.init {"uri":"file:///a"}',
  ]);
});

test("a backend that does not answer can be looked at", () => {
  for (const kind of ["connect", "dns", "tls", "timeout_first", "auth", "not_found"]) {
    assert.deepEqual(steps({ kind }), [
      'Check Models (Doctor) streetrace.doctor {"uri":"file:///a"}',
    ]);
  }
});

test("what no command mends has no button, and the doctor does not send to the doctor", () => {
  assert.deepEqual(steps({ kind: "budget" }), []);
  assert.deepEqual(steps({}), []);
  assert.deepEqual(steps({ kind: "connect", action: "doctor" }), []);
});
