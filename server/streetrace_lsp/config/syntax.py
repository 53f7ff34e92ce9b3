"""A TOML syntax error with the range that a person has to look at, and what to write there."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

from .mends_of_syntax import AMOUNT, syntax_mends, without_curly
from .parse import BrokenTextError
from .problems import Problem

_CLOSE_SINGLE: Final = 'Expected "\'"'
# What tomli says where a text runs on past its line.
_OPEN_TEXT: Final = ("Found invalid character", "Unterminated", "Expected '\"'", _CLOSE_SINGLE)
_BARE: Final = re.compile(r"[^\s#\[\]{},\"'=][^#\n\[\]{},\"'=]*")


def syntax_problem(path: Path, error: BrokenTextError) -> Problem:
    """The problem for a text that can't be parsed."""
    position = _position(error)
    start, end = _range(error.text, position, error.message)
    message = _in_words(error.message)
    return Problem(
        path,
        start,
        end,
        "error",
        "syntax",
        f"This is not TOML: {message}.",
        _suggestion(error.text, position, error.message),
        mends=syntax_mends(error.text, position, error.message, _line(error.text, position)),
    )


def _position(error: BrokenTextError) -> int:
    """Where to look. tomli says of an open '…' that the text ends: then its quote is the last."""
    if error.message != _CLOSE_SINGLE:
        return error.position
    quote = error.text.rfind("'")
    return _line(error.text, quote)[1] if quote >= 0 else error.position


def line_of_error(error: BrokenTextError) -> tuple[int, int]:
    """The range of the line that a person has to look at."""
    return _line(error.text, _position(error))


def _in_words(message: str) -> str:
    """What tomli says, without its own notation of line ends and names."""
    twice = re.fullmatch(r"Cannot declare (\(.*\)) twice", message)
    if twice is not None:
        return f"[{'.'.join(ast.literal_eval(twice[1]))}] stands here twice"
    if message.startswith("Cannot mutate immutable"):
        return "this table was closed with its braces, and can't be added to"
    if message.startswith(_OPEN_TEXT) or message == "Illegal character '\\n'":
        return "a text is not closed on its line"
    return message[:1].lower() + message[1:]


def _line(text: str, position: int) -> tuple[int, int]:
    """The range of the line around ``position``; an error at a line's end belongs to it."""
    position = min(position, len(text))
    start = text.rfind("\n", 0, position) + 1
    if position == start and start and not text[start:].split("\n", 1)[0].strip():
        # At the end of the text, or on an empty line: the statement before is meant.
        before = text[:start].rstrip()
        start = before.rfind("\n") + 1
        return start, len(before)
    end = text.find("\n", position)
    return start, len(text[: end if end >= 0 else len(text)].rstrip("\r"))


def _range(text: str, position: int, message: str) -> tuple[int, int]:
    line_start, line_end = _line(text, position)
    content_start = (
        line_start + len(text[line_start:line_end]) - len(text[line_start:line_end].lstrip())
    )
    at_end = position >= line_end or not text[position:line_end].strip()
    quote = re.search("[\"']", text[line_start:line_end])
    if message.startswith(("Illegal character", *_OPEN_TEXT)) and quote:
        return line_start + quote.start(), line_end
    if at_end or message.startswith("Cannot"):
        end = line_start + len(text[line_start:line_end].rstrip())
        return content_start, max(end, content_start)
    if message == "Invalid value" or message.startswith("Expected newline"):
        end = line_start + len(_without_comment(text[line_start:line_end]).rstrip())
        return position, max(end, position + 1)
    return position, min(position + 1, len(text))


def _without_comment(line: str) -> str:
    return re.sub(r"\s#.*", "", line)


def _suggestion(text: str, position: int, message: str) -> str:  # noqa: PLR0912 # one per mistake
    line_start, line_end = _line(text, position)
    line = text[line_start:line_end]
    after = text[position:line_end] if position <= line_end else ""
    if message == "Invalid value":
        word = _without_comment(after).strip()
        if not word:
            return 'Write a value after the "=".'
        if word.lower() in {"true", "false"}:
            return f"Write {word.lower()} in lower case."
        if word.lower() in {"null", "none", "nil"}:
            return "Leave the line out: TOML has no empty value."
        if amount := AMOUNT.fullmatch(word):
            return f"Write the number alone: {amount[1]}."
        if _BARE.fullmatch(word):
            return f'Put text in quotes: "{without_curly(word)}".'
        return "Write text in quotes, a number, true, false, a [list] or a {table}."
    if message.startswith("Expected '='"):
        if after.startswith(":"):
            return 'Write "=" instead of ":".'
        return 'Write "=" and a value after the key.'
    if message.startswith(("Illegal character", *_OPEN_TEXT)):
        return "Close the text with a quote on the same line."
    if "Unescaped" in message:
        return "Write \\\\ for a backslash, or put the text in single quotes."
    if message.startswith("Expected ']'"):
        return 'Close the name of the table with "]".'
    if message.startswith("Unclosed array"):
        return 'Close the list with "]".'
    if message.startswith(("Unclosed inline", "Expected '}'")):
        return 'Close the table with "}".'
    if message.startswith("Cannot overwrite"):
        return "This key stands in the file twice: remove one of the two."
    if message.startswith("Cannot declare"):
        return "This table stands in the file twice: put their keys together."
    if message.startswith("Expected newline"):
        return "Write one setting per line."
    if "UTF-8" in message:
        return "Save the file as UTF-8."
    if message == "Invalid statement" and re.match(r"\s*[^\x00-\x7f]", line):
        return "Put the key in quotes."
    return "Write KEY = VALUE, or the name of a table in brackets."
