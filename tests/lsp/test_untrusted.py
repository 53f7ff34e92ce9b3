"""A project that nobody trusted can name what it likes: nothing of it is used."""

from __future__ import annotations

import asyncio

import pytest

from attacks.canaries import CANARIES, CHILDREN, NETWORK, assert_no_canary, audited, listening
from backends.fault_server import FaultServer, Reply
from lsp.clients.bare import Bare
from lsp.clients.editor import Editor
from lsp.clients.eglot import Eglot
from lsp.clients.helix import Helix
from lsp.clients.kate import Kate
from lsp.clients.neovim import Neovim
from lsp.clients.vscode import VSCode
from lsp.clients.wire import ResponseError
from lsp.machine import Launch, Machine
from lsp.sample import BLOCK, FIXED, START, TEXT, configuration, fixing, told

SEND, COMPLETE, AGENTS = "streetrace/chat/send", "streetrace/model/complete", "AGENTS.md"
MESSAGES = [{"role": "user", "content": "?"}]


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        (VSCode, "Not now"),
        (VSCode, "Never"),
        (Neovim, None),
        (Helix, None),
        (Bare, None),
    ],
)
async def test_every_action_in_an_untrusted_project_reaches_nothing(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor], answer: str | None
) -> None:
    toml = machine.configure(listening(faults), trusted=False)
    machine.write(".env", f"OPENAI_BASE_URL={faults.openai}\nOPENAI_API_BASE={faults.openai}\n")
    editor = await launch(kind, watched=True, variables=CANARIES)
    editor.window.answer = answer
    editor.open(toml)
    document = editor.open(machine.write("app.py", TEXT))
    offered = await editor.actions(document, document.span(START, "naïve"))
    assert len(offered) >= 5
    # These ask no model: one asks about trust, one opens a document.
    quiet = ("Trust", "Chat about")
    offered = {
        title: one for title, one in offered.items() if not any(word in title for word in quiet)
    }
    for action in offered.values():
        ending = await editor.finished((await editor.run(action))["job"])
        assert ending["state"] in {"refused", "failed"}, ending
        await told(editor, ending)
    assert "trust" in editor.window.messages[-1]
    if answer is not None:
        assert len(editor.window.questions) == 1

    assert document.text == TEXT
    await editor.stop()  # everything that the server wrote is here now
    assert faults.connections == []
    assert audited(editor, "import")  # the watch is on
    assert audited(editor, *NETWORK, *CHILDREN) == []
    assert_no_canary(editor, machine)


@pytest.mark.parametrize(
    ("kind", "provider"),
    [
        (VSCode, "openai"),
        (Helix, "ollama"),
        (Eglot, "ollama"),
        (Kate, "ollama"),
    ],
)
async def test_one_question_grants_exactly_one_key(
    launch: Launch, machine: Machine, faults: FaultServer, kind: type[Editor], provider: str
) -> None:
    key = f"{provider.upper()}_API_KEY"
    once = "\n[defaults]\nrepair = false\n"
    machine.configure(listening(faults, provider) + once, trusted=False)
    faults.default = Reply(text=BLOCK)
    editor = await launch(kind, variables=CANARIES)
    editor.window.answer = "Trust"
    document = editor.open(machine.write("app.py", TEXT))
    for _ in range(2):
        ending = await editor.finished(await fixing(editor, document))
        editor.sync()
    assert ending["state"] in {"applied", "proposed", "refused"}

    (question,) = editor.window.questions
    assert [action["title"] for action in question["actions"]] == ["Trust", "Not now", "Never"]
    assert f"127.0.0.1:{faults.port}" in question["message"]
    assert key in question["message"]
    assert len(faults.requests) == 2
    for request in faults.requests:
        assert request.key == CANARIES[key]
        sent = f"{request.path} {request.headers} {request.body!r}"
        others = [value for name, value in CANARIES.items() if name != key]
        assert not any(value in sent for value in others)
    await editor.stop()
    assert_no_canary(editor, machine)


async def test_trust_given_in_a_terminal_is_noticed_by_a_running_server(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure(listening(faults, "ollama"), trusted=False)
    faults.default = Reply(text=BLOCK)
    editor = await launch(Bare, variables=CANARIES)
    document = editor.open(machine.write("app.py", TEXT))
    ending = await editor.finished(await fixing(editor, document))
    assert ending["state"] == "refused"
    assert "streetrace-lsp trust" in ending["message"]

    machine.trust()
    ending = await editor.finished(await fixing(editor, document))
    assert ending["state"] == "applied", ending
    assert document.text == FIXED


async def test_a_changed_configuration_is_asked_about_again(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure(listening(faults, "ollama"))
    faults.default = Reply(text=BLOCK)
    editor = await launch(VSCode, variables=CANARIES)
    document = editor.open(machine.write("app.py", TEXT))
    with FaultServer() as other:
        machine.configure(listening(other, "ollama"), trusted=False)
        ending = await editor.finished(await fixing(editor, document))
        assert ending["state"] == "refused"
        (question,) = editor.window.questions
        assert f"127.0.0.1:{other.port}" in question["message"]
        assert (other.connections, faults.connections) == ([], [])
    assert document.text == TEXT


@pytest.mark.parametrize("answer", ["Trust", "Not now"])
async def test_requests_of_the_same_moment_ask_one_question(
    launch: Launch, machine: Machine, faults: FaultServer, answer: str
) -> None:
    machine.write("AGENTS.md", "Be kind.\n")
    machine.configure(configuration(faults), trusted=False)
    faults.script(*(Reply(text="Yes.") for _ in range(4)))
    editor = await launch(VSCode)
    editor.window.answer = lambda question: "Send it along" if AGENTS in str(question) else answer
    chats = [(await editor.ask("streetrace/chat/create", {"version": 1}))["chat"] for _ in range(2)]
    asked = [
        *(editor.send(SEND, {"version": 1, "chat": chat, "text": "?"}) for chat in chats),
        *(editor.send(COMPLETE, {"version": 1, "messages": MESSAGES}) for _ in range(2)),
    ]
    found = await asyncio.gather(*(one.future for one in asked), return_exceptions=True)
    questions = [str(one["message"]) for one in editor.window.questions]
    about_trust = [one for one in questions if AGENTS not in one]
    assert len(about_trust) == 1, questions
    if answer == "Trust":
        assert not any(isinstance(one, BaseException) for one in found), found
        assert len(questions) == 2
        assert len(faults.requests) == 4
    else:
        assert {one.data["kind"] for one in found if isinstance(one, ResponseError)} == {
            "untrusted"
        }
        assert faults.connections == []


async def test_a_question_outlives_the_request_that_put_it(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure(configuration(faults), trusted=False)
    faults.script(Reply(text="Yes."))
    editor = await launch(VSCode)
    cancelled: list[bool] = []
    first = None

    def answer(_: object) -> str:
        # The second request waits for the same answer when the first is given up.
        assert first is not None
        editor.notify("$/cancelRequest", {"id": first.id})
        cancelled.append(True)
        return "Trust"

    editor.window.answer = answer
    first = editor.send(COMPLETE, {"version": 1, "messages": MESSAGES})
    second = editor.send(COMPLETE, {"version": 1, "messages": MESSAGES})
    assert (await second.future)["text"] == "Yes."
    with pytest.raises(ResponseError):
        await first.future
    assert cancelled == [True]


async def test_several_actions_at_once_ask_one_question(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure(listening(faults, "ollama"), trusted=False)
    faults.default = Reply(text="It is a shop.")
    editor = await launch(VSCode, variables=CANARIES)
    editor.window.answer = "Trust"
    document = editor.open(machine.write("app.py", TEXT))
    argument = {"uri": document.uri, "range": document.span(START), "action": "explain"}
    params = {"command": "streetrace.action", "arguments": [argument]}
    again = {"command": "streetrace.trust", "arguments": [{"uri": document.uri}]}
    sent = [editor.send("workspace/executeCommand", one) for one in (params, params, again)]
    jobs = [(await request.future)["job"] for request in sent[:2]]
    assert [(await editor.finished(job))["state"] for job in jobs] == ["answered"] * 2
    assert "Trusted" in (await sent[2].future)["message"]
    assert len(editor.window.questions) == 1
