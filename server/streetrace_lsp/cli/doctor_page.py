"""The doctor's findings as a page for a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from streetrace_lsp.routing import findings

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.routing.diagnosis import Diagnosis
    from streetrace_lsp.routing.findings import Remark

_WIDE: Final = 10


def head(version: str, configuration: Configuration) -> list[str]:
    """The version, the files with their trust, and the problems in them."""
    lines = [f"streetrace-lsp {version}", ""]
    for remark in findings.remarks(configuration):
        lines.append(_marked(remark))
        if remark.next_step:
            lines.append(f"  {_arrow()} {remark.next_step}")
    return lines


def target(one: Diagnosis, *, default: bool) -> list[str]:
    """A few lines about one target."""
    name = findings.title(one)
    lines = ["", f"{_mark(ok=one.answered)} {name}{'  (the default)' if default else ''}"]
    return lines + [f"    {name:<{_WIDE}}{words}" for name, words in findings.rows(one)]


def end(configuration: Configuration, found: Sequence[Diagnosis]) -> list[str]:
    """The result in a sentence."""
    return ["", *(_marked(remark) for remark in findings.ending(configuration, found))]


def _marked(remark: Remark) -> str:
    marks = {"plain": "", "warning": "! ", "error": f"{_mark(ok=False)} "}
    return f"{marks[remark.kind]}{remark.words}"


def _mark(*, ok: bool) -> str:
    good, bad = ("✓", "✗") if _can_write("✓✗") else ("ok", "!!")
    return good if ok else bad


def _arrow() -> str:
    return "→" if _can_write("→") else "->"


def _can_write(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
