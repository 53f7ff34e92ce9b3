"""What programs may send with the server's own requests: how a field is read, and refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields as fields_of
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Read = TypeVar("_Read")

VERSION: Final = 1

# What a client library may add to any request (LSP 3.17, "Work Done Progress").
_TOKENS: Final = frozenset({"workDoneToken", "partialResultToken"})


class ParamsError(Exception):
    """Parameters that can't be taken; the text names the field and what it takes."""


def fields(params: type[DataclassInstance]) -> frozenset[str]:
    """The fields that a request may have: those of the class that it is read into."""
    return frozenset(field.name for field in fields_of(params)) | _TOKENS


def version_of(given: dict[str, Any]) -> int:
    """The version that every request has."""
    if given.get("version") != VERSION or isinstance(given["version"], bool):
        raise ParamsError(f"version: this server speaks version {VERSION}.")
    return VERSION


def object_of(value: Any, where: str, known: set[str] | frozenset[str]) -> dict[str, Any]:
    """An object without other fields than the ``known`` ones.

    Raises `ParamsError`, as all that read here do.
    """
    if not isinstance(value, dict):
        raise ParamsError(f"{where}: takes an object.")
    for name in value:
        if name not in known:
            raise ParamsError(f"{where}: there is no field “{name}”.")
    return value


def optional(
    given: dict[str, Any],
    name: str,
    read: Callable[[Any, str], Any],
    otherwise: Any,
    within: str = "",
) -> Any:
    """The value of a field, read by ``read`` with the field's name; ``otherwise`` without it."""
    value = given.get(name)
    return otherwise if value is None else read(value, f"{within}.{name}" if within else name)


def text_of(value: Any, where: str) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value:
        raise ParamsError(f"{where}: takes a text that is not empty.")
    return value


def words_of(value: Any, where: str) -> str:
    """A text, perhaps an empty one."""
    if not isinstance(value, str):
        raise ParamsError(f"{where}: takes a text.")
    return value


def number_of(value: Any, where: str, least: int = 1) -> int:
    """A whole number from ``least`` on."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ParamsError(f"{where}: takes a whole number from {least}.")
    return value


def list_of(value: Any, where: str, read: Callable[[Any, str], _Read]) -> list[_Read]:
    """A list whose entries are read by ``read``, each with its place."""
    if not isinstance(value, list):
        raise ParamsError(f"{where}: takes a list.")
    return [read(one, f"{where}[{number}]") for number, one in enumerate(value)]


def id_of(value: Any, where: str) -> str | int:
    """A text or a whole number."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ParamsError(f"{where}: takes a text or a whole number.")
    return value


def flag_of(value: Any, where: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ParamsError(f"{where}: takes true or false.")
    return value
