"""A draft as the text of a configuration file: TOML 1.0, with its comments."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from .draft import PULL, SMALL_MODEL, Draft
from .readable import escaped

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_WIDTH: Final = 96
_HEAD: Final = (
    "Written by `streetrace-lsp init`{source}. `streetrace-lsp config check` checks this file, "
    "`streetrace-lsp doctor` asks each model for one word."
)
_HOW_TO_BEGIN: Final = {
    "ollama": "A model on this machine, free and private: install Ollama "
    f"(https://ollama.com), run\n  {PULL}\n"
    "and take the # away from these lines and from `model`, further up:\n"
    "[backends.ollama]\n"
    'provider = "ollama"\n'
    f'model = "{SMALL_MODEL}"',
    "claude": 'Or a provider, with `model = "claude"` further up: run\n'
    "  streetrace-lsp key set ANTHROPIC_API_KEY\n"
    "and take the # away from these lines. `streetrace-lsp models --providers` lists them all.\n"
    "[backends.claude]\n"
    'provider = "anthropic"\n'
    'api_key = "${ANTHROPIC_API_KEY}"\n'
    'model = "claude-sonnet-4-5"',
}


def draft_text(
    draft: Draft, sources: Sequence[str] = (), worded: Callable[[str], str] = str
) -> str:
    """The text. ``sources``: the names of the files it was made from.

    Where no model is chosen, it says how to begin. ``worded``: names the commands that the person
    has.
    """
    source = f" from {', '.join(sources)}" if sources else ""
    lines = [*comment(worded(_HEAD.format(source=source))), ""]
    table = {key: value for key, value in draft.table.items() if value not in ({}, [])}
    begin = {} if "model" in table else _HOW_TO_BEGIN
    suggested = draft.suggestions | {k: v for k, v in begin.items() if k not in draft.suggestions}
    if begin:
        lines += _which([*draft.backends, *draft.suggestions, *begin])
    lines += _values(table)
    for name, value in table.items():
        if name != "backends" and isinstance(value, dict):
            lines += ["", *_table((name,), value)]
    for name, backend in table.get("backends", {}).items():
        lines.append("")
        for remark in draft.remarks.get(name, ()):
            lines += comment(worded(remark))
        lines += _remarked(_table(("backends", name), backend), draft.models.get(name))
    if draft.left_out:
        lines += ["", "# Not carried over:"]
        for entry in draft.left_out:
            lines += comment(f"- {entry.sentence}", indent="  ")
    for block in suggested.values():
        lines += ["", *(f"# {line}".rstrip() for line in worded(block).splitlines())]
    text = "\n".join(lines).strip("\n")
    return re.sub(r"\n{3,}", "\n\n", text) + "\n"


def _which(names: Sequence[str]) -> list[str]:
    """The key that says which backend answers. It stands above every table: below one it would
    be a key of that table (TOML 1.0, "Table")."""
    first, *others = dict.fromkeys(names)
    more = f"  # or {', '.join(map(_string, others))}" if others else ""
    return ["# Which backend answers:", f"# model = {_string(first)}{more}"]


def _remarked(lines: Iterable[str], words: str | None) -> Iterator[str]:
    """The lines of a backend, with a comment above its model."""
    for line in lines:
        if words and line.startswith("model = "):
            yield from comment(words)
            words = None
        yield line


def comment(words: str, indent: str = "") -> list[str]:
    """``words`` as lines of comment; nothing in them can end the comment (TOML 1.0, "Comment")."""
    lines = [""]
    for word in escaped(words, longest=2000).split(" "):
        if lines[-1] and len(lines[-1]) + len(word) > _WIDTH:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return [f"# {indent if number else ''}{line}" for number, line in enumerate(lines)]


def _table(path: tuple[str, ...], table: Mapping[str, Any]) -> Iterator[str]:
    if values := _values(table):
        yield f"[{'.'.join(map(_key, path))}]"
        yield from values
    for name, value in table.items():
        if isinstance(value, dict) and value:
            yield ""
            yield from _table((*path, name), value)


def _values(table: Mapping[str, Any]) -> list[str]:
    return [f"{_key(k)} = {_value(v)}" for k, v in table.items() if not isinstance(v, dict)]


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _string(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        # The shortest text that reads back the same; 1e-07 is valid TOML as well.
        return repr(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return _string(str(value))


def _string(text: str) -> str:
    # JSON's escapes are those of TOML's basic strings; only DEL must be escaped there as well.
    text = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
