"""The person goes on typing while the answer comes: what they typed is never lost or moved.

Neovim tells the server of a change up to 150 ms late. An edit that arrives in between is
against a text that the buffer no longer has. Neovim then skips it and still answers that it
was applied, and where the buffer was never changed before (version 0) it does not even look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from backends.fault_server import FaultServer, Reply
from editors.neovim.session import Neovim
from editors.project import FIRST, FIXED, LAST, REPLY, SOURCE, Project

pytestmark = pytest.mark.neovim

Start = Callable[[], Neovim]

TYPED = "# typed meanwhile\n"
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
TYPE_NOW = "vim.api.nvim_buf_set_lines(0, ..., ..., false, { '# typed meanwhile' })"


@pytest.fixture
def model(project: Project) -> Iterator[FaultServer]:
    """A model that holds its answer back in the middle until it is released."""
    with FaultServer(Reply(text=REPLY, hold_after=3)) as server:
        project.use_ollama(server.base)
        yield server


@pytest.fixture(params=["just opened", "changed before"])
def nvim(request: pytest.FixtureRequest, model: FaultServer, start: Start) -> Neovim:
    """Neovim with `SOURCE` in front: at version 0, or after a change and its undo."""
    nvim = start()
    if request.param == "changed before":
        nvim.lua("vim.api.nvim_buf_set_lines(0, 0, 0, false, { '' })")
        nvim.undo()
        nvim.tell_the_server()
        assert nvim.lua("return vim.lsp.util.buf_versions[vim.api.nvim_get_current_buf()]") > 0
    assert nvim.text == SOURCE
    return nvim


def ask(nvim: Neovim, model: FaultServer) -> None:
    nvim.will_pick("Streetrace: Fix", "Trust")
    nvim.act_on_lines(FIRST, LAST)
    model.wait(lambda: model.held == 1, timeout=30)


def assert_both_or_the_persons_alone(nvim: Neovim, both: str, alone: str) -> None:
    state = nvim.ended()["state"]
    assert nvim.text == (both if state == "applied" else alone), nvim.story()


def test_a_line_typed_above_while_the_model_writes_ends_up_with_the_edit(
    nvim: Neovim, model: FaultServer
) -> None:
    ask(nvim, model)
    nvim.lua(TYPE_NOW, 0)
    nvim.tell_the_server()
    model.release()
    assert nvim.ended()["state"] == "applied", nvim.story()
    assert nvim.text == TYPED + FIXED


def test_a_line_typed_above_as_the_answer_ends_never_moves_the_edit(
    nvim: Neovim, model: FaultServer
) -> None:
    ask(nvim, model)
    nvim.lua(TYPE_NOW, 0)
    model.release()
    assert_both_or_the_persons_alone(nvim, TYPED + FIXED, TYPED + SOURCE)


def test_a_line_typed_above_that_neovim_has_not_told_yet_never_moves_the_edit(
    nvim: Neovim, model: FaultServer
) -> None:
    ask(nvim, model)
    nvim.lua(TYPE_AT_THE_LAST_MOMENT, 0)
    model.release()
    assert_both_or_the_persons_alone(nvim, TYPED + FIXED, TYPED + SOURCE)
    assert nvim.lua("return arrived") > 1, "the first edit can't have been right"


def test_a_line_typed_inside_the_region_that_neovim_has_not_told_yet_is_kept(
    nvim: Neovim, model: FaultServer
) -> None:
    ask(nvim, model)
    nvim.lua(TYPE_AT_THE_LAST_MOMENT, FIRST + 1)
    model.release()

    lines = SOURCE.splitlines(keepends=True)
    theirs = "".join([*lines[: FIRST + 1], TYPED, *lines[FIRST + 1 :]])
    assert nvim.ended()["state"] != "applied", nvim.story()
    assert nvim.text == theirs, nvim.story()


def test_typing_inside_the_region_while_the_model_writes_is_kept_and_said(
    nvim: Neovim, model: FaultServer
) -> None:
    ask(nvim, model)
    nvim.lua(TYPE_NOW, FIRST + 1)
    nvim.tell_the_server()
    model.release()

    ended = nvim.ended()
    lines = SOURCE.splitlines(keepends=True)
    assert nvim.text == "".join([*lines[: FIRST + 1], TYPED, *lines[FIRST + 1 :]])
    assert ended["state"] != "applied"
    assert "prices.py" in ended["message"], nvim.story()
