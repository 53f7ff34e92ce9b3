"""Help in ``.streetrace.toml``, in real Helix with the documented snippet."""

from __future__ import annotations

import pytest

from editors.helix.conftest import Start
from editors.project import Project
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
