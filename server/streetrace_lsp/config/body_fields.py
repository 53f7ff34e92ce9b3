"""Which fields `extra_body` may not hold: those that decide what is asked, and what it may cost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

Path = tuple[str | int, ...]

# What is asked of whom, and how it is read; further models would be asked at a price of their own.
_RESERVED: Final = frozenset({"model", "messages", "stream", "models", "fallbacks"})
# How long an answer may become, in the words of every provider: max_tokens, maxOutputTokens,
# max_completion_tokens, max_new_tokens, max_gen_len, maxTokenCount, max_length, maximum_tokens …
_LENGTH: Final = re.compile(
    r"max(imum)?.*(token|tokens|tokencount|len|length|decodesteps)(tosample|togenerate)?"
)
_LENGTHS: Final = frozenset({"numpredict", "npredict", "tokenstogenerate"})
# How many answers there are.
_COUNTS: Final = frozenset(
    {
        "n",
        "bestof",
        "candidatecount",
        "ncmpl",
        "numbeams",
        "beamwidth",
        "numcompletions",
        "numgenerations",
        "numoutputs",
        "numresults",
        "numreturnsequences",
        "numsamples",
        "samplecount",
    }
)
_WINDOWS: Final = frozenset({"numctx", "nctx"})
# The refused names that people write most, for a JSON Schema, which can't compare as this does.
COMMON_REFUSED: Final = (
    *sorted(_RESERVED),
    *("max_tokens", "max_completion_tokens", "max_output_tokens", "n", "num_ctx", "num_predict"),
)


def refused_field(body: Mapping[str, Any]) -> tuple[Path, str] | None:
    """The first field of ``body`` that it may not hold: its path, and which key does that.

    The key is ``max_tokens`` or ``num_ctx`` of the backend, or empty where there is none.
    Names are compared without regard to case, underscores and hyphens, at any depth.
    """
    return next(_refused(body, ()), None)


def field_names(body: Mapping[str, Any]) -> list[str]:
    """The dotted names of the fields of ``body`` that hold a value, without the values."""
    return list(dict.fromkeys(".".join(names) for names in _names(body, ())))


def _refused(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            plain = re.sub(r"[^a-z0-9]", "", str(name).lower())
            here = (*path, str(name))
            if not path and plain in _RESERVED:
                yield here, ""
            elif plain in _COUNTS or plain in _LENGTHS or _LENGTH.fullmatch(plain):
                yield here, "max_tokens"
            elif plain in _WINDOWS:
                yield here, "num_ctx"
            else:
                yield from _refused(item, here)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _refused(item, (*path, place))


def _names(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(value, Mapping) and value:
        for name, item in value.items():
            yield from _names(item, (*path, str(name)))
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        for item in value:
            yield from _names(item, path)
    else:
        yield path
