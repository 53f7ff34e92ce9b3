"""``streetrace/commit/message``: the message for what is staged, for a program to show."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pygls.uris import to_fs_path

from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp.commit_command import written
from streetrace_lsp.lsp.params import VERSION, fields, object_of, optional, text_of, version_of
from streetrace_lsp.lsp.request_errors import read, refused
from streetrace_lsp.requests.account import facts
from streetrace_lsp.requests.commit import message_of
from streetrace_lsp.requests.outcome import RefusedError

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer


@dataclass(frozen=True)
class MessageParams:
    """``streetrace/commit/message`` as it was sent."""

    version: int
    folder: str | None
    instruction: str
    model: str | None


def read_message(params: Any) -> MessageParams:
    """Raises `ParamsError`."""
    given = object_of(params, "the parameters", fields(MessageParams))
    return MessageParams(
        version=version_of(given),
        folder=optional(given, "folder", text_of, None),
        instruction=optional(given, "instruction", text_of, ""),
        model=optional(given, "model", text_of, None),
    )


async def message(server: StreetraceServer, params: Any) -> dict[str, Any]:
    """The message and what it came to. Nothing is shown or written.

    Raises ``protocol.RefusedError``, which is the error of the response. Cancelling the task
    closes the connection.
    """
    given = read(read_message, params)
    with server.asking():
        try:
            root = _folder(server, given.folder)
            outcome, _ = await written(server, root, given.instruction, given.model)
        except StreetraceError as error:
            raise refused(error, None, "commit", server.worded) from error
    text = message_of(outcome.answer)
    return {"version": VERSION, "text": text, **facts(outcome.reply)}


def _folder(server: StreetraceServer, given: str | None) -> Path:
    """The workspace folder that is meant, or the only one. Raises `StreetraceError`."""
    folders = server.settings.folders()
    if given is not None:
        place = to_fs_path(given) if "://" in given else given
        if place and Path(place) in folders:
            return Path(place)
        raise RefusedError(f"{given} is no workspace folder.", "Name one that the editor has open.")
    if len(folders) != 1:
        raise RefusedError("It is not said which workspace folder is meant.", "Pass “folder”.")
    return folders[0]
