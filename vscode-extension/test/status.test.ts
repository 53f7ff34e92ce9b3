import assert from "node:assert/strict";
import { test } from "node:test";
import { isKeyName, isKeyText } from "../src/keys/names";
import { shown } from "../src/status/shown";
import { RunningJobs } from "../src/status/status";
import type { JobEvent, Status } from "../src/status/status";

const l10n = {
  t: (text: string, ...args: (string | number)[]): string =>
    text.replace(/\{(\d)\}/g, (_, place: string) => String(args[Number(place)])),
};
const READY: Status = {
  model: "local/qwen",
  configured: true,
  enabled: true,
  localOnly: false,
  project: null,
  userFile: "file:///u/config.toml",
  fault: "",
};

function job(some: Partial<JobEvent>): JobEvent {
  const message = "Asking local/qwen";
  return {
    job: "1",
    action: "fix",
    uri: "file:///a",
    state: "running",
    message,
    final: false,
    ...some,
  };
}

function jobs(...events: JobEvent[]): RunningJobs {
  const heard = new RunningJobs();
  for (const event of events) heard.hear(event);
  return heard;
}

test("the model that answers is what is seen", () => {
  assert.deepEqual(shown("running", READY, jobs(), false, l10n), {
    text: "local/qwen",
    detail: "ready",
    severity: "plain",
    busy: false,
  });
});

test("a target that names a backend alone is shown with the model that it means", () => {
  const status = { ...READY, model: "ollama", leadsTo: "ollama/qwen2.5-coder" };
  assert.equal(shown("running", status, jobs(), false, l10n).text, "ollama/qwen2.5-coder");
});

test("what runs is said with who is asked, and how many more there are", () => {
  const running = jobs(job({}), job({ job: "2", model: "gpt", message: "Asking gpt" }));
  const now = shown("running", READY, running, false, l10n);
  assert.deepEqual([now.text, now.detail, now.busy], ["gpt", "Asking gpt and 1 more", true]);
});

test("a failure stays until something works, and an undo is no proof of it", () => {
  const failure = job({ state: "failed", final: true, message: "local: refused. Start it." });
  const heard = jobs(job({}), failure);
  assert.equal(shown("running", READY, heard, false, l10n).severity, "error");
  heard.hear(job({ job: "2" }));
  heard.hear(job({ job: "2", state: "answered", final: true }));
  assert.equal(shown("running", READY, heard, false, l10n).severity, "plain");
});

test("a restricted project, a wrong file and a missing server stand out, each with its reason", () => {
  const project = {
    uri: "file:///p/.streetrace.toml",
    trust: "restricted",
    question: true,
  } as const;
  const restricted = shown("running", { ...READY, project }, jobs(), true, l10n);
  assert.deepEqual(
    [restricted.severity, restricted.detail],
    ["warning", "restricted: VS Code does not trust this folder"],
  );
  const wrong = shown("running", { ...READY, fault: "line 3: …" }, jobs(), false, l10n);
  assert.deepEqual([wrong.severity, wrong.detail], ["error", "line 3: …"]);
  assert.equal(shown("missing", undefined, jobs(), false, l10n).severity, "warning");
  assert.equal(shown("failed", undefined, jobs(), false, l10n).severity, "error");
});

test("what the last answer came to is told until the next thing runs", () => {
  const account = "local/qwen, 7 + 5 tokens, $0.0036";
  const done = { state: "applied", final: true, account, explanation: "The area\nis a product." };
  const heard = jobs(job({}), job(done));
  assert.equal(
    shown("running", READY, heard, false, l10n).detail,
    "local/qwen, 7 + 5 tokens, $0.0036 – The area is a product.",
  );
  heard.hear(job({ job: "2", message: "Asking local/qwen again" }));
  assert.equal(shown("running", READY, heard, false, l10n).detail, "Asking local/qwen again");
  heard.hear(job({ job: "2", state: "cancelled", final: true }));
  assert.equal(shown("running", READY, heard, false, l10n).detail, "ready");
});

test("a long explanation is cut where it is told, and an undo has nothing to tell", () => {
  const account = "local/qwen";
  const heard = jobs(job({ state: "applied", final: true, account, explanation: "a ".repeat(99) }));
  const { detail } = shown("running", READY, heard, false, l10n);
  assert.ok(detail.length < 180 && detail.endsWith("…"), detail);
  heard.hear(job({ job: "3", action: "undo", state: "applied", final: true }));
  assert.equal(shown("running", READY, heard, false, l10n).detail, "ready");
});

test("a restart forgets what ran", () => {
  const heard = jobs(job({}));
  heard.hear(job({ state: "answered", final: true, account: "local/qwen" }));
  heard.forget();
  assert.deepEqual([heard.all, heard.told], [[], undefined]);
});

test("names of settings are no names of keys, and a key has no line break", () => {
  assert.ok(isKeyName("TEAM_PROXY_KEY"));
  for (const name of ["OPENAI_BASE_URL", "HTTPS_PROXY", "A B", "", "1KEY", "AZURE_REGION"]) {
    assert.ok(!isKeyName(name), name);
  }
  assert.ok(isKeyText(" sk-1 "));
  assert.ok(!isKeyText("a\nb") && !isKeyText("  "));
});
