"""``${VAR}`` and ``${VAR:-default}`` in configuration values."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

_REFERENCE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


class UnsetVariableError(Exception):
    """``name`` has no value and the reference has no default."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def references(value: Any) -> tuple[str, ...]:
    """The names of the variables that ``value`` (text, or lists and tables of it) refers to."""
    if isinstance(value, str):
        found: list[str] = [match[1] for match in _REFERENCE.finditer(value)]
    elif isinstance(value, dict):
        found = [name for item in value.values() for name in references(item)]
    elif isinstance(value, list):
        found = [name for item in value for name in references(item)]
    else:
        found = []
    return tuple(dict.fromkeys(found))


def only_reference(value: str) -> str | None:
    """The variable's name when ``value`` is one reference without a default and nothing else."""
    match = _REFERENCE.fullmatch(value)
    return match[1] if match and not match[2] else None


def literal_text(value: str) -> str:
    """What ``value`` says besides its variables: the text around them and their defaults."""
    return _REFERENCE.sub(lambda match: match[2] or "", value)


def broken_reference(value: str) -> bool:
    """Whether ``value`` has a ``${`` that begins no reference."""
    return "${" in _REFERENCE.sub("", value)


def expand(value: Any, look_up: Callable[[str], str | None]) -> Any:
    """``value`` with every reference replaced; values are not expanded a second time.

    An empty variable counts as unset, as in a shell's ``:-``. Raises `UnsetVariableError`.
    """
    if isinstance(value, str):
        return _REFERENCE.sub(lambda match: _value(match, look_up), value)
    if isinstance(value, dict):
        return {key: expand(item, look_up) for key, item in value.items()}
    if isinstance(value, list):
        return [expand(item, look_up) for item in value]
    return value


def _value(match: re.Match[str], look_up: Callable[[str], str | None]) -> str:
    found = look_up(match[1]) or match[2]
    if found is None:
        raise UnsetVariableError(match[1])
    return found
