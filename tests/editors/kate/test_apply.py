"""From a selection to an edit on the disk in real Kate: it takes edits only after a command."""

from __future__ import annotations

import pytest

from backends.fault_server import FaultServer, Reply
from backends.llama import LlamaServer
from editors.kate.conftest import Start
from editors.kate.session import Kate
from editors.project import FIRST, FIXED, LAST, REPLY, SOURCE, Project
from editors.screens import picture

pytestmark = pytest.mark.kate


def fix_and_apply(kate: Kate, project: Project) -> None:
    """Fix, which is kept because Kate declares no edits, and *Apply result* once it is there."""
    kate.lines(FIRST, LAST)
    kate.menu()
    kate.choose_first()  # Fix
    kate.said('"state": "proposed"')  # from now on it is the first in the menu
    kate.menu()
    picture("kate", kate.screen.png())
    kate.choose_first()  # Apply result
    kate.said('"state": "applied"')
    kate.on_disk(project.source, FIXED)
    kate.press("ctrl+z")
    kate.on_disk(project.source, SOURCE)


def test_apply_result_lands(project: Project, start: Start) -> None:
    with FaultServer(Reply(text=REPLY)) as model:
        project.use_ollama(model.base)
        project.trust()
        fix_and_apply(start(), project)


def test_apply_result_lands_on_replay(project: Project, start: Start) -> None:
    project.use_replay()
    project.trust()
    fix_and_apply(start(), project)


@pytest.mark.llama
def test_apply_result_lands_on_a_local_model(
    project: Project, start: Start, llama_server: LlamaServer
) -> None:
    project.use_llama(llama_server)
    project.trust()
    fix_and_apply(start(), project)
