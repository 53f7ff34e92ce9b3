"""Which model answers, seen from the editor: fallbacks, switching, choosing by words, comparing."""

from __future__ import annotations

from backends.fault_server import FaultServer, Reply
from lsp.clients.bare import Bare
from lsp.clients.document import Document
from lsp.clients.editor import Editor
from lsp.clients.neovim import Neovim
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import BLOCK, FIXED, TEXT


def two(first: FaultServer, second: FaultServer, more: str = "") -> str:
    """A configuration with two backends, the first of them the default."""
    backends = "".join(
        f'\n[backends.{name}]\nprovider = "ollama"\nmodel = "{name}-model"\n'
        f'api_base = "{server.base}"\nedit_format = "search-replace"\n'
        for name, server in (("one", first), ("two", second))
    )
    return f'model = "one"\n{more}{backends}'


async def opened(
    launch: Launch, machine: Machine, kind: type[Editor], toml: str
) -> tuple[Editor, Document]:
    machine.configure_user(toml)
    path = machine.write("app.py", TEXT)
    editor = await launch(kind)
    return editor, editor.open(path)


async def fix(editor: Editor, document: Document) -> dict[str, object]:
    job = await editor.begin(document, document.span("def area", "naïve"), "Streetrace: Fix")
    return await editor.finished(job)


async def command(
    editor: Editor, document: Document, name: str, **more: object
) -> dict[str, object]:
    """Run a command about the function ``area``; a job is waited for."""
    span = document.span("def area", "naïve")
    given = {"uri": document.uri, "range": span, "action": "edit", **more}
    answer = await editor.execute(name, given)
    if "job" not in answer:
        return dict(answer)
    return await editor.finished(str(answer["job"]))


async def test_the_person_is_told_who_answered_what_it_came_to_and_why(
    launch: Launch, machine: Machine
) -> None:
    busy = Reply(status=429, headers={"Retry-After": "60"})
    with FaultServer(busy) as first, FaultServer(Reply(text=BLOCK, usage=(1234, 56))) as second:
        toml = two(first, second, 'fallbacks = ["two"]\n')
        editor, document = await opened(launch, machine, VSCode, toml)
        ending = await fix(editor, document)
    assert document.text == FIXED
    message = str(ending["message"])
    assert "two/two-model instead of one" in message
    assert "1,234 + 56 tokens" in message
    assert 'Backend "one"' in message
    assert "limiting requests" in message
    assert (ending["model"], ending["backend"]) == ("two-model", "two")
    assert ending["usage"] == {"promptTokens": 1234, "completionTokens": 56}
    assert ending["cost"] == 0.0
    assert "limiting requests" in str(ending["fallback"])


async def test_a_switch_holds_for_the_project_until_it_is_taken_back_also_after_a_restart(
    launch: Launch, machine: Machine
) -> None:
    with FaultServer(Reply(text=BLOCK)) as first, FaultServer(Reply(text=BLOCK)) as second:
        editor, document = await opened(launch, machine, Neovim, two(first, second))
        answer = await command(editor, document, "streetrace.model", target="two")
        assert answer["current"] == "two"
        assert (await fix(editor, document))["backend"] == "two"
        await editor.stop()

        editor = await launch(Neovim)
        document = editor.open(machine.root / "app.py")
        assert (await fix(editor, document))["backend"] == "two"
        answer = await command(editor, document, "streetrace.model", target=None)
        assert answer["current"] == "one"
        assert first.connections == []


async def test_the_command_lines_target_goes_before_a_switch_and_the_configuration(
    launch: Launch, machine: Machine
) -> None:
    with FaultServer() as first, FaultServer(Reply(text=BLOCK)) as second:
        machine.configure_user(two(first, second))
        path = machine.write("app.py", TEXT)
        editor = await launch(Bare, arguments=("serve", "--model", "two"))
        document = editor.open(path)
        await command(editor, document, "streetrace.model", target="one")
        assert (await fix(editor, document))["backend"] == "two"
        assert first.connections == []


async def test_a_switch_to_nothing_that_is_configured_changes_nothing(
    launch: Launch, machine: Machine
) -> None:
    with FaultServer(Reply(text=BLOCK)) as first, FaultServer() as second:
        editor, document = await opened(launch, machine, Bare, two(first, second))
        answer = await command(editor, document, "streetrace.model", target="three/x")
        assert "three" in str(answer["message"])
        assert answer["targets"] == ["one/one-model", "two/two-model"]
        answer = await command(editor, document, "streetrace.model")
        assert answer["current"] == "one"


async def test_the_first_words_of_an_instruction_choose_a_configured_model(
    launch: Launch, machine: Machine
) -> None:
    with FaultServer() as first, FaultServer(Reply(text=BLOCK)) as second:
        editor, document = await opened(launch, machine, VSCode, two(first, second))
        words = "use two for this: multiply instead"
        ending = await command(editor, document, "streetrace.action", instruction=words)
        assert ending["backend"] == "two"
        prompt = second.requests[-1].json["messages"][-1]["content"]
        assert "multiply instead" in prompt
        assert "use two" not in prompt
        assert first.connections == []
    assert document.text == FIXED


async def test_a_comparison_shows_what_each_says_and_applies_nothing(
    launch: Launch, machine: Machine
) -> None:
    with FaultServer(Reply(text=BLOCK)) as first, FaultServer(Reply(status=404)) as second:
        editor, document = await opened(launch, machine, VSCode, two(first, second))
        ending = await command(
            editor,
            document,
            "streetrace.compare",
            instruction="multiply",
            models=["one", "two"],
        )
        shown = editor.window.documents[-1][1]
    assert ending["state"] == "answered"
    assert "1 of 2" in str(ending["message"])
    assert document.text == TEXT
    assert "| one | one-model |" in shown
    assert "+    return width * height" in shown
    assert "ollama pull two-model" in shown


async def test_a_comparison_says_what_no_model_saw(launch: Launch, machine: Machine) -> None:
    secret = "ghp_QRSTUV0123456789abcdefghijABCDEFGH12"
    machine.write("AGENTS.md", "x" * 40_000)
    with FaultServer(Reply(text=BLOCK)) as first, FaultServer(Reply(text=BLOCK)) as second:
        editor, document = await opened(launch, machine, VSCode, two(first, second))
        words = f"multiply, and never {secret}"
        models = ["one", "two"]
        await command(editor, document, "streetrace.compare", instruction=words, models=models)
        shown = editor.window.documents[-1][1]
        assert secret.encode() not in first.requests[0].body + second.requests[0].body
    (line,) = [one for one in shown.splitlines() if one.startswith("Not sent to the models: ")]
    assert "AGENTS.md (it is larger than 32 KiB)" in line
    assert "a secret in the instruction" in line
    assert secret not in shown


async def test_a_recommendation_says_why_and_contacts_nobody(
    launch: Launch, machine: Machine
) -> None:
    with FaultServer() as first, FaultServer() as second:
        toml = two(first, second, "") + "\n[backends.two.context_windows]\ntwo-model = 131072\n"
        editor, document = await opened(launch, machine, VSCode, toml)
        answer = await command(editor, document, "streetrace.model.recommend", task="fix")
        assert [one["target"] for one in answer["recommendations"]] == [
            "two/two-model",
            "one/one-model",
        ]
        assert "a window of 131,072 tokens" in answer["recommendations"][0]["why"]
        assert first.connections == second.connections == []


async def test_an_answer_over_the_budget_is_refused_before_anything_is_sent(
    launch: Launch, machine: Machine
) -> None:
    with FaultServer() as first, FaultServer() as second:
        toml = two(
            first, second, "[budget]\nday = 0.01\n[prices.one-model]\ninput = 1000\noutput = 1\n"
        )
        editor, document = await opened(launch, machine, VSCode, toml)
        ending = await fix(editor, document)
        assert ending["state"] == "refused"
        assert "$0.01 a day" in str(ending["message"])
        assert first.connections == []
    assert document.text == TEXT


async def test_settings_of_the_editor_choose_among_what_is_configured_and_no_address(
    launch: Launch, machine: Machine
) -> None:
    with FaultServer(Reply(text=BLOCK)) as first, FaultServer() as second, FaultServer() as other:
        editor, document = await opened(launch, machine, VSCode, two(first, second))
        # They may come from the repository: without trust they only narrow.
        sent = {"model": "two", "maxTokens": 777, "apiBase": other.base, "backends": {"two": {}}}
        editor.notify("workspace/didChangeConfiguration", {"settings": {"streetrace": sent}})
        assert (await fix(editor, document))["backend"] == "one"
        assert first.requests[-1].json["options"]["num_predict"] == 777
        assert second.connections == other.connections == []


async def test_the_users_own_settings_of_the_editor_choose_a_model(
    launch: Launch, machine: Machine
) -> None:
    with FaultServer() as first, FaultServer(Reply(text=BLOCK)) as second:
        toml = two(first, second).removeprefix('model = "one"\n')
        editor, document = await opened(launch, machine, VSCode, toml)
        sent = {"user": {"model": "two"}}
        editor.notify("workspace/didChangeConfiguration", {"settings": {"streetrace": sent}})
        assert (await fix(editor, document))["backend"] == "two"
        assert first.connections == []
