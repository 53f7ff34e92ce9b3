import assert from "node:assert/strict";
import { test } from "node:test";
import { failureOf } from "../../src/failure";
import { sortOf } from "../../src/model/error";
import { asConfigured, CONFIGURED, information, targetOf } from "../../src/model/information";
import { callWithSecret } from "../../src/model/secrets";
import { estimate } from "../../src/model/tokens";
import type { Target } from "../../src/model/wire";
import { ServerUnavailable } from "../../src/streetrace";

const l10n = {
  t: (message: string, ...values: unknown[]): string =>
    message.replaceAll(/\{(\d)\}/g, (_, number: string) => String(values[Number(number)])),
};
const TARGET: Target = {
  target: "claude/claude-sonnet-4-5",
  default: false,
  backend: "claude",
  provider: "anthropic",
  model: "claude-sonnet-4-5",
  local: false,
  window: 200_000,
  maxOutput: 64_000,
  inputPrice: 3,
  outputPrice: 15,
  tools: true,
  problem: "",
};

test("a model of the picker is a target; the default one comes first", () => {
  const other = { ...TARGET, target: "local/demo", default: true, local: true };
  const [first, second] = information([TARGET, other], "file:///a/untitled", l10n);
  assert.equal(first?.id, "local/demo");
  assert.equal(first.detail, "on this machine");
  assert.deepEqual(second, {
    id: "claude/claude-sonnet-4-5",
    name: "claude/claude-sonnet-4-5",
    family: "claude-sonnet-4-5",
    version: "1",
    detail: "anthropic",
    tooltip:
      "claude-sonnet-4-5, asked by claude\nwindow of 200,000 tokens\n3 and 15 dollars per million tokens",
    maxInputTokens: 136_000,
    maxOutputTokens: 64_000,
    isUserSelectable: true,
    capabilities: { toolCalling: true, imageInput: false },
    uri: "file:///a/untitled",
  });
});

test("what can't be asked is not offered", () => {
  const broken = { ...TARGET, problem: "OPENAI_API_KEY is not set." };
  assert.deepEqual(information([broken], undefined, l10n), []);
});

test("there is a model to choose before any is known, and it follows the default one", () => {
  assert.equal(asConfigured(undefined, l10n).id, CONFIGURED);
  assert.equal(targetOf(CONFIGURED), undefined);
  assert.equal(targetOf("local/demo"), "local/demo");
  const [known] = information([TARGET], "file:///a/untitled", l10n);
  const { detail, maxInputTokens, uri } = asConfigured(known, l10n);
  assert.deepEqual([detail, maxInputTokens, uri], [TARGET.target, 136_000, "file:///a/untitled"]);
});

test("an answer never takes the whole window, whatever the server says or does not", () => {
  for (const [window, maxOutput] of [
    [8_000, 8_000],
    [null, null],
    [2_048, null],
    [null, 200_000],
  ] as const) {
    const [found] = information([{ ...TARGET, window, maxOutput }], undefined, l10n);
    assert.ok(found !== undefined && found.maxInputTokens >= found.maxOutputTokens, `${window}`);
    assert.ok(found.maxOutputTokens > 0);
    if (window !== null) assert.equal(found.maxInputTokens + found.maxOutputTokens, window);
  }
});

test("tools are offered unless it is known that the model can't call any", () => {
  const tools = [true, false, null].map((one) => ({ ...TARGET, tools: one }));
  const found = information(tools, undefined, l10n);
  assert.deepEqual(
    found.map((one) => one.capabilities.toolCalling),
    [true, false, true],
  );
});

test("tokens are guessed as the server guesses them", () => {
  assert.equal(estimate(""), 0);
  assert.equal(estimate("a".repeat(70)), 20);
  assert.equal(estimate("日本語"), 3);
  assert.equal(estimate("😀"), 1);
  assert.equal(estimate({ role: 1, content: [{ value: "a".repeat(35) }] }), 18);
  // As VS Code passes a message from its other process.
  assert.equal(estimate({ role: 1, content: [{ type: "text", value: "a".repeat(35) }] }), 18);
  const used = { type: "tool_use", toolCallId: "1", name: "read", parameters: { a: "b" } };
  assert.equal(estimate({ role: 2, content: [used] }), 8 + 1 + 2);
  const image = { mimeType: "image/png", data: new Uint8Array(9) };
  assert.equal(estimate({ role: 1, content: [image] }), 8);
});

test("a call that names a withheld secret is found, and no other", () => {
  const call = (text: string) => ({
    id: "1",
    name: "write",
    arguments: JSON.stringify({ text }),
  });
  const placeholders = { WITHHELD_SECRET_0001: "a secret" };
  assert.deepEqual(callWithSecret([call("x"), call("k = WITHHELD_SECRET_0001")], placeholders), {
    tool: "write",
    placeholder: "WITHHELD_SECRET_0001",
  });
  assert.equal(callWithSecret([call("WITHHELD_SECRET_0002")], placeholders), undefined);
  assert.equal(callWithSecret([call("WITHHELD_SECRET_0001")], {}), undefined);
});

test("a refusal of the server is told with what to do, and sorted as VS Code sorts it", () => {
  const refused = (kind: string): unknown =>
    Object.assign(new Error("No."), { code: -32803, data: { kind, nextStep: "Wait." } });
  assert.deepEqual(failureOf(refused("budget")), { kind: "budget", message: "No. Wait." });
  const sorts = {
    untrusted: "NoPermissions",
    auth: "NoPermissions",
    target: "NotFound",
    not_configured: "NotFound",
    budget: "Blocked",
    rate_limit: "Blocked",
    content_filter: "Blocked",
    server: "other",
    timeout_first: "other",
    something_new: "other",
  };
  for (const [kind, sort] of Object.entries(sorts)) {
    assert.equal(sortOf(failureOf(refused(kind))), sort, kind);
  }
});

test("a cancelled request, a wrong one and a server that is gone are told apart", () => {
  const coded = (code: number): unknown => Object.assign(new Error("x"), { code });
  assert.equal(failureOf(coded(-32800)).kind, "cancelled");
  assert.equal(failureOf(coded(-32602)).kind, "params");
  assert.equal(failureOf(coded(-32097)).kind, "unavailable");
  assert.equal(failureOf(new ServerUnavailable("Install it.")).kind, "unavailable");
  assert.deepEqual(failureOf("broken"), { kind: "unknown", message: "broken" });
  const data = { kind: 7, nextStep: "" };
  const odd = Object.assign(new Error("Odd."), { code: -32803, data });
  assert.deepEqual(failureOf(odd), { kind: "unknown", message: "Odd." });
});
