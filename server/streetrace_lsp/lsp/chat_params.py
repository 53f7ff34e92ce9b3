"""What a program may send with ``streetrace/chat/*``: read field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lsprotocol import types

from streetrace_lsp.chat.attachments import KINDS
from streetrace_lsp.chat.question import mention
from streetrace_lsp.lsp.params import (
    ParamsError,
    fields,
    flag_of,
    id_of,
    list_of,
    number_of,
    object_of,
    optional,
    text_of,
    version_of,
    words_of,
)


@dataclass(frozen=True)
class CreateParams:
    """``streetrace/chat/create`` as it was sent; ``selection`` is an LSP range."""

    version: int
    uri: str | None
    folder: str | None
    selection: dict[str, Any] | None
    text: str


@dataclass(frozen=True)
class ReadParams:
    """``streetrace/chat/read`` as it was sent."""

    version: int
    chat: str


@dataclass(frozen=True)
class ListParams:
    """``streetrace/chat/list`` as it was sent."""

    version: int
    folder: str | None


@dataclass(frozen=True)
class SendParams:
    """``streetrace/chat/send`` as it was sent; attachments as they stand in a chat."""

    version: int
    chat: str
    text: str
    attachments: tuple[str, ...]
    replace: bool
    model: str | None
    preview: str | None
    token: str | int | None


@dataclass(frozen=True)
class AgainParams:
    """``streetrace/chat/regenerate``, ``continue`` and ``compact`` as they were sent."""

    version: int
    chat: str
    model: str | None
    token: str | int | None


@dataclass(frozen=True)
class ForkParams:
    """``streetrace/chat/fork`` as it was sent."""

    version: int
    chat: str
    turn: int | None


@dataclass(frozen=True)
class ModelParams:
    """``streetrace/chat/model`` as it was sent; None goes back to the configuration."""

    version: int
    chat: str
    target: str | None


@dataclass(frozen=True)
class ApplyParams:
    """``streetrace/chat/apply`` as it was sent."""

    version: int
    chat: str
    block: int | None


@dataclass(frozen=True)
class Cursor:
    """A document and an LSP position in it."""

    uri: str
    position: types.Position


@dataclass(frozen=True)
class InsertParams:
    """``streetrace/chat/insert`` as it was sent."""

    version: int
    chat: str
    block: int | None
    target: Cursor


@dataclass(frozen=True)
class CreateFileParams:
    """``streetrace/chat/createFile`` as it was sent."""

    version: int
    chat: str
    block: int | None
    path: str | None


def read_create(params: Any) -> CreateParams:
    """Raises `ParamsError`, as all of these do."""
    given = object_of(params, "the parameters", fields(CreateParams))
    uri = optional(given, "uri", text_of, None)
    found = CreateParams(
        version=version_of(given),
        uri=uri,
        folder=optional(given, "folder", text_of, None),
        selection=optional(given, "selection", _range, None),
        text=optional(given, "text", words_of, ""),
    )
    if found.selection is not None and uri is None:
        raise ParamsError("selection: needs the uri of a document.")
    if found.folder is not None and uri is not None:
        raise ParamsError("folder: is not taken together with uri.")
    return found


def read_read(params: Any) -> ReadParams:
    """``chat`` alone."""
    given = object_of(params, "the parameters", fields(ReadParams))
    return ReadParams(version_of(given), text_of(given.get("chat"), "chat"))


def read_list(params: Any) -> ListParams:
    """``folder`` alone."""
    given = object_of(params, "the parameters", fields(ListParams))
    return ListParams(version_of(given), optional(given, "folder", text_of, None))


def read_send(params: Any) -> SendParams:
    """A question with what it attaches."""
    given = object_of(params, "the parameters", fields(SendParams))
    return SendParams(
        version=version_of(given),
        chat=text_of(given.get("chat"), "chat"),
        text=optional(given, "text", words_of, ""),
        attachments=optional(given, "attachments", _attachments, ()),
        replace=optional(given, "replace", flag_of, False),
        model=optional(given, "model", text_of, None),
        preview=optional(given, "preview", text_of, None),
        token=optional(given, "token", id_of, None),
    )


def read_again(params: Any) -> AgainParams:
    """As `read_send`, without a question."""
    given = object_of(params, "the parameters", fields(AgainParams))
    return AgainParams(
        version=version_of(given),
        chat=text_of(given.get("chat"), "chat"),
        model=optional(given, "model", text_of, None),
        token=optional(given, "token", id_of, None),
    )


def read_fork(params: Any) -> ForkParams:
    """``chat``, and a turn."""
    given = object_of(params, "the parameters", fields(ForkParams))
    chat = text_of(given.get("chat"), "chat")
    return ForkParams(version_of(given), chat, optional(given, "turn", number_of, None))


def read_model(params: Any) -> ModelParams:
    """``chat``, and a target or null, which has to be said."""
    given = object_of(params, "the parameters", fields(ModelParams))
    chat = text_of(given.get("chat"), "chat")
    if "target" not in given:
        raise ParamsError("target: takes a target, or null for the configured one.")
    return ModelParams(version_of(given), chat, optional(given, "target", text_of, None))


def read_apply(params: Any) -> ApplyParams:
    """``chat``, and a code block."""
    given = object_of(params, "the parameters", fields(ApplyParams))
    chat = text_of(given.get("chat"), "chat")
    return ApplyParams(version_of(given), chat, optional(given, "block", number_of, None))


def read_insert(params: Any) -> InsertParams:
    """``chat``, a code block, and where it goes."""
    given = object_of(params, "the parameters", fields(InsertParams))
    return InsertParams(
        version=version_of(given),
        chat=text_of(given.get("chat"), "chat"),
        block=optional(given, "block", number_of, None),
        target=_cursor(given.get("target"), "target"),
    )


def read_create_file(params: Any) -> CreateFileParams:
    """``chat``, a code block, and the path of the new file."""
    given = object_of(params, "the parameters", fields(CreateFileParams))
    return CreateFileParams(
        version=version_of(given),
        chat=text_of(given.get("chat"), "chat"),
        block=optional(given, "block", number_of, None),
        path=optional(given, "path", text_of, None),
    )


def _attachments(value: Any, where: str) -> tuple[str, ...]:
    return tuple(list_of(value, where, _attachment))


def _attachment(value: Any, where: str) -> str:
    given = object_of(value, where, {"kind", "argument"})
    kind = given.get("kind")
    if kind not in KINDS:
        raise ParamsError(f"{where}.kind: takes one of {', '.join(KINDS)}.")
    argument = given.get("argument", "")
    words = mention(kind, argument) if isinstance(argument, str) else None
    if words is None:
        raise ParamsError(f"{where}.argument: can't stand behind @{kind} in a chat.")
    return words


def _range(value: Any, where: str) -> dict[str, Any]:
    given = object_of(value, where, {"start", "end"})
    for end in ("start", "end"):
        _position(given.get(end), f"{where}.{end}")
    return given


def _cursor(value: Any, where: str) -> Cursor:
    given = object_of(value, where, {"uri", "position"})
    uri = text_of(given.get("uri"), f"{where}.uri")
    return Cursor(uri, _position(given.get("position"), f"{where}.position"))


def _position(value: Any, where: str) -> types.Position:
    given = object_of(value, where, {"line", "character"})
    line, character = (
        number_of(given.get(name), f"{where}.{name}", 0) for name in ("line", "character")
    )
    return types.Position(line, character)
