"""What a shell and an editor see of a key."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from backends.effects.scene import Came, Scene
from lsp.clients.vscode import VSCode
from lsp.machine import Machine
from program import Program

CODE = "def area(w, h):\n    return w + h\n" + "# as it was\n" * 400 + "# far away\n"
_FIXED = CODE.replace("w + h", "w * h")


@dataclass
class Ran:
    """A command that ended, what models were asked, and what the file says now."""

    status: int
    out: str
    came: Came
    text: str

    @property
    def prompt(self) -> str:
        """What the first request says, of whoever got it."""
        first = [*self.came.first, *self.came.second][0]
        return "\n".join(message["content"] for message in first.json["messages"])

    @property
    def was_fixed(self) -> bool:
        return self.text == _FIXED


# Prompts beside the user's configuration.
PROMPTS = {"leaks.md": "Look for leaks.\n", "closely.md": "Look closely.\n"}


def running(pick: Callable[[Ran], Any], *words: str) -> Callable[[Scene], Awaitable[Any]]:
    """``streetrace-lsp run`` on a file of the user's project."""

    async def see(scene: Scene) -> Any:
        program = Program(scene.folder).user(scene.configuration)
        for name, prompt in PROMPTS.items():
            (program.user_dir / name).write_text(prompt, "utf-8")
        file = program.project / "a.py"
        file.write_text(CODE, "utf-8")
        done = await asyncio.to_thread(program.run, "run", *words)
        return pick(Ran(done.returncode, done.stdout, scene.came([], []), file.read_text("utf-8")))

    return see


def running_with_rules(
    pick: Callable[[Ran], Any], *words: str
) -> Callable[[Scene], Awaitable[Any]]:
    """The same in a project whose `AGENTS.md` the user agreed to."""
    see = running(pick, *words)

    async def with_rules(scene: Scene) -> Any:
        folder = scene.folder / "project"
        folder.mkdir()
        (folder / "AGENTS.md").write_text("Be kind to the reader.\n", "utf-8")
        command = [sys.executable, "-I", "-m", "streetrace_lsp", "trust", "--yes"]
        state = {"STREETRACE_STATE_DIR": str(scene.folder / "state")}
        trusted = await asyncio.create_subprocess_exec(
            *command, str(folder / "AGENTS.md"), env={**os.environ, **state}
        )
        assert await trusted.wait() == 0
        return await see(scene)

    return with_rules


def examined(pick: Callable[[Came], Any]) -> Callable[[Scene], Awaitable[Any]]:
    """``streetrace-lsp doctor``, of whose requests only those for a vector count."""

    async def see(scene: Scene) -> Any:
        program = Program(scene.folder).user(scene.configuration)
        await asyncio.to_thread(program.run, "doctor")
        sent = [
            [one for one in server.requests if one.path == "/api/embed"]
            for server in (scene.first, scene.second)
        ]
        return pick(Came([], [], *sent, []))

    return see


def prompted(words: str) -> Callable[[Ran], bool]:
    """Whether the model is told these words."""
    return lambda ran: words in ran.prompt


def option(name: str) -> Callable[[Ran], Any]:
    """One of the options that Ollama is given."""
    return lambda ran: ran.came.request.json["options"].get(name)


def counted(ran: Ran) -> tuple[int, int]:
    """How many requests each of the servers got."""
    return ran.came.counts


def offered(title: str) -> Callable[[Scene], Awaitable[bool]]:
    """Whether an editor offers an action of this title on Python code."""

    async def see(scene: Scene) -> bool:
        machine, editor = await _editor(scene)
        document = editor.open(machine.write("a.py", CODE))
        titles = await editor.actions(document, document.span("def area"))
        await editor.stop()
        return f"Streetrace: {title}" in titles

    return see


def answered_in_message(title: str) -> Callable[[Scene], Awaitable[bool]]:
    """Whether an editor shows the answer of an action as a message, and opens no document."""

    async def see(scene: Scene) -> bool:
        machine, editor = await _editor(scene)
        document = editor.open(machine.write("a.py", CODE))
        job = await editor.begin(document, document.span("def area"), f"Streetrace: {title}")
        await editor.finished(job)
        await editor.stop()
        opened = any("Hello, world." in text for _, text in editor.window.documents)
        told = any("Hello, world." in message for message in editor.window.messages)
        assert opened or told
        return told and not opened

    return see


async def recommended(scene: Scene) -> list[str]:
    """The backends in the order in which an editor is told that their models suit `fix`."""
    _, editor = await _editor(scene)
    answer = await editor.execute("streetrace.model.recommend", {"task": "fix"})
    await editor.stop()
    return [one["target"].partition("/")[0] for one in answer["recommendations"]]


async def recommended_after_a_reply(scene: Scene) -> list[str]:
    """The same after the first one answered, whose speed is known then."""
    program = Program(scene.folder, {"STREETRACE_STATE_DIR": str(_machine(scene).state)})
    (program.user(scene.configuration).project / "a.py").write_text(CODE, "utf-8")
    done = await asyncio.to_thread(program.run, "run", "explain", "a.py:1-2")
    assert done.returncode == 0, done.stderr
    return await recommended(scene)


async def _editor(scene: Scene) -> tuple[Machine, VSCode]:
    machine = _machine(scene)
    machine.configure_user(scene.configuration)
    editor = VSCode()
    command = [sys.executable, "-I", "-m", "streetrace_lsp"]
    await editor.start(command, machine.environment, machine.root)
    return machine, editor


def _machine(scene: Scene) -> Machine:
    return Machine.create(scene.folder / "home", scene.folder / "editor")
