"""How a TOML syntax error can be mended, where one change is what a person would do."""

from __future__ import annotations

import re
from typing import Final

from .mend import Mend, quoted

_EMPTY: Final = frozenset({"null", "none", "nil"})
_COMMENT: Final = re.compile(r"\s#.*")
# An amount with its currency: TOML has the number alone.
AMOUNT: Final = re.compile(r"[$€£]?\s*(\d+(?:\.\d+)?)\s*[$€£]?")
_SINGLE: Final = 'Expected "\'"'
_CURLY: Final = "“”„‟‘’‚«»"
_BARE: Final = re.compile(r"[^\s#\[\]{},\"'=][^#\n\[\]{},\"'=]*")


def syntax_mends(text: str, position: int, message: str, line: tuple[int, int]) -> tuple[Mend, ...]:
    """The ways to mend what tomli says of ``position``; ``line`` is the range of the line meant."""
    start, end = line
    after = text[position:end] if position <= end else ""
    found: Mend | None = None
    if message == "Invalid value":
        found = _value(after, position, line)
    elif message.startswith("Expected '='") and after.startswith(":"):
        found = _splice('Change ":" to "="', (position, position + 1), " =")
    elif message.startswith(("Illegal", "Found invalid", "Expected '\"'", "Unterminated", _SINGLE)):
        found = _close_text(text[start:end], end)
    elif "Unescaped" in message:
        found = _escape(text[start:end], start)
    elif message.startswith("Expected ']'"):
        found = _close_header(text[start:end], start)
    elif message.startswith("Cannot overwrite"):
        found = _remove_line(text, line)
    elif message.startswith("Expected newline") and re.match(r"[\w\"'-]+\s*=", after):
        found = _splice("Put it on a line of its own", (position, position), "\n")
    return (found,) if found is not None else ()


def _splice(title: str, span: tuple[int, int], text: str) -> Mend:
    return Mend(title, "splice", text, span=span)


def _value(after: str, position: int, line: tuple[int, int]) -> Mend | None:
    word = _COMMENT.sub("", after).strip()
    begin = position + len(after) - len(after.lstrip())
    span = (begin, begin + len(word))
    if word.lower() in {"true", "false"}:
        return _splice(f"Change to {word.lower()}", span, word.lower())
    if word.lower() in _EMPTY:
        return _splice("Remove the line", line, "")
    if amount := AMOUNT.fullmatch(word):
        return _splice(f"Change to {amount[1]}", span, amount[1])
    if _BARE.fullmatch(word):
        return _splice("Put it in quotes", span, quoted(without_curly(word)))
    return None


def _close_text(line: str, end: int) -> Mend | None:
    content = line.rstrip()
    first = re.search("[\"']", content)
    if first is None:
        return None
    quote = first[0]
    # A comment behind an open text is a part of it to TOML; a person meant it as a comment.
    comment = _COMMENT.search(content)
    if comment is not None and content[: comment.start()].count(quote) % 2:
        content = content[: comment.start()]
    if content.count(quote) % 2 == 0:
        return None
    at = end - len(line) + len(content)
    return _splice("Close the text with a quote", (at, at), quote)


def without_curly(word: str) -> str:
    """``word`` without the quotes of a text processor around it."""
    return word.strip(_CURLY)


def _escape(line: str, start: int) -> Mend | None:
    found = re.search(r'"[^"]*\\[^"]*"', line)
    if found is None:
        return None
    span = (start + found.start(), start + found.end())
    return _splice("Double the backslashes", span, found[0].replace("\\", "\\\\"))


def _close_header(line: str, start: int) -> Mend:
    content = _COMMENT.sub("", line).rstrip().rstrip("]")
    at = start + len(content)
    closing = "]]" if content.lstrip().startswith("[[") else "]"
    length = len(_COMMENT.sub("", line).rstrip()) - len(content)
    return _splice(f"Close the name of the table with {closing}", (at, at + length), closing)


def _remove_line(text: str, line: tuple[int, int]) -> Mend:
    start, end = line
    behind = re.compile(r"\r\n|\n|\r").match(text, end)
    return _splice("Remove this line", (start, behind.end() if behind else end), "")
