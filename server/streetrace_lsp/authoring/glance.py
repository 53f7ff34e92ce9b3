"""What a text that is being typed declares, seen at a glance: parsing it takes too long."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_BACKEND: Final = re.compile(
    r"""^[ \t]*\[[ \t]*backends[ \t]*\.[ \t]*"?([A-Za-z0-9_.-]+?)"?[ \t]*\]""", re.MULTILINE
)
_PROVIDER: Final = re.compile(r"""^[ \t]*provider[ \t]*=[ \t]*["']([A-Za-z0-9_.-]+)["']""", re.M)
_HEADER: Final = re.compile(r"^[ \t]*\[", re.MULTILINE)


def declared_backends(text: str) -> Mapping[str, str]:
    """The provider of each backend that has a table of its own; empty where none is written."""
    found: dict[str, str] = {}
    for header in _BACKEND.finditer(text):
        behind = _HEADER.search(text, header.end())
        end = behind.start() if behind is not None else len(text)
        provider = _PROVIDER.search(text, header.end(), end)
        name = header[1].partition(".")[0]
        if name == header[1]:
            found[name] = provider[1] if provider is not None else ""
    return found
