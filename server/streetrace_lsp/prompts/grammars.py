"""Which grammar reads a language, and which of its nodes a person would call a symbol."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tree_sitter import Parser


@dataclass(frozen=True)
class Grammar:
    """How the symbols of a language are found. All sets are node types of its grammar.

    ``symbols``: functions, classes and the like, wherever they stand. ``at_top``: those that
    count at the top level alone. ``with_body``: those that count where they have a body, since
    without one they only name a type. ``wrappers`` hold a symbol and belong to it. ``leading``
    belong to the symbol that they stand right above. ``function``: the module's function that
    gives the language. ``braces``: they tell the blocks of a text that the grammar can't read.
    """

    module: str
    symbols: frozenset[str]
    at_top: frozenset[str] = frozenset()
    with_body: frozenset[str] = frozenset()
    wrappers: frozenset[str] = frozenset()
    leading: frozenset[str] = frozenset()
    function: str = "language"
    braces: bool = False


def _types(names: str) -> frozenset[str]:
    return frozenset(names.split())


_SCRIPT: Final = _types(
    "function_declaration generator_function_declaration class_declaration "
    "abstract_class_declaration method_definition interface_declaration type_alias_declaration "
    "enum_declaration lexical_declaration variable_declaration export_statement"
)
_EXPORT: Final = _types("export_statement")
_JAVASCRIPT: Final = Grammar("tree_sitter_javascript", _SCRIPT, wrappers=_EXPORT)
_C_TYPES: Final = _types("struct_specifier union_specifier enum_specifier")
_C_MACROS: Final = _types("preproc_def preproc_function_def")
_SHELL: Final = Grammar(
    "tree_sitter_bash", _types("function_definition"), leading=_types("comment")
)

# By LSP language identifier, as editors send it (LSP 3.17, "Text Document Item"; `sh`, `bash` and
# `zsh` come from editors that send their own name of the file type).
GRAMMARS: Final[Mapping[str, Grammar]] = {
    "python": Grammar(
        "tree_sitter_python",
        _types("function_definition class_definition decorated_definition"),
        wrappers=_types("decorated_definition"),
    ),
    "javascript": _JAVASCRIPT,
    "javascriptreact": _JAVASCRIPT,
    "typescript": Grammar(
        "tree_sitter_typescript", _SCRIPT, wrappers=_EXPORT, function="language_typescript"
    ),
    "typescriptreact": Grammar(
        "tree_sitter_typescript", _SCRIPT, wrappers=_EXPORT, function="language_tsx"
    ),
    "toml": Grammar("tree_sitter_toml", _types("table table_array_element pair")),
    "go": Grammar(
        "tree_sitter_go",
        _types("function_declaration method_declaration type_spec type_alias type_declaration"),
        at_top=_types("const_declaration var_declaration"),
        leading=_types("comment"),
        braces=True,
    ),
    "rust": Grammar(
        "tree_sitter_rust",
        _types(
            "function_item function_signature_item struct_item enum_item union_item trait_item "
            "impl_item mod_item macro_definition type_item"
        ),
        at_top=_types("const_item static_item"),
        leading=_types("attribute_item line_comment block_comment"),
        braces=True,
    ),
    "java": Grammar(
        "tree_sitter_java",
        _types(
            "class_declaration interface_declaration enum_declaration record_declaration "
            "annotation_type_declaration method_declaration constructor_declaration "
            "compact_constructor_declaration"
        ),
        leading=_types("line_comment block_comment"),
        braces=True,
    ),
    "c": Grammar(
        "tree_sitter_c",
        _types("function_definition type_definition") | _C_MACROS,
        at_top=_types("declaration"),
        with_body=_C_TYPES,
        wrappers=_types("type_definition"),
        leading=_types("comment"),
        braces=True,
    ),
    "cpp": Grammar(
        "tree_sitter_cpp",
        _types(
            "function_definition type_definition template_declaration namespace_definition "
            "concept_definition alias_declaration"
        )
        | _C_MACROS,
        at_top=_types("declaration"),
        with_body=_C_TYPES | _types("class_specifier"),
        wrappers=_types("type_definition template_declaration"),
        leading=_types("comment"),
        braces=True,
    ),
    "csharp": Grammar(
        "tree_sitter_c_sharp",
        _types(
            "class_declaration struct_declaration interface_declaration enum_declaration "
            "record_declaration namespace_declaration method_declaration constructor_declaration "
            "destructor_declaration property_declaration indexer_declaration operator_declaration "
            "conversion_operator_declaration delegate_declaration event_declaration "
            "local_function_statement"
        ),
        leading=_types("comment"),
        braces=True,
    ),
    "ruby": Grammar(
        "tree_sitter_ruby",
        _types("method singleton_method class module singleton_class"),
        leading=_types("comment"),
    ),
    "php": Grammar(
        "tree_sitter_php",
        _types(
            "function_definition method_declaration class_declaration interface_declaration "
            "trait_declaration enum_declaration"
        ),
        with_body=_types("namespace_definition"),
        leading=_types("comment"),
        function="language_php",
        braces=True,
    ),
    "shellscript": _SHELL,
    "sh": _SHELL,
    "bash": _SHELL,
    "zsh": _SHELL,
}


@lru_cache(maxsize=32)
def parser(language: str) -> Parser:
    """The parser for a language of `GRAMMARS`. Its grammar is imported at first need."""
    from tree_sitter import Language, Parser

    grammar = GRAMMARS[language]
    return Parser(Language(getattr(import_module(grammar.module), grammar.function)()))
