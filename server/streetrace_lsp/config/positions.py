"""Where each key and value of a TOML file stands, in code points; tolerant of broken files.

Imports tree-sitter: import this module only when there is a problem to show.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

import tree_sitter_toml
from tree_sitter import Language, Parser

if TYPE_CHECKING:
    from tree_sitter import Node

Path = tuple[str | int, ...]
Range = tuple[int, int]
_TABLES: Final = frozenset({"table", "table_array_element"})
# Lines on which a table or a key begins.
_STATEMENT: Final = re.compile(rb"^[ \t]*(?:\[|[\w\"'.-][\w\"'. -]*=)", re.MULTILINE)
Holder = Literal["pair", "table", "inline", "array", "part"]


@dataclass(frozen=True, slots=True)
class Place:
    """The ranges of a key and of its value; for a table, the value is its header's name.

    ``whole``: the statement that the key stands in, or the table from its header on. ``holder``:
    what that is: a ``pair`` on lines of its own, a ``table``, or an entry of an ``inline`` table or
    an ``array``.
    """

    key: Range
    value: Range
    whole: Range = (0, 0)
    holder: Holder = "pair"


class Positions:
    """The places in one text by path, for example ``("backends", "claude", "api_key")``."""

    def __init__(self, text: str) -> None:
        self._text = text
        data = text.encode("utf-8", "surrogatepass")
        self._ascii = len(data) == len(text)
        self._data = data
        self._places: dict[Path, Place] = {}
        self._arrays: dict[Path, int] = {}
        # Where the piece that is looked at begins, in bytes.
        self._base = 0
        parser = Parser(Language(tree_sitter_toml.language()))
        tree = parser.parse(data)
        if tree.root_node.has_error:
            self._by_pieces(parser)
        else:
            self._walk(tree.root_node, ())

    @property
    def places(self) -> Mapping[Path, Place]:
        """Every place that was found."""
        return self._places

    def key(self, path: Path) -> Range:
        """The range of the key at ``path``, else of the nearest table around it, else (0, 0)."""
        return self._nearest(path).key

    def value(self, path: Path) -> Range:
        """The range of the value at ``path``, else of what is nearest around it, else (0, 0)."""
        return self._nearest(path).value

    def _nearest(self, path: Path) -> Place:
        while path:
            if path in self._places:
                return self._places[path]
            path = path[:-1]
        return Place((0, 0), (0, 0))

    def _by_pieces(self, parser: Parser) -> None:
        """A broken statement spoils itself alone: every other one is parsed for itself."""
        table: Path = ()
        starts = [match.start() for match in _STATEMENT.finditer(self._data)]
        for start, end in pairwise([0, *(at for at in starts if at), len(self._data)]):
            self._base = start
            piece = parser.parse(self._data[start:end]).root_node
            header = next((n for n in piece.named_children if n.type in _TABLES), None)
            if header is not None:
                table = self._table(header, ())
            else:
                self._walk(piece, table)
        self._base = 0

    def _walk(self, node: Node, prefix: Path) -> None:
        for child in node.named_children:
            if child.type in _TABLES:
                self._table(child, ())
            elif child.type == "pair":
                self._pair(child, prefix)
            elif child.type == "ERROR":
                self._walk(child, prefix)

    def _table(self, node: Node, prefix: Path) -> Path:
        header = next(iter(node.named_children), None)
        if header is None:
            return prefix
        path = self._note_keys(header, prefix, None, (self._range(node), "table"))
        if node.type == "table_array_element":
            index = self._arrays.get(path, 0)
            self._arrays[path] = index + 1
            path = (*path, index)
            whole = self._range(node)
            name = self._range(header)
            self._places.setdefault(path, Place(name, name, whole, "table"))
        for child in node.named_children[1:]:
            if child.type == "pair":
                self._pair(child, path)
            elif child.type == "ERROR":
                self._walk(child, path)
        return path

    def _pair(self, node: Node, prefix: Path, holder: Holder = "pair") -> None:
        named = [child for child in node.named_children if child.type != "comment"]
        if not named:
            return
        value = named[-1] if len(named) > 1 and named[-1].type != "ERROR" else None
        path = self._note_keys(named[0], prefix, value, (self._range(node), holder))
        if value is not None:
            self._value(value, path)

    def _value(self, node: Node, path: Path) -> None:
        if node.type == "inline_table":
            for child in node.named_children:
                if child.type == "pair":
                    self._pair(child, path, "inline")
        elif node.type == "array":
            items = [child for child in node.named_children if child.type != "comment"]
            for index, item in enumerate(items):
                here = self._range(item)
                place = Place(here, here, here, "array")
                self._places.setdefault((*path, index), place)
                self._value(item, (*path, index))

    def _note_keys(
        self, node: Node, prefix: Path, value: Node | None, within: tuple[Range, Holder]
    ) -> Path:
        """Notes every part of a dotted key; only the last part has the value."""
        path = prefix
        parts = list(_parts(node))
        for part in parts:
            path = (*path, self._name(part))
            if path not in self._places or part is parts[-1]:
                where = self._range(value if value is not None and part is parts[-1] else part)
                whole, holder = within
                last_part = holder if part is parts[-1] else "part"
                self._places[path] = Place(self._range(part), where, whole, last_part)
            last = self._arrays.get(path)
            if last and part is not parts[-1]:
                path = (*path, last - 1)
        return path

    def _name(self, node: Node) -> str:
        start, end = self._base + node.start_byte, self._base + node.end_byte
        text = self._data[start:end].decode("utf-8", "replace")
        if node.type != "quoted_key":
            return text
        import tomli

        try:
            return next(iter(tomli.loads(f"{text}=0")))
        except (tomli.TOMLDecodeError, StopIteration):
            return text.strip("\"'")

    def _range(self, node: Node) -> Range:
        start, end = self._base + node.start_byte, self._base + node.end_byte
        return (start, end) if self._ascii else (self._offset(start), self._offset(end))

    def _offset(self, byte: int) -> int:
        return len(self._data[:byte].decode("utf-8", "replace"))


def _parts(node: Node) -> Iterator[Node]:
    if node.type == "dotted_key":
        for child in node.named_children:
            yield from _parts(child)
    else:
        yield node
