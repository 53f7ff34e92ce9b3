"""Help in ``.streetrace.toml``, in real Emacs, and what is mended works at once."""

from __future__ import annotations

import pytest

from editors.conftest import Play
from editors.emacs.session import Emacs
from editors.project import FIRST, FIXED, LAST, REPLY, Project

pytestmark = pytest.mark.emacs

WRONG, RIGHT = 'review = "reveiw"', 'review = "review"'


def test_what_is_wrong_is_shown_and_mended(play: Play) -> None:
    def scenario(emacs: Emacs, project: Project) -> None:
        config = project.folder / ".streetrace.toml"
        before = config.read_text(encoding="utf-8")
        emacs.wait("Flymake[0 ")
        emacs.go(1)
        emacs.type(f"{WRONG}\n")
        emacs.wait("Flymake[1 ")
        emacs.go(1)
        emacs.press("M-f", "C-f", "C-f", "C-f", "C-f", "C-f")
        emacs.act('Change to "review"')
        emacs.wait(RIGHT)
        emacs.on_disk(config, f"{RIGHT}\n{before}")

        emacs.visit("prices.py")
        emacs.lines(FIRST, LAST)
        emacs.act("Fix")
        emacs.wait("return sum(prices)")
        emacs.on_disk(project.source, FIXED)

    play(scenario, REPLY, "", ".streetrace.toml")
