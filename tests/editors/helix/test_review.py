"""A person keeps one change of a fix and undoes another, in real Helix."""

from __future__ import annotations

import pytest

from editors.conftest import Play
from editors.helix.session import Helix
from editors.project import FIRST, LAST, Project
from editors.reviewed import ANSWER, EMPTY, MEAN, ZERO, with_changes
from editors.screens import documented

pytestmark = pytest.mark.helix


def test_one_change_is_kept_and_another_undone(play: Play) -> None:
    def scenario(helix: Helix, project: Project) -> None:
        helix.lines(FIRST, LAST)
        helix.act("Fix")
        helix.wait("not saved yet")
        helix.on_disk(project.source, with_changes(ZERO, EMPTY, MEAN))

        helix.find("0.0")
        helix.act("Keep this change")
        # Until this is read, it can come onto the next screen.
        helix.wait("Kept 1 change in prices.py; 2 to review.")
        helix.find("The mean")
        menu = helix.act("Undo this change")
        undone = helix.wait("Undone in prices.py, not saved yet")
        assert "The mean" not in undone
        helix.on_disk(project.source, with_changes(ZERO, EMPTY))
        if project.on_replay:
            documented("helix-review", menu, "review.md")
            documented("helix-undone", undone, "review.md")

        helix.type("gg")
        helix.act("Next change")
        helix.wait(" 8:")
        helix.type("u")
        helix.wait("The mean")
        helix.on_disk(project.source, with_changes(ZERO, EMPTY, MEAN))

    play(scenario, ANSWER, 'edit_format = "search-replace"\n')
