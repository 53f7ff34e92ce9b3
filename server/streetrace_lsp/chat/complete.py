"""What can be written at a place in a question: attachments, their arguments, actions, models."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from streetrace_lsp.chat.attachments import KINDS

# A list that nobody reads to its end.
_MOST = 100

_KIND = re.compile(r"(?<![\w@/.`])@(?P<typed>\w*)\Z")
_ARGUMENT = re.compile(
    r"(?<![\w@/.`])@(?P<kind>file|selection|symbol)[ \t]+\"?(?P<typed>[^\s\"]*)\Z"
)
_ACTION = re.compile(r"\A[ \t]*/(?P<typed>[\w-]*)\Z")
_USE = re.compile(r"\A[ \t]*use[ \t]+(?P<typed>\S*)\Z", re.I)


@dataclass(frozen=True)
class Candidate:
    """``text`` takes the place of the last ``replaced`` characters before the cursor."""

    label: str
    text: str
    replaced: int
    detail: str = ""


@dataclass(frozen=True)
class Known:
    """What there is: the slow ones are asked for only where they are needed, in a thread."""

    paths: Callable[[], Iterable[str]]
    symbols: Callable[[], Iterable[str]]
    selections: Sequence[str]
    actions: Sequence[tuple[str, str]]
    targets: Sequence[str]


async def complete(line: str, known: Known, *, first: bool) -> list[Candidate] | None:
    """What fits behind ``line``, the text before the cursor; ``first``: it begins a question."""
    if found := _ARGUMENT.search(line):
        typed = found["typed"]
        if found["kind"] == "selection":
            return _fitting(known.selections, typed)
        given = known.paths if found["kind"] == "file" else known.symbols
        quoted = line[found.start("typed") - 1] == '"'
        return await asyncio.to_thread(lambda: _fitting(given(), typed, quoted=quoted))
    if found := _KIND.search(line):
        typed = found["typed"]
        return [
            Candidate(
                f"@{kind} {takes}".rstrip(), f"@{kind}{' ' if takes else ''}", len(typed) + 1, sends
            )
            for kind, (takes, sends) in KINDS.items()
            if kind.startswith(typed)
        ]
    if found := _ACTION.match(line):
        typed = found["typed"]
        return [
            Candidate(f"/{name}", f"/{name}", len(typed) + 1, title)
            for name, title in known.actions
            if name.startswith(typed)
        ]
    if first and (found := _USE.match(line)):
        return _fitting([f"{target}:" for target in known.targets], found["typed"])
    return None


def _fitting(given: Iterable[str], typed: str, *, quoted: bool = False) -> list[Candidate]:
    """Those that hold what was typed, the ones that begin with it first."""
    wanted = typed.casefold()
    begins, holds = [], []
    for name in dict.fromkeys(given):
        plain = name.casefold()
        if plain.startswith(wanted) or plain.rpartition("/")[2].startswith(wanted):
            begins.append(name)
        elif wanted in plain:
            holds.append(name)
    found = []
    for name in [*begins, *holds][:_MOST]:
        text = f'"{name}"' if " " in name and not quoted else name
        found.append(Candidate(name, text, len(typed)))
    return found
