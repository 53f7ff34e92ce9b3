"""The whole way with the plugin, in each Neovim: ask, type meanwhile, review, chat, stop, crash."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator

import pytest

from backends.fault_server import FaultServer, Reply
from backends.llama import LlamaServer
from editors.neovim.midstream import server_of
from editors.neovim.with_plugin import VERSIONS, PluggedNeovim, install, program_of
from editors.project import FIRST, FIXED, LAST, REPLY, SOURCE, Project

pytestmark = pytest.mark.neovim

Start = Callable[[], PluggedNeovim]

FIX = f"{FIRST},{LAST}Streetrace fix"
TYPED = "# typed meanwhile\n"
TYPE_NOW = "vim.api.nvim_buf_set_lines(0, ..., ..., false, { '# typed meanwhile' })"
# Insert a line when the edit has arrived, right before Neovim applies it.
TYPE_AT_THE_LAST_MOMENT = """
local lnum = ...
local apply = vim.lsp.handlers['workspace/applyEdit']
_G.arrived = 0
vim.lsp.handlers['workspace/applyEdit'] = function(...)
  arrived = arrived + 1
  if arrived == 1 then
    vim.api.nvim_buf_set_lines(0, lnum, lnum, false, { '# typed meanwhile' })
  end
  return apply(...)
end
"""
HUNKS = "#require('streetrace.review.marks').hunks(0)"


@pytest.fixture(params=list(VERSIONS))
def start(request: pytest.FixtureRequest, project: Project) -> Iterator[Start]:
    """Starts Neovim in the project, with ``prices.py`` open and the server attached."""
    program = program_of(request.param)
    install(project.home)
    running: list[PluggedNeovim] = []

    def start() -> PluggedNeovim:
        nvim = PluggedNeovim(program, project.folder, project.environment)
        running.append(nvim)
        # The Neovim of these tests comes without the parser for Markdown's colours.
        nvim.lua("vim.treesitter.start = function() end")
        nvim.will_pick("Trust")
        nvim.open(project.source)
        return nvim

    yield start
    for nvim in running:
        nvim.close()


@pytest.fixture
def held(project: Project) -> Iterator[FaultServer]:
    """A model that holds its answer back in the middle until it is released."""
    with FaultServer(Reply(text=REPLY, hold_after=3)) as server:
        project.use_ollama(server.base)
        yield server


def ask(nvim: PluggedNeovim, model: FaultServer) -> None:
    nvim.command(FIX)
    model.wait(lambda: model.held == 1, timeout=30)


def assert_reviewed_and_undone(nvim: PluggedNeovim) -> None:
    assert nvim.ended()["state"] == "applied", nvim.story()
    assert nvim.text == FIXED
    nvim.wait(f"{HUNKS} > 0")
    nvim.command("Streetrace review undo file")
    assert nvim.ended(2)["state"] == "applied", nvim.story()
    assert nvim.text == SOURCE
    nvim.wait(f"{HUNKS} == 0")


def test_on_replay(project: Project, start: Start) -> None:
    project.use_replay()
    nvim = start()
    nvim.command(FIX)
    assert_reviewed_and_undone(nvim)


@pytest.mark.llama
def test_on_a_local_model(project: Project, start: Start, llama_server: LlamaServer) -> None:
    project.use_llama(llama_server)
    nvim = start()
    nvim.command(FIX)
    assert_reviewed_and_undone(nvim)


def test_typing_above_while_the_model_writes(start: Start, held: FaultServer) -> None:
    nvim = start()
    ask(nvim, held)
    nvim.lua(TYPE_NOW, 0)
    nvim.tell_the_server()
    held.release()
    assert nvim.ended()["state"] == "applied", nvim.story()
    assert nvim.text == TYPED + FIXED
    nvim.wait(f"{HUNKS} > 0")


def test_typing_above_at_the_last_moment(start: Start, held: FaultServer) -> None:
    nvim = start()
    ask(nvim, held)
    nvim.lua(TYPE_AT_THE_LAST_MOMENT, 0)
    held.release()
    state = nvim.ended()["state"]
    assert nvim.text == TYPED + (FIXED if state == "applied" else SOURCE), nvim.story()
    assert nvim.lua("return arrived") > 1, "the first edit can't have been right"


def test_typing_in_the_lines_keeps_what_was_typed(start: Start, held: FaultServer) -> None:
    nvim = start()
    ask(nvim, held)
    nvim.lua(TYPE_NOW, FIRST + 1)
    nvim.tell_the_server()
    held.release()
    assert nvim.ended()["state"] != "applied"
    lines = SOURCE.splitlines(keepends=True)
    assert nvim.text == "".join([*lines[: FIRST + 1], TYPED, *lines[FIRST + 1 :]])


def test_a_file_that_an_edit_needs_is_opened_out_of_the_way(project: Project, start: Start) -> None:
    other = project.folder / "bill.py"
    bill = "from prices import total\n\nRATE = 2\n"
    other.write_text(bill, encoding="utf-8")
    answer = "".join(
        f"{path}\n<<<<<<< SEARCH\n{old}\n=======\n{new}\n>>>>>>> REPLACE\n\n"
        for path, old, new in (
            ("prices.py", "    result = 0", "    result = 0.0"),
            ("bill.py", "RATE = 2", "RATE = 3"),
        )
    )
    with FaultServer(Reply(text=answer)) as model:
        project.use_ollama(model.base)
        nvim = start()
        nvim.command(FIX)
        assert nvim.ended()["state"] == "applied", nvim.story()
    assert nvim.lua("return #vim.api.nvim_list_wins()") == 1
    assert nvim.text == SOURCE.replace("result = 0\n", "result = 0.0\n")

    # The review leads there.
    nvim.wait(f"{HUNKS} == 1")
    nvim.lua("vim.api.nvim_win_set_cursor(0, { 12, 0 })")
    nvim.command("Streetrace review next")
    nvim.wait("vim.fs.basename(vim.api.nvim_buf_get_name(0)) == 'bill.py'")
    nvim.wait("vim.fn.line('.') == 3")
    assert nvim.text == bill.replace("2", "3")
    nvim.command("Streetrace review undo")
    assert nvim.ended(2)["state"] == "applied", nvim.story()
    assert nvim.text == bill
    assert other.read_text(encoding="utf-8") == bill, "saving is the person's"


def test_a_folder_called_answers_is_not_the_servers(project: Project, start: Start) -> None:
    page = project.folder / "answers/mine.md"
    page.parent.mkdir()
    page.write_text("# Mine\n", encoding="utf-8")
    nvim = start()
    shown = nvim.lua(
        "local client = vim.lsp.get_clients()[1]\n"
        "local show = require('streetrace.pages').show\n"
        "show({ uri = vim.uri_from_fname(...), takeFocus = true }, client)\n"
        "return { vim.bo.modifiable, vim.fs.basename(vim.api.nvim_buf_get_name(0)) }",
        str(page),
    )
    assert shown == [True, "mine.md"]


def test_stopping_closes_the_connection(start: Start, held: FaultServer) -> None:
    nvim = start()
    ask(nvim, held)
    nvim.command("Streetrace cancel")
    assert nvim.ended()["state"] == "cancelled", nvim.story()
    held.wait(lambda: held.connections[-1].closed_by == "client")
    assert nvim.text == SOURCE


def test_a_killed_server_is_started_again_by_the_next_command(
    project: Project, start: Start
) -> None:
    project.use_replay()
    nvim = start()
    nvim.command(FIX)
    assert nvim.ended()["state"] == "applied"
    nvim.wait(f"{HUNKS} > 0")
    # What waits is written down right afterwards, besides.
    nvim.wait("vim.fn.glob('~/.local/state/streetrace/reviews/*.json') ~= ''")
    os.kill(server_of(nvim), signal.SIGKILL)
    nvim.wait(f"#vim.lsp.get_clients() == 0 and {HUNKS} == 0")
    assert nvim.text == FIXED
    # What waited is found again, and can still be undone.
    nvim.command("Streetrace review undo all")
    assert nvim.ended(2)["state"] == "applied", nvim.story()
    assert nvim.text == SOURCE


def test_a_conversation_of_two_turns_with_two_models(project: Project, start: Start) -> None:
    with FaultServer() as model:
        model.script(Reply(text="It adds, “€” 😀."), Reply(text="Yes."))
        project.configure(
            'model = "local/one"\n\n[backends.local]\nprovider = "ollama"\n'
            f'api_base = "{model.base}"\n\n[backends.local.models]\none = "one"\ntwo = "two"\n'
        )
        project.trust()
        nvim = start()
        nvim.command(f"{FIRST},{LAST}Streetrace chat new What does it do?")
        nvim.wait("vim.fs.basename(vim.api.nvim_buf_get_name(0)) == 'chat-1.md'")
        nvim.wait("vim.fn.exists(':StreetraceSend') == 2")
        nvim.command("StreetraceSend")
        assert nvim.ended(1)["state"] == "answered", nvim.story()
        assert "## Assistant (local/one)\n\nIt adds, “€” 😀.\n" in nvim.text

        nvim.command("Streetrace model local/two")
        nvim.wait(
            "vim.iter(seen.said):any(function(one) return one:find('local/two', 1, true) end)"
        )
        nvim.lua(
            "vim.api.nvim_buf_set_lines(0, -1, -1, false, { 'Is it right?' })",
        )
        nvim.command("StreetraceSend")
        assert nvim.ended(2)["state"] == "answered", nvim.story()
        assert "Is it right?\n\n## Assistant (local/two)\n\nYes.\n" in nvim.text
        assert [request.json["model"] for request in model.requests] == ["one", "two"]


def test_a_mistake_in_the_configuration_is_shown_and_mended(project: Project, start: Start) -> None:
    project.configure('model = "local/demo"\n\n[backends.local]\nprovider = "olama"\n')
    nvim = start()
    nvim.open(project.folder / ".streetrace.toml")
    nvim.wait("#vim.diagnostic.get(0) > 0")
    said = nvim.lua("return vim.diagnostic.get(0)[1].message")
    assert "olama" in said
    nvim.lua("vim.api.nvim_win_set_cursor(0, { 4, 12 })")
    nvim.will_pick('Streetrace: Change to "ollama"')
    nvim.command("Streetrace")
    nvim.wait("#vim.diagnostic.get(0) == 0")
    assert 'provider = "ollama"' in nvim.text
