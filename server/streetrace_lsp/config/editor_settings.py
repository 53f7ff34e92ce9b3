"""What an editor's own settings may say, and how far: they may come from the repository."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

# (lowest, highest, whole number), as in `[defaults]`.
_NUMBERS: Final[dict[str, tuple[float, float, bool]]] = {
    "temperature": (0, 2, False),
    "max_tokens": (1, 10_000_000, True),
    "timeout": (0, 86_400, False),
    "first_token_timeout": (0, 86_400, False),
    "idle_timeout": (0, 86_400, False),
}
_LONGEST: Final = 512
_USERS: Final = "user"
_RESTRICTED: Final = "restricted_mode"


@dataclass(frozen=True)
class EditorSettings:
    """Settings that the editor sent.

    ``model`` and ``numbers`` (keys of `[defaults]`) may come from a workspace's own settings
    file, so they count as a project's: the model once the project is trusted, the numbers as
    far as they narrow. ``user_model`` and ``user_numbers`` are known to be the user's.
    ``ignored``: the keys that are not taken from an editor, for the log. ``restricted``: the
    editor does not trust the workspace, so no project in it is trusted either.
    """

    model: str | None = None
    numbers: Mapping[str, float] = field(default_factory=dict)
    user_model: str | None = None
    user_numbers: Mapping[str, float] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    restricted: bool = False


NONE: Final = EditorSettings()


def editor_settings(given: Mapping[str, Any] | None) -> EditorSettings:
    """What is taken of an editor's settings: ``model``, ``temperature``, ``max_tokens``,
    ``timeout``, ``first_token_timeout`` and ``idle_timeout``, in snake or camel case, and the
    same under ``user`` where the client knows them to be the user's own; and ``restrictedMode``,
    which only takes trust away. Values that are not possible are left out. Never raises.
    """
    if not given:
        return NONE
    ignored: list[str] = []
    model, numbers = _taken(given, "", ignored)
    users = given.get(_USERS)
    user_model, user_numbers = (
        _taken(users, f"{_USERS}.", ignored) if isinstance(users, Mapping) else (None, {})
    )
    restricted = any(given.get(name) is True for name in (_RESTRICTED, "restrictedMode"))
    return EditorSettings(model, numbers, user_model, user_numbers, tuple(ignored), restricted)


def _taken(
    given: Mapping[str, Any], prefix: str, ignored: list[str]
) -> tuple[str | None, dict[str, float]]:
    model: str | None = None
    numbers: dict[str, float] = {}
    for written, value in given.items():
        name = re.sub(r"(?<=[a-z])([A-Z])", r"_\1", str(written)).lower()
        if name in {_USERS, _RESTRICTED} and not prefix:
            continue
        if value is None or value == "":
            continue  # how editors write a setting that is not set
        if name == "model" and isinstance(value, str) and len(value) <= _LONGEST:
            model = value
        elif name in _NUMBERS and _possible(name, value):
            numbers[name] = value
        else:
            ignored.append(f"{prefix}{written}"[:_LONGEST])
    return model, numbers


def _possible(name: str, value: Any) -> bool:
    lowest, highest, whole = _NUMBERS[name]
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        return False
    above = value >= lowest if name in {"temperature", "max_tokens"} else value > lowest
    return math.isfinite(value) and above and value <= highest
