"""Every value in effect with its source, for people: what `config show --effective` lists."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from .configuration import Configuration
from .expand import literal_text
from .readable import escaped

DEFAULT: Final = "default"
_HIDDEN: Final = "(a literal value, not shown)"
_SECRET: Final = re.compile(r"auth|key|token|cookie|secret|password|credential", re.IGNORECASE)
# What holds where nobody set anything; a test holds it against the code that goes by it.
BUILT_IN: Final[Mapping[tuple[str, ...], Any]] = {
    ("defaults", "timeout"): 600.0,
    ("defaults", "first_token_timeout"): 30.0,
    ("defaults", "idle_timeout"): 60.0,
    ("defaults", "edit_format"): "auto",
    ("defaults", "repair"): True,
    ("context", "overflow"): "trim",
}
LOCAL_FIRST_TOKEN: Final = 300
# Under these everything that is no variable may be a secret.
_HOLDERS: Final = frozenset({"headers", "extra_body", "launch"})
_USER_IN_ADDRESS: Final = re.compile(r"(?<=://)[^/@\s]*@")
# Names of the fields that hold numbers of tokens, and no key.
_NO_SECRET: Final = re.compile(r"max_.*tokens|.*_tokens?_(?:limit|timeout)|first_token_timeout")


def effective(configuration: Configuration) -> list[tuple[str, str, str]]:
    """(dotted key, value as in TOML, source) of each value in effect, in the order of the keys.

    What has no value of its own, such as ``max_tokens``, which the provider then decides, is left
    out. The source is ``switch``, ``environment``, ``project``, ``editor``, ``user``, ``accepted
    offer`` or ``default``. Literal keys and what may be one are not shown; variables are named
    and not looked up.
    """
    sources: Mapping[str, str] = configuration.sources
    return [
        (escaped(".".join(map(_key, path))), escaped(_shown(path, value)), _source(path, sources))
        for path, value in _values(configuration.settings, ())
    ]


def _values(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    fields = getattr(type(value), "model_fields", None)
    if fields is not None:
        for name in fields:
            yield from _values(getattr(value, name), (*path, name))
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _values(item, (*path, str(name)))
    elif value is not None and value != []:
        yield path, value
    elif path in BUILT_IN:
        yield path, BUILT_IN[path]


def _source(path: tuple[str, ...], sources: Mapping[str, str]) -> str:
    for length in range(len(path), 0, -1):
        found = sources.get(".".join(path[:length]))
        if found is not None:
            return found
    if path == ("defaults", "first_token_timeout"):
        return f"{DEFAULT}; {LOCAL_FIRST_TOKEN} for a server on this machine"
    return DEFAULT


def _shown(path: tuple[str, ...], value: Any) -> str:
    if path[-1] == "api_key":
        return _text(path, value) if not literal_text(value).strip() else _HIDDEN
    if isinstance(value, list):
        return "[" + ", ".join(_items(path, value)) + "]"
    return _text(path, value)


def _items(path: tuple[str, ...], value: list[Any]) -> Iterator[str]:
    """The items of a list; what follows an option like ``--api-key`` is hidden."""
    hide = False
    for item in value:
        yield _HIDDEN if hide else _text(path, item)
        hide = isinstance(item, str) and item.startswith("-") and "=" not in item and _secret(item)


def _text(path: tuple[str, ...], value: Any) -> str:
    if isinstance(value, str):
        if _HOLDERS & set(path[:-1]) and _secret(path[-1]) and literal_text(value).strip():
            return _HIDDEN
        option, equals, rest = value.partition("=")
        if path[-1] == "launch" and equals and _secret(option) and literal_text(rest).strip():
            value = f"{option}=…"
        value = _USER_IN_ADDRESS.sub("…@", value)
    elif isinstance(value, dict):
        fields = (f"{_key(name)} = {_shown((*path, name), item)}" for name, item in value.items())
        return "{ " + ", ".join(fields) + " }"
    elif isinstance(value, list):
        return _shown(path, value)
    elif _HOLDERS & set(path[:-1]) and _secret(path[-1]):
        return _HIDDEN
    return json.dumps(value, ensure_ascii=False)


def _secret(name: str) -> bool:
    return bool(_SECRET.search(name)) and not _NO_SECRET.fullmatch(name)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)
