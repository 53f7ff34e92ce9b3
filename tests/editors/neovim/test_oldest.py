"""Neovim 0.10 with the documented snippet for it: the same server, started by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from backends.fault_server import FaultServer, Reply
from editors.conftest import Play
from editors.conversation import ANSWER as SAID
from editors.conversation import CHAT, without_counts
from editors.neovim.session import Neovim
from editors.project import FIRST, FIXED, LAST, REPLY, SECOND_MODEL, SOURCE, Project
from editors.provisioned import GET_IT, Program
from editors.provisioned import older_neovim as find_neovim
from editors.reviewed import ANSWER, EMPTY, MEAN, ZERO, with_changes
from editors.snippets import snippets

pytestmark = pytest.mark.neovim

Start = Callable[..., Neovim]


@pytest.fixture(scope="session")
def program() -> Program:
    """Neovim 0.10, or the test is skipped with the line that says how to get it."""
    found = find_neovim()
    if found is None:
        pytest.skip(f"Neovim 0.10 {GET_IT}")
    return found


@pytest.fixture
def configured(project: Project) -> Project:
    """The project's person has the documented snippet in their ``init.lua``."""
    folder = project.home / ".config/nvim"
    folder.mkdir(parents=True)
    text = next(text for text in snippets("editors/neovim.md", "lua") if "vim.lsp.start(" in text)
    (folder / "init.lua").write_text(text, encoding="utf-8")
    (project.folder / ".git").mkdir()
    return project


@pytest.fixture
def start(program: Program, configured: Project) -> Iterator[Start]:
    """Starts Neovim in the project with a file open, and the server attached."""
    running: list[Neovim] = []

    def start(*files: str) -> Neovim:
        nvim = Neovim(program, configured.folder, configured.environment)
        running.append(nvim)
        # Debian's Neovim comes without the parser for Markdown's colours.
        nvim.lua("vim.treesitter.start = function() end")
        nvim.open(configured.folder / (files[0] if files else "prices.py"))
        return nvim

    yield start
    for nvim in running:
        nvim.close()


def fix(nvim: Neovim) -> None:
    nvim.will_pick("Streetrace: Fix")
    nvim.act_on_lines(FIRST, LAST)


def saved(nvim: Neovim, project: Project, text: str) -> None:
    nvim.lua("vim.cmd('silent write')")
    assert project.source.read_text(encoding="utf-8") == text, nvim.story()


def leave_visual(nvim: Neovim) -> None:
    nvim.lua("vim.api.nvim_feedkeys(vim.keycode('<Esc>'), 'xt', false)")


def test_the_edit_arrives_and_one_undo_takes_it_back(play: Play) -> None:
    def scenario(nvim: Neovim, project: Project) -> None:
        fix(nvim)
        assert nvim.ended()["state"] == "applied", nvim.story()
        saved(nvim, project, FIXED)
        leave_visual(nvim)
        nvim.undo()
        saved(nvim, project, SOURCE)

    play(scenario, REPLY)


def test_one_change_is_kept_and_another_undone(play: Play) -> None:
    def scenario(nvim: Neovim, project: Project) -> None:
        fix(nvim)
        assert nvim.ended()["state"] == "applied", nvim.story()
        saved(nvim, project, with_changes(ZERO, EMPTY, MEAN))
        leave_visual(nvim)
        nvim.will_pick("Streetrace: Keep this change")
        nvim.act_on_lines(5, 5)
        nvim.wait("#seen.menus == 2")
        leave_visual(nvim)
        nvim.lua("seen.picks = {}")
        nvim.will_pick("Streetrace: Undo this change")
        nvim.act_on_lines(12, 12)
        assert nvim.ended(2)["state"] == "applied", nvim.story()
        saved(nvim, project, with_changes(ZERO, EMPTY))

    play(scenario, ANSWER, 'edit_format = "search-replace"\n')


def test_two_turns_of_a_chat_with_another_model_for_the_second(play: Play) -> None:
    def scenario(nvim: Neovim, project: Project) -> None:
        def ask(question: str, number: int, *picks: str) -> dict[str, Any]:
            nvim.lua("vim.api.nvim_buf_set_lines(0, -1, -1, true, { ... })", question)
            nvim.will_pick(*picks)
            nvim.lua("vim.lsp.buf.code_action()")
            return nvim.ended(number)

        nvim.will_pick("Streetrace: Chat about this")
        nvim.act_on_lines(FIRST, LAST)
        leave_visual(nvim)
        nvim.wait("vim.fs.basename(vim.api.nvim_buf_get_name(0)) == 'chat-1.md'")
        nvim.wait("#vim.lsp.get_clients({ bufnr = 0, name = 'streetrace' }) == 1")
        assert ask("What does it do?", 1, "Streetrace: Send")["state"] == "answered"
        nvim.lua("seen.picks = {}")
        assert ask("Is it slow?", 2, "Streetrace: Change model", SECOND_MODEL)["final"]
        nvim.lua("seen.picks = {}")
        nvim.will_pick("Streetrace: Send")
        nvim.lua("vim.lsp.buf.code_action()")
        assert nvim.ended(3)["state"] == "answered", nvim.story()
        nvim.lua("vim.cmd('silent write')")
        chat = project.folder / ".streetrace/chats/chat-1.md"
        assert without_counts(chat.read_text(encoding="utf-8")) == CHAT

    play(scenario, SAID)


def test_typing_during_the_stream_is_kept_and_stopping_leaves_the_text(
    configured: Project, start: Start
) -> None:
    with FaultServer(Reply(text=REPLY, hold_after=3)) as model:
        configured.use_ollama(model.base)
        configured.trust()
        nvim = start()
        fix(nvim)
        model.wait(lambda: model.held == 1, timeout=60)
        leave_visual(nvim)
        nvim.lua("vim.api.nvim_buf_set_lines(0, 0, 0, true, { 'LIMIT = 100' })")
        nvim.lua("seen.picks = {}")
        nvim.will_pick("Streetrace: Stop")
        nvim.lua("vim.lsp.buf.code_action()")
        assert nvim.ended()["state"] == "cancelled", nvim.story()
        model.wait(lambda: model.connections[-1].closed_by == "client", timeout=60)
        saved(nvim, configured, "LIMIT = 100\n" + SOURCE)

        model.release()
        nvim.lua("seen.picks = {}")
        fix(nvim)
        nvim.lua("vim.api.nvim_buf_set_lines(0, 0, 0, true, { '# €' })")
        assert nvim.ended(2)["state"] == "applied", nvim.story()


def test_what_is_wrong_in_a_configuration_is_shown(configured: Project, start: Start) -> None:
    configured.configure('model = "local/demo"\n\n[backends.local]\nprovider = "olama"\n')
    nvim = start(".streetrace.toml")
    nvim.wait("#vim.diagnostic.get(0) == 1")
