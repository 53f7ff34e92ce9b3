"""Help in ``.streetrace.toml``, in real Helix with the documented snippet."""

from __future__ import annotations

import re

import pytest

from editors.conftest import Play
from editors.helix.conftest import Start
from editors.helix.session import Helix
from editors.project import FIRST, FIXED, LAST, REPLY, Project
from editors.screens import documented

pytestmark = pytest.mark.helix

WRONG = 'model = "local/demo"\n\n[backends.local]\nprovider = "olama"\n'


def test_what_is_wrong_is_shown_and_mended(project: Project, start: Start) -> None:
    project.configure(WRONG)
    helix = start(".streetrace.toml")
    helix.wait("no provider olama")
    helix.type("]d")
    helix.wait(" 4:")
    menu = helix.menu("Streetrace: Change to")
    documented("helix-configuration", menu, "editors/helix.md")


def test_what_is_mended_is_in_force(play: Play) -> None:
    def scenario(helix: Helix, project: Project) -> None:
        path = project.folder / ".streetrace.toml"
        right = path.read_text(encoding="utf-8")
        # A letter of the provider's name is missing.
        provider = re.search('provider = "(.*?)"', right)[1]
        path.write_text(right.replace(f'"{provider}"', f'"{provider[1:]}"'), encoding="utf-8")
        helix.command("open .streetrace.toml")
        helix.wait(f"no provider {provider[1:]}")
        helix.type("]d")
        helix.wait(" 4:")
        helix.act(f'Change to "{provider}"')
        helix.on_disk(path, right)
        helix.command("open prices.py")
        helix.wait("def total")
        helix.lines(FIRST, LAST)
        helix.act("Fix")
        helix.wait("not saved yet")
        helix.on_disk(project.source, FIXED)

    play(scenario, REPLY)
