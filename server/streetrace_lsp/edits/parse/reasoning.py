"""Reasoning that a model leaves in its reply: ``<think>`` … ``</think>`` and kin.

It may quote edits that the model then thought better of, so it never reaches a grammar.
"""

from __future__ import annotations

import re

_OPEN = re.compile(r"\s*<(think|thinking|thought|reasoning|analysis)>", re.IGNORECASE)
_LOST_CLOSE = re.compile(r"\s*</(?:think|thinking|thought|reasoning|analysis)>", re.IGNORECASE)


def opened(line: str) -> tuple[str, str] | None:
    """The closing tag to wait for and what follows the opening one; None where none opens."""
    if "<" not in line[:40]:
        return None
    match = _OPEN.match(line)
    return None if match is None else (f"</{match[1].lower()}>", line[match.end() :])


def closed(line: str, tag: str) -> str | None:
    """What follows the closing tag on this line; None where reasoning goes on."""
    at = line.lower().find(tag)
    return None if at < 0 else line[at + len(tag) :]


def lost_close(line: str) -> str | None:
    """What follows a closing tag that nothing opened, at the start of a line.

    Some chat templates put the opening tag into the prompt: all before it is reasoning.
    """
    if "</" not in line[:40]:
        return None
    match = _LOST_CLOSE.match(line)
    return None if match is None else line[match.end() :]
