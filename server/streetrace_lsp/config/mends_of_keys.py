"""How a key that is not known here can be mended: another name, another table, or none."""

from __future__ import annotations

import re
from typing import Final

from .findings import Path
from .mend import Mend, quoted, remove, rename

# What `spellings.other_spelling` says where the key belongs into another table.
_ELSEWHERE: Final = re.compile(r"(\w+) (?:under \[(\w+)\]|at the top level)")
_TABLE: Final = re.compile(r"\[(\w+)(?:\.[A-Z]+)?\]")
_WITH_VARIABLE: Final = '= "${VARIABLE}"'
_VARIABLE: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def unknown_key_mends(
    path: Path, other: str | None, near: str | None, value: object
) -> tuple[Mend, ...]:
    """The ways to mend the unknown key at ``path``, which has this ``value``.

    ``other`` is what the key is called here, as `spellings.other_spelling` says it; ``near`` is a
    known name like it.
    """
    gone = remove(str(path[-1]))
    if other is None:
        return (rename(near), gone) if near else (gone,)
    if re.fullmatch(r"\w+", other):
        return rename(other), gone
    if other.endswith(_WITH_VARIABLE) and isinstance(value, str) and _VARIABLE.fullmatch(value):
        name, reference = other.partition(" ")[0], quoted(f"${{{value}}}")
        title = f"Change to {name} = {reference}"
        return Mend(title, "rename", name, value=reference), gone
    if found := _TABLE.fullmatch(other):
        # A table by another name stays one; what is no table can't become one by its name.
        return (rename(found[1]), gone) if isinstance(value, dict) else (gone,)
    found = _ELSEWHERE.fullmatch(other)
    if found is not None:
        name, table = found[1], found[2]
        where = f"under [{table}]" if table else "to the top"
        move = Mend(f"Move {where} as {name}", "move", name, (table,) if table else ())
        return move, gone
    return (gone,)
