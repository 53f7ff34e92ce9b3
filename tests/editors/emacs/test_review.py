"""A person keeps one change of a fix and undoes another, in real Emacs."""

from __future__ import annotations

import pytest

from editors.conftest import Play
from editors.emacs.session import Emacs
from editors.project import FIRST, LAST, Project
from editors.reviewed import ANSWER, EMPTY, MEAN, ZERO, with_changes

pytestmark = pytest.mark.emacs


def test_one_change_is_kept_and_another_undone(play: Play) -> None:
    def scenario(emacs: Emacs, project: Project) -> None:
        emacs.lines(FIRST, LAST)
        emacs.act("Fix")
        emacs.wait("not saved yet")
        emacs.on_disk(project.source, with_changes(ZERO, EMPTY, MEAN))

        emacs.rest(5)
        emacs.act("Keep this change")
        emacs.wait("Kept 1 change in prices.py; 2 to review.")
        emacs.rest(12)
        emacs.act("Undo this change")
        emacs.wait("The mean", gone=True)
        emacs.on_disk(project.source, with_changes(ZERO, EMPTY))

    play(scenario, ANSWER, 'edit_format = "search-replace"\n')
