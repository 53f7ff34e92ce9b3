"""What else is wrong in a text that is no TOML: it is read once more without what breaks it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from .parse import BrokenTextError, parse
from .syntax import line_of_error

# A text that is no configuration at all breaks in every line.
_MOST: Final = 10
_HEADER: Final = re.compile(r"^[ \t]*\[", re.MULTILINE)
_NOT_A_LINE_END: Final = re.compile(r"[^\r\n]")


@dataclass(frozen=True)
class Recovered:
    """A text without the lines that break it, and every error on the way there.

    There are blanks in place of those lines, so that places in it are places in the file.
    """

    text: str
    errors: tuple[BrokenTextError, ...]


def recover(error: BrokenTextError) -> Recovered | None:
    """What can be read of a text that breaks with ``error``; None where nothing can.

    A line that breaks goes; a header that breaks takes its whole table along, whose keys would
    otherwise seem to stand in the one before.
    """
    text, errors = error.text, [error]
    while len(errors) <= _MOST:
        start, end = line_of_error(errors[-1])
        if not text[start:end].strip():
            break
        if _HEADER.match(text, start):
            following = _HEADER.search(text, end)
            end = following.start() if following else len(text)
        text = text[:start] + _NOT_A_LINE_END.sub(" ", text[start:end]) + text[end:]
        try:
            parse(text.encode("utf-8", "replace"))
            return Recovered(text, tuple(errors))
        except BrokenTextError as next_error:
            errors.append(next_error)
    return None
