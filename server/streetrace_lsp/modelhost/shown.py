"""What a frame tells of what a server or a library said: no key, not even a part of one.

Everything else hands over whole texts, and only here are they cut, after the keys are out: what
is cut first can leave most of a key at its end, where no exact search finds it.
"""

from __future__ import annotations

from typing import Any, Final

from . import network
from .redact import LONGEST_READ, redact, redact_pieces
from .wire import ChatFrame

# Characters. `said` is part of a sentence, `detail` is for the log.
_LONGEST: Final = {"said": 300, "detail": 2000, "next_step": 2000}
# What we say ourselves, and which names files.
_OUR_WORDS: Final = frozenset({"network", "replay_miss"})
_LONGEST_NAME: Final = 300
# Placeholders like "ollama" are keys as well, and part of many a model's name.
_NO_PLACEHOLDER: Final = 16
# How many characters one of a key may become on its way, in nested JSON or HTML.
_ESCAPED: Final = 12


def shown_fault(facts: dict[str, Any], request: ChatFrame) -> dict[str, Any]:
    """``facts`` of a failure of ``request`` without its keys, each text cut to what is read."""
    values, keys = _secrets(request)
    longest = _LONGEST | ({"said": 2000} if facts.get("kind") in _OUR_WORDS else {})
    return {
        name: _text(value, values, keys, longest.get(name, _LONGEST_NAME))
        if isinstance(value, str)
        else value
        for name, value in facts.items()
    }


def shown_names(content: Any, request: ChatFrame) -> Any:
    """``content`` of a good answer, whose texts are names, at any depth, without whole keys or
    parts of them. Short keys stay: they are placeholders, and the names would be torn."""
    values, keys = (
        [value for value in found if len(value) >= _NO_PLACEHOLDER] for found in _secrets(request)
    )

    def shown(inner: Any) -> Any:
        match inner:
            case str():
                return _text(inner, values, keys, _LONGEST_NAME)
            case dict():
                return {key: shown(value) for key, value in inner.items()}
            case list():
                return [shown(value) for value in inner]
            case _:
                return inner

    return shown(content)


def _secrets(request: ChatFrame) -> tuple[list[str], list[str]]:
    """What must not be read, and what of it is a key for certain: a header may be anything."""
    keys = [
        request.get("key") or "",
        *request.get("credentials", {}).values(),
        *network.secrets(request.get("network")),
    ]
    return [*keys, *request.get("headers", {}).values()], keys


def _text(text: str, values: list[str], keys: list[str], longest: int) -> str:
    hidden = redact_pieces(redact(text[:LONGEST_READ], values), keys)
    if len(text) > LONGEST_READ:
        # Part of a key may stand where the reading ended, and what is hidden takes less room.
        margin = _ESCAPED * max(map(len, values), default=0)
        hidden = hidden[: max(0, len(hidden) - margin)]
    return hidden[:longest]
