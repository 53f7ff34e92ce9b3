"""Which lines are meant when nothing is selected: the enclosing function, class or table."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from streetrace_lsp.edits.lines import LineIndex

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

# Node types that a person would call "this function" or "this class", by LSP language.
_PYTHON = {"function_definition", "class_definition", "decorated_definition"}
_SCRIPT = {
    "function_declaration",
    "generator_function_declaration",
    "class_declaration",
    "abstract_class_declaration",
    "method_definition",
    "interface_declaration",
    "type_alias_declaration",
    "enum_declaration",
    "lexical_declaration",
    "variable_declaration",
    "export_statement",
}
_TOML = {"table", "table_array_element", "pair"}
_NODES = {
    "python": _PYTHON,
    "javascript": _SCRIPT,
    "javascriptreact": _SCRIPT,
    "typescript": _SCRIPT,
    "typescriptreact": _SCRIPT,
    "toml": _TOML,
}
_INDENTED = frozenset({"python", "yaml", "nim", "haml", "pug", "coffeescript", "fsharp"})


def enclosing(text: str, offset: int, language: str) -> tuple[int, int]:
    """The whole lines, as code point offsets (start, end), of the symbol around ``offset``.

    Tree-sitter decides for Python, JavaScript, TypeScript and TOML; elsewhere indentation
    or braces do. Where no symbol encloses the offset, its own line is meant.
    """
    index = LineIndex(text)
    line, _ = index.position(offset, "utf-32")
    if language in _NODES:
        lines = _by_grammar(text, index, line, language)
    elif language in _INDENTED:
        lines = _by_indentation(index, line)
    else:
        lines = _by_braces(index, line)
    first, last = lines or (line, line)
    return index.line_start(first), _end_of_line(index, last, text)


def _end_of_line(index: LineIndex, line: int, text: str) -> int:
    """The offset behind a line, its end-of-line characters included."""
    return index.line_start(line + 1) if line + 1 < index.line_count else len(text)


@lru_cache(maxsize=8)
def _parser(language: str) -> Parser:
    from tree_sitter import Language, Parser

    grammar: Any
    if language == "python":
        import tree_sitter_python

        grammar = tree_sitter_python.language()
    elif language == "toml":
        import tree_sitter_toml

        grammar = tree_sitter_toml.language()
    elif language in {"typescript", "typescriptreact"}:
        import tree_sitter_typescript

        grammar = (
            tree_sitter_typescript.language_typescript()
            if language == "typescript"
            else tree_sitter_typescript.language_tsx()
        )
    else:
        import tree_sitter_javascript

        grammar = tree_sitter_javascript.language()
    return Parser(Language(grammar))


def _by_grammar(text: str, index: LineIndex, line: int, language: str) -> tuple[int, int] | None:
    # Points count rows by "\n" alone, so the search goes by byte offsets.
    data = text.encode("utf-8", "surrogatepass")
    stripped = index.line_text(line)
    indent = len(stripped) - len(stripped.lstrip())
    begin = len(text[: index.line_start(line) + indent].encode("utf-8", "surrogatepass"))
    node: Node | None = (
        _parser(language).parse(data).root_node.descendant_for_byte_range(begin, begin)
    )
    wanted = _NODES[language]
    while node is not None and not _is_symbol(node, wanted):
        node = node.parent
    if node is None:
        return None
    start = len(data[: node.start_byte].decode("utf-8", "surrogatepass"))
    inner = data[node.start_byte : node.end_byte].decode("utf-8", "surrogatepass").rstrip()
    first, _ = index.position(start, "utf-32")
    last, _ = index.position(start + len(inner), "utf-32")
    return first, last


def _is_symbol(node: Node, wanted: set[str]) -> bool:
    if node.type not in wanted:
        return False
    # "@decorator def f" and "export function f" are one thing to a person.
    return node.parent is None or node.parent.type not in {
        "decorated_definition",
        "export_statement",
    }


def _by_indentation(index: LineIndex, line: int) -> tuple[int, int] | None:
    def depth(number: int) -> int | None:
        content = index.line_text(number)
        return len(content) - len(content.lstrip()) if content.strip() else None

    here = depth(line)
    if here is None:
        return None
    first = line
    if here > 0:
        while first > 0:
            first -= 1
            above = depth(first)
            if above is not None and above < here:
                break
    head = depth(first) or 0
    last = line
    for number in range(first + 1, index.line_count):
        below = depth(number)
        if below is None:
            continue
        if below <= head:
            break
        last = max(last, number)
    return first, last


_STRINGS = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|//.*|#.*")


def _by_braces(index: LineIndex, line: int) -> tuple[int, int] | None:
    """The outermost brace block, with its head line, that holds the line."""
    depth, start = 0, 0
    block: int | None = None
    for number in range(index.line_count):
        code = _STRINGS.sub("", index.line_text(number))
        for char in code:
            if char == "{":
                if depth == 0:
                    block = number
                depth += 1
            elif char == "}" and depth:
                depth -= 1
                if depth == 0 and block is not None:
                    start = _head(index, block)
                    if start <= line <= number:
                        return start, number
                    block = None
    return None


def _head(index: LineIndex, line: int) -> int:
    """The first line of the statement whose brace opens on ``line``."""
    while line > 0:
        above = index.line_text(line - 1).strip()
        if not above or above.endswith((";", "}", "{")):
            return line
        line -= 1
    return line
