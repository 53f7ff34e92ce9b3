"""One key of the configuration, and what is seen of it: once with it, and once without."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import tomli

from backends.effects.scene import Scene
from backends.fault_server import Reply

# How something is seen: what goes in is a configured scene, what comes out is compared.
See = Callable[[Scene], Awaitable[Any]]


@dataclass(frozen=True)
class Row:
    """``key`` as the reference page names it: ``backends.NAME.num_ctx``. A step in capitals
    stands for the first name in that table.

    ``value`` is what the key is set to in the configuration ``base``; ``instead``: what stands
    there otherwise, for a key that can't be missing; None: nothing. ``see`` does the same thing
    with both, and must see ``seen`` with the value and ``otherwise`` without it.

    ``replies``: the first model server's. ``environ``: the variables of the user's shell.
    ``files``: what stands in the home folder, by path.
    """

    key: str
    value: Any
    base: str
    see: See
    seen: Any
    otherwise: Any
    instead: Any = None
    replies: tuple[Reply, ...] = ()
    environ: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    def configurations(self) -> tuple[str, str]:
        """The TOML with the value, and the one without it."""
        table = tomli.loads(self.base)
        return _toml(self._set(table, self.value)), _toml(self._set(table, self.instead))

    def _set(self, table: dict[str, Any], value: Any) -> dict[str, Any]:
        copy = deepcopy(table)
        *steps, last = self.key.split(".")
        here = copy
        for step in steps:
            here = here[next(iter(here))] if step.isupper() else here.setdefault(step, {})
        here.pop(last, None)
        if value is not None:
            here[last] = value
        return copy


def _toml(table: dict[str, Any]) -> str:
    return "".join(f"{json.dumps(name)} = {_value(value)}\n" for name, value in table.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {_value(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    # For text, numbers and truth values JSON and TOML are spelt alike.
    return json.dumps(value)
