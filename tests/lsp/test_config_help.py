"""Help while somebody writes a configuration file, in every kind of editor, whole or broken."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import pytest

from lsp.clients.bare import Bare
from lsp.clients.document import Document
from lsp.clients.editor import NOTHING, Editor
from lsp.clients.eglot import Eglot
from lsp.clients.helix import Helix
from lsp.clients.neovim import Neovim
from lsp.clients.six import SIX
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine

# Fifteen mistakes of different kinds: (the line, what the diagnostic is about, its code).
HEAD = """\
# größe 😀
modle = "claude/edit"
temperature = 0.2
fallbacks = "local"
tasks = { explian = "local", fix = "locol" }
local_only = "no"

[defaults]
max_tokens = 1e4
timeout = 100000
embedding_backend = "claude"

[context]
overflow = "trimm"

[network]
proxy = "http://proxy:3128"

[backends.claude]
provider = "antropic"
api_key = "sk-ant-0123456789"

[backends.local]
provider = "ollama"
base_url = "http://localhost:11434"
model = "qwen2.5-coder"
launch = ["ollama", "serve"]

[backends.gpt]
model = "gpt-5"

[actions.review]
title = "Review"
"""
# Where each one stands, and which code action mends it (none: a person has to).
MISTAKES = {
    ("unknown-key", "modle"): "Change to model",
    ("unknown-key", "temperature"): "Move under [defaults] as temperature",
    ("wrong-type", '"local"'): 'Change to ["local"]',
    ("unknown-task", "explian"): "Change to explain",
    ("unclear-target", '"locol"'): 'Change to "local"',
    ("wrong-type", '"no"'): "Change to false",
    ("wrong-type", "1e4"): "Change to 10000",
    ("wrong-value", "100000"): "Change to 86400",
    ("no-embeddings", '"claude"'): "Remove embedding_backend",
    ("wrong-value", '"trimm"'): 'Change to "trim"',
    ("user-only", "network"): "Remove network",
    ("unknown-provider", '"antropic"'): 'Change to "anthropic"',
    ("literal-key", '"sk-ant-0123456789"'): 'Change to "${ANTHROPIC_API_KEY}"',
    ("unknown-key", "base_url"): "Change to api_base",
    ("user-only", "launch"): "Remove launch",
    ("missing-key", "gpt"): 'Add provider = "openai"',
    ("missing-key", "review"): "Add a prompt",
}


@pytest.mark.parametrize("kind", [VSCode, Helix, Eglot])
async def test_mistakes_are_shown_and_mended_one_by_one(
    launch: Launch, machine: Machine, kind: type[Editor]
) -> None:
    editor = await launch(kind)
    file = editor.open(machine.configure(HEAD, trusted=False))
    seen: set[tuple[str, str]] = set()
    mended = 0
    shown = await editor.until("diagnostics", lambda: editor.window.diagnostics.get(file.uri))
    while True:
        for one in shown:
            seen.add((one["code"], place(file, one)))
        known = [one for one in shown if MISTAKES.get((one["code"], place(file, one)))]
        if not known:
            break
        title = MISTAKES[known[0]["code"], place(file, known[0])]
        offered = await editor.actions(file, known[0]["range"], diagnostics=[known[0]])
        assert f"Streetrace: {title}" in offered, sorted(offered)
        editor.take(offered[f"Streetrace: {title}"])
        mended += 1
        shown = await after(editor, file, shown)
    assert seen >= MISTAKES.keys()
    assert len({code for code, _ in seen}) >= 9
    assert mended >= 15
    assert shown == []
    editor.save(file)
    checked = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-I", "-m", "streetrace_lsp", "config", "check", str(file.path)],
        env=machine.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stdout) == (0, f"{file.path}: no problems\n")


async def test_diagnostics_follow_what_is_typed_and_not_yet_saved(
    launch: Launch, machine: Machine
) -> None:
    editor = await launch(VSCode)
    file = editor.open(machine.configure("local_only = true\n", trusted=False))
    shown = editor.window.diagnostics
    editor.replace(file, "local_only", "localonly")
    await editor.until("the typo", lambda: shown.get(file.uri))
    assert file.path.read_text() == "local_only = true\n"
    editor.close(file)
    await editor.until("the file on the disk counts", lambda: shown[file.uri] == [])


WHOLE = """\
model = "claude/edit"

[backends.claude]
provider = "anthropic"
api_key = "${CLAUDE_KEY}"

[backends.claude.models]
edit = "claude-sonnet-4-5"
"""
CANARY = "sk-canary-5fd0"


@pytest.mark.parametrize("kind", SIX)
async def test_completion_hover_lenses_hints_and_symbols(
    launch: Launch, machine: Machine, kind: type[Editor]
) -> None:
    editor = await launch(kind, variables={"CLAUDE_KEY": CANARY, "OTHER_API_KEY": CANARY})
    file = editor.open(machine.configure(WHOLE))

    assert "claude" in await labels(editor, file, file.after('model = "'))
    variables = await labels(editor, file, file.after('api_key = "'))
    assert variables[:1] == ["${ANTHROPIC_API_KEY}"]
    assert {"${CLAUDE_KEY}", "${OTHER_API_KEY}"} <= set(variables)

    shown = await editor.at("hover", file, file.after("api_ke"))
    said = shown["contents"]["value"]
    assert "`CLAUDE_KEY` is set in your shell." in said
    assert CANARY not in str(shown)
    shown = await editor.at("hover", file, file.after('"claude/e'))
    assert "Anthropic, model `claude-sonnet-4-5`" in shown["contents"]["value"]
    assert "Window: 200,000 tokens" in shown["contents"]["value"]
    assert "Price: $3 per million" in shown["contents"]["value"]
    assert shown["range"] == file.span('"claude/edit"')

    lenses = await editor.ask("textDocument/codeLens", named(file))
    assert [lens["command"]["title"] for lens in lenses] == ["Test claude"]
    assert lenses[0]["range"]["start"] == file.before("claude]")

    everything = {"start": NOTHING["start"], "end": file.position(len(file.text))}
    hints = await editor.ask("textDocument/inlayHint", {**named(file), "range": everything})
    assert hints[0]["label"] == "→ Anthropic claude-sonnet-4-5 · 200k"
    assert hints[0]["position"] == file.after('"claude/edit"')

    symbols = await editor.ask("textDocument/documentSymbol", named(file))
    names = [symbol["name"] for symbol in symbols]
    assert {"model", "backends.claude", "backends.claude.models"} <= set(names)


BROKEN = WHOLE.replace('"claude/edit"', '"cl') + "\n[backends.local\nprovider = \n"


@pytest.mark.parametrize("kind", [VSCode, Helix, Bare])
async def test_help_goes_on_while_the_file_is_broken(
    launch: Launch, machine: Machine, kind: type[Editor]
) -> None:
    editor = await launch(kind, variables={"CLAUDE_KEY": CANARY})
    file = editor.open(machine.configure(WHOLE))
    await labels(editor, file, file.after('model = "'))
    editor.replace(file, WHOLE, BROKEN)
    assert "claude/edit" in await labels(editor, file, file.after('model = "cl'))
    assert "ollama" in await labels(editor, file, file.after("provider = \n"[:-1]))
    shown = await editor.at("hover", file, file.after("api_ke"))
    assert "The key, as `${VARIABLE}`" in shown["contents"]["value"]
    symbols = await editor.ask("textDocument/documentSymbol", named(file))
    assert "backends.claude" in {symbol["name"] for symbol in symbols}
    assert await editor.ask("textDocument/codeLens", named(file))


async def test_before_trust_no_variable_is_looked_up_or_named(
    launch: Launch, machine: Machine
) -> None:
    editor = await launch(VSCode, variables={"CLAUDE_KEY": CANARY, "OTHER_API_KEY": CANARY})
    file = editor.open(machine.configure(WHOLE, trusted=False))
    variables = await labels(editor, file, file.after('api_key = "'))
    assert variables == ["${ANTHROPIC_API_KEY}"]
    shown = await editor.at("hover", file, file.after("api_ke"))
    assert "`CLAUDE_KEY` is looked up once the project is trusted." in shown["contents"]["value"]
    lenses = await editor.ask("textDocument/codeLens", named(file))
    assert [lens["command"]["title"] for lens in lenses] == ["Trust this file", "Test claude"]


async def test_nothing_of_this_is_said_in_other_files(launch: Launch, machine: Machine) -> None:
    editor = await launch(VSCode)
    file = editor.open(machine.write("other.toml", WHOLE))
    assert await editor.at("completion", file, file.after('model = "')) is None
    assert await editor.at("hover", file, file.after("api_ke")) is None
    for method in ("codeLens", "documentSymbol"):
        assert await editor.ask(f"textDocument/{method}", named(file)) is None


async def test_the_users_own_file_is_helped_with_too(launch: Launch, machine: Machine) -> None:
    editor = await launch(VSCode)
    machine.configure_user('[network]\nproxy = "http://proxy.example.org:1"\nca_bundel = "x"\n')
    file = editor.open(machine.config / "config.toml")
    (shown,) = await editor.until("one", lambda: editor.window.diagnostics.get(file.uri))
    assert shown["code"] == "unknown-key"
    keys = await labels(editor, file, file.after('"x"\n'))
    assert "no_proxy" in keys
    assert "proxy" not in keys


async def labels(editor: Editor, file: Document, where: Any) -> list[str]:
    found = await editor.at("completion", file, where)
    return [item["label"] for item in found["items"]]


async def after(editor: Editor, file: Document, shown: list[Any]) -> list[dict[str, Any]]:
    """The diagnostics that follow ``shown``."""
    diagnostics = editor.window.diagnostics
    await editor.until("other diagnostics", lambda: diagnostics[file.uri] != shown)
    return list(diagnostics[file.uri])


def named(file: Document) -> dict[str, Any]:
    return {"textDocument": {"uri": file.uri}}


def place(file: Document, diagnostic: dict[str, Any]) -> str:
    from lsp.clients.text import offset_at

    start, end = (
        offset_at(file.text, diagnostic["range"][side], file.encoding) for side in ("start", "end")
    )
    return file.text[start:end]


@pytest.mark.parametrize("kind", [VSCode, Neovim])
async def test_a_completion_replaces_the_whole_word(
    launch: Launch, machine: Machine, kind: type[Editor]
) -> None:
    editor = await launch(kind)
    toml = '[backends.claude]\nprovider = "antropic"\n'
    file = editor.open(machine.configure(toml, trusted=False))
    found = (await editor.at("completion", file, file.after("antr")))["items"]
    # What the backend's name suggests goes first.
    edit = found[0]["textEdit"]
    assert edit["newText"] == "anthropic"
    whole = edit["replace"] if "replace" in edit else edit["range"]
    assert whole == file.span("antropic")
    assert edit.get("insert", file.span("antr")) == file.span("antr")


async def test_a_mend_is_offered_anywhere_on_the_line(launch: Launch, machine: Machine) -> None:
    editor = await launch(VSCode)
    file = editor.open(machine.configure('[defaults]\ntemperature = "0.2"\n', trusted=False))
    start = file.before("temperature")
    assert "Streetrace: Change to 0.2" in await editor.actions(file, {"start": start, "end": start})


async def test_hints_follow_what_is_mended(launch: Launch, machine: Machine) -> None:
    editor = await launch(VSCode)
    toml = WHOLE.replace('"anthropic"', '"antropic"') + '\n[defaults]\ntemperature = "0.2"\n'
    file = editor.open(machine.configure(toml, trusted=False))

    async def hints() -> list[str]:
        area = {"start": NOTHING["start"], "end": file.position(len(file.text))}
        found = await editor.ask("textDocument/inlayHint", {**named(file), "range": area})
        return [hint["label"] for hint in found]

    assert await hints() == []
    editor.replace(file, '"antropic"', '"anthropic"')
    assert "→ Anthropic claude-sonnet-4-5 · 200k" in await hints()
