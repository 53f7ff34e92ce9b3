"""What in an otherwise good edit a person should confirm first."""

from __future__ import annotations

import re

from streetrace_lsp.edits.characters import hidden
from streetrace_lsp.edits.paths import runs_in_ci

_SCHEMA = re.compile(r"""\$schema["']?\s*[:=]\s*["']?([a-zA-Z][\w+.-]*:)?//[^\s"',}]+""")


def reasons(path: str, old: str | None, new: str | None) -> tuple[str, ...]:
    """Sentences that say why this edit needs confirmation; empty where it doesn't.

    ``old`` and ``new`` are whole texts of the file; None where it does not exist.
    """
    old, new = old or "", new or ""
    found = [f"The edit adds the hidden character {name}." for name in hidden(old, new)]
    before = {match[0] for match in _SCHEMA.finditer(old)}
    if any(match[0] not in before for match in _SCHEMA.finditer(new)):
        found.append("The edit adds a $schema address, which editors fetch by themselves.")
    if runs_in_ci(path):
        found.append(f"{path} runs in continuous integration.")
    return tuple(found)
