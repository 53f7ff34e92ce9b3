"""The snippets of a documentation page, as a person copies them."""

from __future__ import annotations

import re

from editors.provisioned import REPOSITORY


def snippets(page: str, language: str) -> list[str]:
    """The fenced blocks of ``docs/PAGE`` in ``language``, in their order."""
    text = (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
    found = re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert found, f"{page} has no {language}"
    return found
