"""The tables and keys of a configuration file, as a tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from streetrace_lsp.config.mend import Path
from streetrace_lsp.config.positions import Place, Positions


@dataclass
class Entry:
    """A table or a key. ``whole`` and ``name_range`` are offsets in code points."""

    name: str
    kind: Literal["table", "key"]
    whole: tuple[int, int]
    name_range: tuple[int, int]
    below: list[Entry] = field(default_factory=list)


def outline(text: str) -> list[Entry]:
    """The entries of the top, with what stands in each, in the order of the text."""
    places = Positions(text).places
    top: list[Entry] = []
    tables: dict[Path, Entry] = {}
    for path, place in sorted(places.items(), key=lambda found: found[1].whole):
        if place.holder == "table":
            entry = tables[path] = _entry(text, ".".join(map(str, path)), "table", place)
            top.append(entry)
    for path, place in sorted(places.items(), key=lambda found: found[1].key):
        if place.holder in {"pair", "inline"}:
            table = next((path[:n] for n in range(len(path) - 1, 0, -1) if path[:n] in tables), ())
            name = ".".join(map(str, path[len(table) :]))
            entry = _entry(text, name, "key", place)
            (tables[table].below if table else top).append(entry)
    return sorted(top, key=lambda entry: entry.whole)


def backends_in(text: str) -> list[tuple[str, tuple[int, int]]]:
    """Each backend with the range of its name in the header, or key, that declares it."""
    places = Positions(text).places
    return [
        (str(path[1]), place.key)
        for path, place in sorted(places.items(), key=lambda found: found[1].key)
        if len(path) == 2 and path[0] == "backends"
    ]


def table_at(text: str, offset: int) -> Path:
    """The table whose header is the last one before ``offset``; () above all of them."""
    found = [
        (place.whole[0], path)
        for path, place in Positions(text).places.items()
        if place.holder == "table" and place.whole[0] < offset
    ]
    return max(found, default=(0, ()))[1]


def _entry(text: str, name: str, kind: Literal["table", "key"], place: Place) -> Entry:
    start, end = place.whole
    end = start + len(text[start:end].rstrip())
    return Entry(name, kind, (start, max(end, place.key[1])), place.key)
