"""From the bytes of a configuration file to its table, or to the place where it breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Parsed:
    """The text of a file and its TOML table."""

    text: str
    table: dict[str, Any]


class BrokenTextError(Exception):
    """The text is not TOML 1.0 from the code-point offset ``position`` on."""

    def __init__(self, text: str, position: int, message: str) -> None:
        super().__init__(message)
        self.text = text
        self.position = position
        self.message = message


def parse(data: bytes) -> Parsed:
    """The table in ``data``, UTF-8 with or without a byte order mark. Raises `BrokenTextError`.

    Pure: nothing is expanded, included or executed.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        text = data.decode("utf-8", errors="replace")
        raise BrokenTextError(text, len(before), "the file is not UTF-8 here") from None
    import tomli

    mark = 1 if text.startswith("\ufeff") else 0
    try:
        table = tomli.loads(text[mark:])
    except tomli.TOMLDecodeError as error:
        position = _original(text[mark:], error.pos) + mark
        raise BrokenTextError(text, position, error.msg) from None
    except RecursionError:
        raise BrokenTextError(text, mark, "the file is nested too deeply") from None
    return Parsed(text, table)


def _original(text: str, position: int) -> int:
    """The offset in ``text`` of tomli's, which counts each \\r\\n as one character."""
    offset = 0
    for line in text.split("\r\n"):
        if position <= len(line):
            return offset + position
        position -= len(line) + 1
        offset += len(line) + 2
    return len(text)
