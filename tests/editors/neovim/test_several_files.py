"""An answer for several files in real Neovim: all of it arrives, and undo gives back each text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backends.fault_server import FaultServer, Reply
from editors.neovim.session import Neovim
from editors.project import FIRST, LAST, SOURCE, Project

pytestmark = pytest.mark.neovim

Start = Callable[[], Neovim]

BILL = 'from prices import total\n\n\ndef bill(prices):\n    return f"{total(prices)} €"\n'
TYPED = "# typed meanwhile, “😀”\n"
# When the first edit arrives. Neovim compares the version of an edit's first document alone.
TYPE_INTO = f"""
local other = vim.fn.bufnr(...)
local apply = vim.lsp.handlers['workspace/applyEdit']
vim.lsp.handlers['workspace/applyEdit'] = function(...)
  vim.lsp.handlers['workspace/applyEdit'] = apply
  vim.api.nvim_buf_set_lines(other, 0, 0, true, {{ '{TYPED.strip()}' }})
  return apply(...)
end
"""


def block(path: str, old: str, new: str) -> str:
    return f"{path}\n<<<<<<< SEARCH\n{old}\n=======\n{new}\n>>>>>>> REPLACE\n\n"


REPLY = (
    block("prices.py", "    result = 0", "    result = 0.0")
    + block("prices.py", "    return total(prices) / len(prices)", "    return total(prices) / 2")
    + block("bill.py", '    return f"{total(prices)} €"', '    return f"{total(prices):.2f} €"')
)
FIXED = SOURCE.replace("result = 0\n", "result = 0.0\n").replace("/ len(prices)", "/ 2")
BILL_FIXED = BILL.replace("{total(prices)}", "{total(prices):.2f}")


def test_three_hunks_in_two_files_around_what_was_typed_and_undo_in_each(
    project: Project, start: Start
) -> None:
    other = project.folder / "bill.py"
    other.write_text(BILL, encoding="utf-8")
    with FaultServer(Reply(text=REPLY, hold_after=1)) as model:
        project.use_ollama(model.base)
        nvim = start()
        nvim.will_pick("Streetrace: Fix", "Trust")
        nvim.act_on_lines(FIRST, LAST)
        model.wait(lambda: model.held == 1, timeout=30)
        # Between the two hunks of this file, while the model writes.
        at = SOURCE.splitlines().index("def mean(prices):")
        nvim.request("nvim_buf_set_lines", 0, at, at, True, [TYPED.rstrip("\n")])
        nvim.tell_the_server()
        model.release()
        assert nvim.ended()["state"] == "applied", nvim.story()

    typed = SOURCE.replace("def mean", TYPED + "def mean")
    nvim.lua("vim.cmd.buffer('prices.py')")
    assert nvim.text == FIXED.replace("def mean", TYPED + "def mean")
    nvim.undo()
    assert nvim.text == typed
    nvim.lua("vim.cmd.buffer('bill.py')")
    assert nvim.text == BILL_FIXED
    nvim.undo()
    assert nvim.text == BILL
    assert project.source.read_text(encoding="utf-8") == SOURCE, "saving is the person's"
    assert other.read_text(encoding="utf-8") == BILL


def test_a_line_typed_into_the_second_file_as_the_first_one_is_edited_moves_no_edit(
    project: Project, start: Start
) -> None:
    other = project.folder / "bill.py"
    other.write_text(BILL, encoding="utf-8")
    with FaultServer(Reply(text=REPLY)) as model:
        project.use_ollama(model.base)
        nvim = start()
        nvim.open(other)
        nvim.lua("vim.cmd.buffer('prices.py')")
        nvim.lua(TYPE_INTO, "bill.py")
        nvim.will_pick("Streetrace: Fix", "Trust")
        nvim.act_on_lines(FIRST, LAST)
        state = nvim.ended()["state"]
    assert nvim.text == (FIXED if state == "applied" else SOURCE), nvim.story()
    nvim.lua("vim.cmd.buffer('bill.py')")
    assert nvim.text == TYPED + (BILL_FIXED if state == "applied" else BILL), nvim.story()
