"""An instruction written as a comment, for editors that cannot ask for text."""

from __future__ import annotations

import re

from streetrace_lsp.edits.lines import LineIndex

# Any line-comment or block-comment opener, then "AI:" and the instruction.
_COMMENT = re.compile(
    r"^[^\S\r\n]*(?:#+|//+|--+|;+|%+|/\*+|<!--|\(\*|\{-|\"{1,3}|'{1,3}|\*|REM\b)"
    r"\s*AI:\s*(?P<words>.+?)\s*(?:\*+/|-->|\*\)|-\}|\"\"\"|''')?$"
)


def instruction_in(line: str) -> str | None:
    """The instruction in a comment line such as ``# AI: make this async``, or None.

    ``line`` comes without its end-of-line characters.
    """
    match = _COMMENT.match(line)
    return match["words"] if match else None


def comment_of(text: str, start: int, end: int, instruction: str) -> tuple[int, int] | None:
    """The whole line of ``text[start:end]`` whose comment gives the instruction, or None.

    The words that choose a model may be missing at the beginning of ``instruction``.
    """
    if not instruction.strip():
        return None
    index = LineIndex(text)
    first, _ = index.position(start, "utf-32")
    last, _ = index.position(end, "utf-32")
    for line in range(first, last + 1):
        words = instruction_in(index.line_text(line))
        if words is not None and words.endswith(instruction.strip()):
            at = index.line_start(line)
            below = index.line_start(line + 1) if line + 1 < index.line_count else len(text)
            return at, below
    return None


def with_code_below(text: str, start: int, end: int) -> tuple[int, int]:
    """A span that is nothing but an instruction, with the lines below it up to an empty one."""
    index = LineIndex(text)
    line, _ = index.position(start, "utf-32")
    if instruction_in(text[start:end].rstrip("\r\n")) is None:
        return start, end
    while line + 1 < index.line_count and index.line_text(line + 1).strip():
        line += 1
    return start, index.line_start(line + 1) if line + 1 < index.line_count else len(text)
