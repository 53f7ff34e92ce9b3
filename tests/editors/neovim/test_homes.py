"""What is promised of Neovim, in each version with its documented snippet and on each backend."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from backends.fault_server import FaultServer, Reply
from backends.llama import literal_grammar
from editors.conversation import ANSWER as SAID
from editors.conversation import CHAT, without_counts
from editors.neovim.homes import HOMES, Home, choose, choose_for_lines, converse
from editors.neovim.midstream import held, server_of
from editors.neovim.session import Neovim
from editors.neovim.terminal import Terminal
from editors.project import FIRST, LAST, SECOND_MODEL, SOURCE, Project, toml
from editors.reviewed import ANSWER, EMPTY, MEAN, ZERO, with_changes
from editors.screens import documented, keep
from streetrace_lsp.modelhost.recordings import record

pytestmark = pytest.mark.neovim

BLOCKS = 'edit_format = "search-replace"\n'
TYPED = "LIMIT = 100  # “€” 😀\n"
# Long enough to be held in its midst: the first from recordings, the second from a small model,
# which thinks about each character.
LONG = {"replay": 250_000, "llama": 1_200}
PROVIDERS = {"replay": "replay", "llama": "openai"}
Says = Callable[[str], None]


@pytest.fixture(params=HOMES, ids=[home.version for home in HOMES])
def home(request: pytest.FixtureRequest) -> Home:
    found: Home = request.param
    return found


@pytest.fixture(params=["replay", pytest.param("llama", marks=pytest.mark.llama)])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Sequence[dict[str, Any]]:
    """What models are asked below, for the recordings: a fix, and the turns of a chat."""
    project = Project.make(tmp_path_factory.mktemp("asked"))
    with FaultServer() as model:
        model.script(Reply(text=ANSWER), Reply(text=SAID), Reply(text=SAID))
        project.use_two(f'provider = "ollama"\napi_base = "{model.base}"\n{BLOCKS}')
        with HOMES[0].opened(project) as nvim:
            choose_for_lines(nvim, "Fix", "Trust")
            assert nvim.ended()["state"] == "applied", nvim.story()
            nvim.input("u")
            choose_for_lines(nvim, "Chat about this")
            assert converse(nvim, 2, SECOND_MODEL)["state"] == "answered", nvim.story()
        return [body for request in model.requests if "messages" in (body := request.json or {})]


@pytest.fixture
def says(request: pytest.FixtureRequest, backend: str, project: Project) -> Says:
    """Configures the backend, which then answers everything with one text."""

    def replay(reply: str) -> None:
        chunks = [reply] if len(reply) < LONG["replay"] else list(reply)
        usage = {"prompt_tokens": 7, "completion_tokens": 5}
        for body in request.getfixturevalue("asked"):
            folder = project.folder / "recordings"
            record(folder, body["model"], body["messages"], chunks=chunks, usage=usage)
        project.use_two(f'provider = "replay"\nrecordings = "recordings"\n{BLOCKS}')

    def llama(reply: str) -> None:
        server = request.getfixturevalue("llama_server")
        project.use_two(
            f'provider = "openai"\napi_base = "{server.url}"\n{BLOCKS}',
            f"[backends.demo.extra_body]\ngrammar = {toml(literal_grammar(reply))}\n",
        )

    return replay if backend == "replay" else llama


def on_disk(nvim: Neovim, path: Path) -> str:
    """The file after ``:write``."""
    nvim.lua("vim.cmd('silent write')")
    return path.read_text(encoding="utf-8")


def on_screen(terminal: Terminal, keys: str, entry: str) -> str:
    """Press keys, and choose an entry of the menu that comes; returns the screen with it."""
    terminal.type(keys)
    terminal.wait(f": {entry}\n")
    screen = terminal.wait("Type number and <Enter>")  # its last line
    numbered = re.search(rf"^(\d+): {re.escape(entry)}$", screen, re.MULTILINE)
    assert numbered, screen
    terminal.type(f"{numbered[1]}\r")
    return screen


def on_screen_ended(home: Home, terminal: Terminal, nvim: Neovim, number: int, said: str) -> None:
    """Wait for the end of a job whose effect is on the screen.

    Where the snippet shows progress, that goes first: what asks Neovim itself holds up its screen.
    """
    if home is HOMES[0]:
        terminal.wait(said)
    assert nvim.ended(number)["state"] == "applied", nvim.story()


@pytest.fixture
def shown(home: Home) -> Iterator[Callable[[Neovim], Terminal]]:
    """A screen of a Neovim, for a person's eyes and keys."""
    terminals: list[Terminal] = []

    def show(nvim: Neovim) -> Terminal:
        terminals.append(Terminal(home.program, nvim.address))
        return terminals[-1]

    yield show
    for terminal in terminals:
        terminal.close()


def test_a_fix_is_asked_for_reviewed_and_taken_back_on_the_screen(
    home: Home,
    backend: str,
    project: Project,
    says: Says,
    shown: Callable[[Neovim], Terminal],
) -> None:
    says(ANSWER)
    with home.opened(project) as nvim:
        terminal = shown(nvim)
        terminal.wait("def total")
        on_screen(terminal, f"{FIRST}GV{LAST}G\\a", "Streetrace: Fix")
        on_screen(terminal, "", "Trust")
        terminal.wait("The mean")
        on_screen_ended(home, terminal, nvim, 1, "not saved yet")
        assert project.source.read_text(encoding="utf-8") == SOURCE, "saving is the person's"
        terminal.type("\x1b:silent write | redraw! | echo 'it' 'came'\r")
        keep(f"neovim-{home.version}-{backend}-fix", terminal.wait("it came"))
        assert project.source.read_text(encoding="utf-8") == with_changes(ZERO, EMPTY, MEAN)

        on_screen(terminal, "/0.0\r\\a", "Streetrace: Keep this change")
        terminal.wait("Kept 1 change in prices.py; 2 to review.")
        # Only once the menu is gone can the next one be told from it.
        terminal.type("\x1b:redraw! | echo 'kept' 'it'\r")
        terminal.wait("kept it")
        menu = on_screen(terminal, "/The mean\r\\a", "Streetrace: Undo this change")
        assert "Streetrace: Keep this change" in menu
        keep(f"neovim-{home.version}-{backend}-review", menu)
        if home is HOMES[0] and backend == "replay":
            documented("neovim-review", menu, "review.md")
        terminal.wait("The mean", gone=True)
        on_screen_ended(home, terminal, nvim, 2, "Undone in prices.py")
        assert on_disk(nvim, project.source) == with_changes(ZERO, EMPTY)

        on_screen(terminal, "gg\\a", "Streetrace: Next change")
        terminal.wait(" 8,1")
        assert "round" in nvim.lua("return vim.api.nvim_get_current_line()")
        nvim.input("<Esc>u")
        assert on_disk(nvim, project.source) == with_changes(ZERO, EMPTY, MEAN)


def test_in_the_midst_of_an_answer_one_types_stops_and_loses_the_server(
    home: Home, backend: str, project: Project, says: Says
) -> None:
    says("It adds up. " * (LONG[backend] // 12 + 1) + f"\n\n{ANSWER}")
    with home.opened(project) as nvim:
        choose_for_lines(nvim, "Fix", "Trust")
        with held(nvim, 1):
            nvim.input(f"ggO{TYPED.strip()}<Esc>")
            assert nvim.text == TYPED + SOURCE
            nvim.tell_the_server()
        assert nvim.ended(1)["state"] == "applied", nvim.story()
        assert on_disk(nvim, project.source) == TYPED + with_changes(ZERO, EMPTY, MEAN)
        nvim.input("uu")
        assert on_disk(nvim, project.source) == SOURCE

        choose_for_lines(nvim, "Fix")
        with held(nvim, 2):
            choose(nvim, "Stop")
            nvim.tell_the_server()
        assert nvim.ended(2)["state"] == "cancelled", nvim.story()
        assert on_disk(nvim, project.source) == SOURCE

        choose_for_lines(nvim, "Fix")
        with held(nvim, 3):
            os.kill(server_of(nvim), signal.SIGKILL)
            nvim.wait("#vim.lsp.get_clients() == 0")
        assert on_disk(nvim, project.source) == SOURCE
        nvim.open(project.source)
        choose_for_lines(nvim, "Fix")
        assert nvim.ended(3)["state"] == "applied", nvim.story()
        assert on_disk(nvim, project.source) == with_changes(ZERO, EMPTY, MEAN)


def test_a_chat_of_two_turns_with_two_models_and_help_in_the_configuration(
    home: Home,
    backend: str,
    project: Project,
    says: Says,
    shown: Callable[[Neovim], Terminal],
) -> None:
    says(SAID)
    with home.opened(project) as nvim:
        choose_for_lines(nvim, "Chat about this")
        assert converse(nvim, 1, SECOND_MODEL, "Trust")["state"] == "answered", nvim.story()
        chat = project.folder / ".streetrace/chats/chat-1.md"
        assert without_counts(on_disk(nvim, chat)) == CHAT
        terminal = shown(nvim)
        keep(f"neovim-{home.version}-{backend}-chat", terminal.wait("Is it slow?"))

        config = project.folder / ".streetrace.toml"
        right = config.read_text(encoding="utf-8")
        nvim.open(config)
        nvim.input("gg/^provider<CR>$i<BS><Esc>")
        provider = PROVIDERS[backend]
        nvim.wait("#vim.diagnostic.get(0) == 1")
        assert f" {provider[:-1]} " in nvim.lua("return vim.diagnostic.get(0)[1].message")
        keep(f"neovim-{home.version}-{backend}-mistake", terminal.wait("There is no provider"))
        if home is HOMES[0]:
            assert nvim.lua("return vim.lsp.inlay_hint.is_enabled({ bufnr = 0 })")
        choose(nvim, f'Change to "{provider}"')
        nvim.wait("#vim.diagnostic.get(0) == 0")
        assert on_disk(nvim, config) == right
