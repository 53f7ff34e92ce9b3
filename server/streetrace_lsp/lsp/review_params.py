"""What a program may send with ``streetrace/review/*``: read field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from streetrace_lsp.lsp.params import (
    fields,
    object_of,
    optional,
    text_of,
    version_of,
)


@dataclass(frozen=True)
class ListParams:
    """``streetrace/review/list`` as it was sent."""

    version: int


@dataclass(frozen=True)
class TextsParams:
    """``streetrace/review/texts`` as it was sent."""

    version: int
    uri: str
    proposal: str | None


def read_list(params: Any) -> ListParams:
    """``version`` alone. Raises `ParamsError`."""
    return ListParams(version_of(object_of(params, "the parameters", fields(ListParams))))


def read_texts(params: Any) -> TextsParams:
    """A document, and the kept result that is meant. Raises `ParamsError`."""
    given = object_of(params, "the parameters", fields(TextsParams))
    return TextsParams(
        version_of(given),
        text_of(given.get("uri"), "uri"),
        optional(given, "proposal", text_of, None),
    )
