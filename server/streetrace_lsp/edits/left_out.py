"""What an answer leaves out of the code whose place it takes: it may be only a part of it.

A model that is asked for a fix often writes the one function that it changed. Nobody can tell that
from an answer that leaves the others out on purpose, so the person decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

# Of a file with more lines than this, an answer that is shorter than this share and keeps less than
# half of them is doubtful. Deeper inside, so many definitions at least make a list of them.
_SHORT = 5
_SHRUNK = 0.6
_KEPT = 0.5
_LIST = 3
_NAMED = 3

_WORDS = re.compile(r"\w+")
_KEYWORD = re.compile(
    r"(?:(?:export|default|pub|public|private|protected|static|abstract|final|async|override|open"
    r"|inline|local|data|sealed|partial|virtual)(?:\(\w+\))?\s+)*"
    r"(?:def|class|func|function\*?|fn|fun|sub|struct|enum|interface|trait|impl|protocol|module"
    r"|namespace|record|object|macro_rules!)\s+(?P<name>\w+)"
)
# As C, C++, C# and Java define a function: a type, a name, parameters, and an opening brace.
_TYPED = re.compile(
    r"(?:[\w:<>,*&\[\]?~]+\s+)+[*&]*(?P<name>[\w:~]+)\s*\([^;]*(?:[{,(]|\)[\w\s]*)\Z"
)
_CONTROL = re.compile(
    r"(?:if|else|for|foreach|while|switch|match|catch|return|do|with|case|new|throw|await|yield)\b"
)
_LONGEST = 300


def left_out(old: Sequence[str], new: Sequence[str], *, whole_file: bool) -> str | None:
    """A sentence for the person who has to agree, or None where nothing is missing.

    ``old`` are the selected lines, ``new`` those of the answer; ``whole_file``: all of it was
    selected.
    """
    before, after = _definitions(old), _definitions(new)
    words = set(_WORDS.findall("\n".join(new)))
    missing = [(name, depth) for name, depth in before if name not in words]
    top = [name for name, depth in missing if not depth]
    inner = [name for name, depth in missing if depth]
    many = len(inner) >= _LIST and len(inner) * 2 > sum(depth > 0 for _, depth in before)
    names = [*top, *(inner if top or many else ())]
    if names and len(after) < len(before):
        more = len(names) - _NAMED
        said = ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
        return f"The answer leaves out {said}, and takes the place of {_lines(len(old))}."
    if whole_file and _is_fraction(old, new):
        return f"The answer has {_lines(len(new))} and takes the place of all {_lines(len(old))}."
    return None


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count:,} lines"


def _definitions(lines: Sequence[str]) -> list[tuple[str, int]]:
    """The names that lines define, each with how deep it stands: 0 for the outermost."""
    found: list[tuple[str, int]] = []
    for line in lines:
        said = line.strip()
        if len(said) > _LONGEST:
            continue
        match = _KEYWORD.match(said) or (None if _CONTROL.match(said) else _TYPED.match(said))
        if match is not None:
            wide = line.expandtabs(4)
            found.append((match["name"].rpartition(":")[2], len(wide) - len(wide.lstrip(" "))))
    least = min((indent for _, indent in found), default=0)
    return [(name, indent - least) for name, indent in found]


def _is_fraction(old: Sequence[str], new: Sequence[str]) -> bool:
    before, after = ([line.strip() for line in lines if line.strip()] for lines in (old, new))
    kept = (Counter(before) & Counter(after)).total()
    shrunk = len(after) < len(before) * _SHRUNK
    return len(before) > _SHORT and shrunk and kept < len(before) * _KEPT
