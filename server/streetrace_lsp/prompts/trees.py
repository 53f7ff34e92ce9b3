"""The symbol around some lines, as a language's grammar sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streetrace_lsp.edits.lines import LineIndex
from streetrace_lsp.prompts.grammars import GRAMMARS, parser

if TYPE_CHECKING:
    from tree_sitter import Node

Lines = tuple[int, int]

# What a declaration at the top level may be in.
_OPEN = frozenset(
    {
        "declaration_list",
        "namespace_definition",
        "linkage_specification",
        "impl_item",
        "trait_item",
        "mod_item",
        "preproc_if",
        "preproc_ifdef",
        "preproc_elif",
        "preproc_else",
    }
)


class Tree:
    """A parsed text. Lines are counted from 0, as in ``index``; the text may be broken."""

    def __init__(self, text: str, index: LineIndex, language: str) -> None:
        self._text = text
        self._index = index
        self._grammar = GRAMMARS[language]
        # Points count rows by "\n" alone, so the search goes by byte offsets.
        self._data = text.encode("utf-8", "surrogatepass")
        self._root = parser(language).parse(self._data).root_node

    def symbol(self, line: int, end: int) -> Lines | None:
        """The first and last line of the smallest symbol that holds the lines from ``line`` to
        ``end``, with what leads to it right above; None where there is none."""
        below = self._led_to(line)
        if below is not None and end <= below[1]:
            return below
        start = self._behind_leading(self._byte_at(line))
        node = self._symbol_at(start, max(start, self._last_byte(end)) if end > line else start)
        return self._with_leading(node) if node is not None else None

    def _symbol_at(self, start: int, end: int) -> Node | None:
        node = self._root.descendant_for_byte_range(start, end)
        while node is not None and not self._is_symbol(node):
            node = node.parent
        return node

    def _is_symbol(self, node: Node) -> bool:
        grammar = self._grammar
        known = (
            node.type in grammar.symbols
            or (node.type in grammar.at_top and _is_open(node))
            or (node.type in grammar.with_body and node.child_by_field_name("body") is not None)
        )
        # "@decorator def f" and "export function f" are one thing to a person.
        return known and (node.parent is None or node.parent.type not in grammar.wrappers)

    def _led_to(self, line: int) -> Lines | None:
        """The symbol below ``line``, where ``line`` is of a comment or attribute right above it."""
        led = False
        while line < self._index.line_count and (leading := self._leading_on(line)) is not None:
            led, line = True, leading[1] + 1
        if not led or line >= self._index.line_count or not self._index.line_text(line).strip():
            return None
        start = self._behind_leading(self._byte_at(line))
        node = self._symbol_at(start, start)
        if node is None or self._lines(node)[0] != line:
            return None
        return self._with_leading(node)

    def _with_leading(self, node: Node) -> Lines:
        first, last = self._lines(node)
        while first and (leading := self._leading_on(first - 1)) is not None:
            first = leading[0]
        return first, last

    def _leading_on(self, line: int) -> Lines | None:
        """The lines of what leads to a symbol, where it covers ``line``."""
        if not self._grammar.leading or not self._index.line_text(line).strip():
            return None
        node = self._leading_at(self._byte_at(line))
        if node is None:
            return None
        lines = self._lines(node)
        # Not what stands behind code, or before it: that is for this code alone.
        begins = self._byte_at(lines[0]) == node.start_byte
        return lines if begins and not self._rest(node) else None

    def _leading_at(self, byte: int) -> Node | None:
        node = self._root.descendant_for_byte_range(byte, byte)
        while node is not None and node.type not in self._grammar.leading:
            node = node.parent
        if node is None or self._data.startswith(b"#!", node.start_byte):
            return None
        # Rust's "//!" speaks of what it stands in.
        inner = any(child.type == "inner_doc_comment_marker" for child in node.children)
        return None if inner else node

    def _behind_leading(self, byte: int) -> int:
        """Where the code begins behind an attribute or comment on the same line."""
        while (node := self._leading_at(byte)) is not None and (rest := self._rest(node)):
            byte = self._data.index(rest, node.end_byte)
        return byte

    def _rest(self, node: Node) -> bytes:
        """What stands behind ``node`` on its last line."""
        if self._data.endswith(b"\n", node.start_byte, node.end_byte):
            return b""
        end = self._data.find(b"\n", node.end_byte)
        return self._data[node.end_byte : end if end >= 0 else len(self._data)].strip()

    def _lines(self, node: Node) -> Lines:
        start = len(self._data[: node.start_byte].decode("utf-8", "surrogatepass"))
        inner = self._data[node.start_byte : node.end_byte].decode("utf-8", "surrogatepass")
        first, _ = self._index.position(start, "utf-32")
        last, _ = self._index.position(start + len(inner.rstrip()), "utf-32")
        return first, last

    def _byte_at(self, line: int) -> int:
        """The offset in bytes of the first character of ``line`` that is not blank."""
        content = self._index.line_text(line)
        indent = len(content) - len(content.lstrip())
        return self._bytes(self._index.line_start(line) + indent)

    def _last_byte(self, line: int) -> int:
        content = self._index.line_text(line).rstrip()
        return self._bytes(self._index.line_start(line) + max(0, len(content) - 1))

    def _bytes(self, offset: int) -> int:
        return len(self._text[:offset].encode("utf-8", "surrogatepass"))


def _is_open(node: Node) -> bool:
    parent = node.parent
    while parent is not None and parent.type in _OPEN:
        parent = parent.parent
    return parent is not None and parent.parent is None
