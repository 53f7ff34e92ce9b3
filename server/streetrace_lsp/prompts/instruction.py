"""An instruction written as a comment, for editors that cannot ask for text."""

from __future__ import annotations

import re

# Any line-comment or block-comment opener, then "AI:" and the instruction.
_COMMENT = re.compile(
    r"^[^\S\r\n]*(?:#+|//+|--+|;+|%+|/\*+|<!--|\"|'|\*|REM\b)\s*AI:\s*(?P<words>.+?)\s*(?:\*/|-->)?$"
)


def instruction_in(line: str) -> str | None:
    """The instruction in a comment line such as ``# AI: make this async``, or None.

    ``line`` comes without its end-of-line characters.
    """
    match = _COMMENT.match(line)
    return match["words"] if match else None
