"""What a person does in real Helix while a model writes, on recordings and on a real model.

Both write long before the code. Once the first of it is counted in the status line, the process
that talks to the model is held, for as long as the person needs.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from editors.helix.conftest import Start
from editors.helix.session import Helix
from editors.project import FIRST, FIXED, LAST, REPLY, SOURCE, Project

pytestmark = pytest.mark.helix

TYPED = "LIMIT = 100  # €"
# So long that it is not over before somebody has seen that it began.
LONG = "It adds up. " * 150 + f"\n\n{REPLY}"
SECONDS = 5
WIDE = 200

Begin = Callable[[], Helix]


@pytest.fixture(params=["replay", pytest.param("llama", marks=pytest.mark.llama)])
def begin(request: pytest.FixtureRequest, project: Project, start: Start) -> Begin:
    """Starts Helix and chooses *Fix*; the model has begun to write, and goes on for long."""
    if request.param == "replay":
        project.use_replay(LONG, SECONDS)
    else:
        project.use_llama(request.getfixturevalue("llama_server"), LONG)
    project.trust()

    def begin() -> Helix:
        helix = start(columns=WIDE)
        helix.lines(FIRST, LAST)
        helix.act("Fix")
        helix.wait(re.compile(r"[\d,]+ characters").search)
        return helix

    return begin


def test_what_is_typed_above_is_kept(begin: Begin, project: Project) -> None:
    helix = begin()
    with helix.model_waits():
        helix.insert("ggO", TYPED)
        assert "range(len" in helix.screen, "the edit is not in yet"
    helix.wait("not saved yet")
    helix.on_disk(project.source, f"{TYPED}\n{FIXED}")


def test_typing_inside_the_region_is_kept_and_the_result_waits(
    begin: Begin, project: Project
) -> None:
    helix = begin()
    with helix.model_waits():
        helix.insert(f"{FIRST}ggo", "    pass")
        assert "range(len" in helix.screen, "the edit is not in yet"
    helix.wait("not applied to prices.py: you changed the same place")
    helix.saved(project.source, lambda text: "    pass\n" in text and "range(len" in text)


def test_stopping_leaves_the_text(
    begin: Begin, project: Project, request: pytest.FixtureRequest
) -> None:
    helix = begin()
    helix.act("Stop")
    helix.wait("stopped")
    helix.on_disk(project.source, SOURCE)
    if not project.on_replay:
        # The real server sees that nobody listens any more.
        request.getfixturevalue("llama_server").said("cancel task")


def test_after_the_server_was_killed_the_text_stands_and_a_restart_goes_on(
    begin: Begin, project: Project
) -> None:
    helix = begin()
    helix.kill_server()
    helix.on_disk(project.source, SOURCE)
    opened = helix.log.count('"textDocument/didOpen"')
    helix.command("lsp-restart")
    helix.attached(opened + 1)
    helix.lines(FIRST, LAST)
    helix.act("Fix")
    helix.wait("not saved yet")
    helix.on_disk(project.source, FIXED)
