"""What belongs to asking, in real Neovim: trust, an explanation, own words, stopping, leaving."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backends.fault_server import FaultServer, Reply
from backends.llama import LlamaServer
from editors.neovim.session import Neovim
from editors.project import FIRST, FIXED, LAST, REPLY, SOURCE, Project

pytestmark = pytest.mark.neovim

Start = Callable[[], Neovim]


def fix(nvim: Neovim) -> None:
    """Select the function, press the documented key, choose Fix, and trust the project."""
    nvim.will_pick("Streetrace: Fix", "Trust")
    nvim.act_on_lines(FIRST, LAST)


def assert_fixed_and_undone(nvim: Neovim, project: Project) -> None:
    assert nvim.ended()["state"] == "applied", nvim.story()
    assert nvim.text == FIXED
    assert project.source.read_text(encoding="utf-8") == SOURCE, "saving is the person's"
    nvim.undo()
    assert nvim.text == SOURCE


def test_the_question_names_what_the_project_wants_and_is_asked_once(
    project: Project, start: Start
) -> None:
    with FaultServer(Reply(text=REPLY)) as model:
        project.use_ollama(model.base)
        nvim = start()
        fix(nvim)
        nvim.ended(1)
        nvim.undo()
        nvim.act_on_lines(FIRST, LAST)
        assert nvim.ended(2)["state"] == "applied", nvim.story()

    questions = [menu for menu in nvim.menus() if "Trust" in menu["titles"]]
    assert [question["titles"] for question in questions] == [["Trust", "Not now", "Never"]]
    assert model.base in questions[0]["prompt"]


def test_without_trust_nothing_is_sent_and_nothing_changes(project: Project, start: Start) -> None:
    with FaultServer() as model:
        project.use_ollama(model.base)
        nvim = start()
        nvim.will_pick("Streetrace: Fix", "Not now")
        nvim.act_on_lines(FIRST, LAST)

        assert nvim.ended()["state"] == "refused", nvim.story()
        assert nvim.text == SOURCE
        assert model.connections == []


@pytest.mark.llama
def test_an_explanation_opens_beside_the_code(
    project: Project, start: Start, llama_server: LlamaServer
) -> None:
    project.use_llama(llama_server, reply="It adds the prices up.")
    nvim = start()
    nvim.will_pick("Streetrace: Explain", "Trust")
    nvim.act_on_lines(FIRST, LAST)

    assert nvim.ended()["state"] == "answered", nvim.story()
    assert nvim.text == SOURCE, "the cursor stays in the code"
    shown = nvim.lua(
        "return vim.tbl_map(function(win)"
        " local buffer = vim.api.nvim_win_get_buf(win)"
        " return { vim.bo[buffer].filetype,"
        " table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\\n') }"
        " end, vim.api.nvim_list_wins())"
    )
    assert [text for kind, text in shown if kind == "markdown" and "adds the prices" in text]


@pytest.mark.llama
def test_an_instruction_can_be_typed_as_a_command(
    project: Project, start: Start, llama_server: LlamaServer
) -> None:
    project.use_llama(llama_server)
    nvim = start()
    nvim.will_pick("Trust")
    nvim.lua(f"vim.cmd('{FIRST},{LAST}Streetrace edit use sum()')")
    assert_fixed_and_undone(nvim, project)


def test_stopping_leaves_the_text_and_closes_the_connection(project: Project, start: Start) -> None:
    with FaultServer(Reply(text=REPLY, hold_after=2)) as model:
        project.use_openai(model.openai, model="demo")
        nvim = start()
        fix(nvim)
        model.wait(lambda: model.held == 1, timeout=30)
        nvim.lua("vim.cmd('Streetrace cancel')")

        assert nvim.ended()["state"] == "cancelled", nvim.story()
        model.wait(lambda: model.connections[-1].closed_by == "client")
        assert nvim.text == SOURCE


def test_leaving_neovim_ends_the_server_in_the_middle_of_an_answer(
    project: Project, start: Start
) -> None:
    with FaultServer(Reply(text=REPLY, hold_after=2)) as model:
        project.use_ollama(model.base)
        nvim = start()
        fix(nvim)
        model.wait(lambda: model.held == 1, timeout=30)
        nvim.close()
        model.wait(lambda: model.connections[-1].closed_by == "client")
