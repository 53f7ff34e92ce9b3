"""Help in ``.streetrace.toml``, in real Emacs with the documented snippet."""

from __future__ import annotations

import pytest

from editors.emacs.conftest import Start
from editors.project import Project

pytestmark = pytest.mark.emacs

WRONG = 'model = "local/demo"\n\n[backends.local]\nprovider = "olama"\n'


def test_what_is_wrong_is_shown_and_mended(configured: Project, start: Start) -> None:
    config = configured.folder / ".streetrace.toml"
    configured.configure(WRONG)
    emacs = start(".streetrace.toml")
    emacs.wait("Flymake[1 ")
    emacs.go(4)
    emacs.act('Change to "ollama"')
    emacs.wait('provider = "ollama"')
    emacs.on_disk(config, WRONG.replace("olama", "ollama"))
