"""``streetrace/chat/*``: a program shows a chat in a face of its own, over the same document."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pygls.uris import from_fs_path, to_fs_path

from streetrace_lsp.chat import folder
from streetrace_lsp.chat.attachments import attachments
from streetrace_lsp.chat.code import code_in
from streetrace_lsp.chat.transcript import Place, Transcript, parse
from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp import chat_params
from streetrace_lsp.lsp.chat_commands import the_chat
from streetrace_lsp.lsp.chat_documents import NoChatError
from streetrace_lsp.lsp.chat_files import check_model, forked, made, title_of, write_model
from streetrace_lsp.lsp.params import VERSION
from streetrace_lsp.lsp.request_errors import read, refused
from streetrace_lsp.lsp.run_action import uncancelled
from streetrace_lsp.lsp.settings import local_path
from streetrace_lsp.requests.account import tokens_in
from streetrace_lsp.requests.outcome import RefusedError

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer

Answer = dict[str, Any]


def create(server: StreetraceServer, params: Any) -> Answer:
    """``streetrace/chat/create``: a new chat. Nothing is opened in the editor.

    This and all others raise ``protocol.RefusedError``, which is the error of the response.
    """
    given = read(chat_params.read_create, params)
    try:
        uri = _in_folder(server, given.folder) if given.folder is not None else given.uri
        path = made(server, uri, given.selection, given.text)
    except StreetraceError as error:
        raise refused(error, None, "chat") from error
    return {"version": VERSION, "chat": path.as_uri()}


def read_chat(server: StreetraceServer, params: Any) -> Answer:
    """``streetrace/chat/read``: the turns as they stand, unsaved changes included."""
    given = read(chat_params.read_read, params)
    uri, text = chat_of(server, given.chat)
    transcript = server.chats.read(text)
    blocks = blocks_of(transcript)
    actions = server.settings.actions(uri)
    turns = [
        _turn(number, place, transcript.eol, blocks.get(number, []), list(actions))
        for number, place in enumerate(transcript.places, 1)
        if place.turn.text.strip() or place.turn.notes
    ]
    busy = any(job.action == "chat" for job in server.jobs.on(uri))
    return {
        "version": VERSION,
        "chat": uri,
        "model": transcript.model,
        "busy": busy,
        "turns": turns,
    }


async def list_chats(server: StreetraceServer, params: Any) -> Answer:
    """``streetrace/chat/list``: the chats of a workspace folder, the last changed first."""
    given = read(chat_params.read_list, params)
    try:
        uri = _in_folder(server, given.folder) if given.folder is not None else None
    except StreetraceError as error:
        raise refused(error, None, "chat") from error
    root = server.chats.root_of(uri)
    opened = {
        path: document.text
        for document in server.mirror.documents()
        if server.chats.holds(document.uri) and (path := local_path(document.uri)) is not None
    }
    # There may be many, and long ones.
    found = await asyncio.to_thread(lambda: list(_listed(root, opened)))
    return {"version": VERSION, "chats": found}


def fork(server: StreetraceServer, params: Any) -> Answer:
    """``streetrace/chat/fork``: a new chat with the turns up to one."""
    given = read(chat_params.read_fork, params)
    found = chat_of(server, given.chat)
    try:
        path = forked(server, *found, given.turn)
    except StreetraceError as error:
        raise refused(error, None, "chat") from error
    return {"version": VERSION, "chat": path.as_uri()}


async def model(server: StreetraceServer, params: Any) -> Answer:
    """``streetrace/chat/model``: who answers in this chat from now on; it is written into it."""
    given = read(chat_params.read_model, params)
    uri, _ = chat_of(server, given.chat)
    try:
        await check_model(server, uri, given.target)
        opened = server.mirror.get_document(uri) is not None
        if opened and not server.profile.apply_edit:
            raise RefusedError(
                "The editor has the chat open and takes edits only after a command.",
                "Run the command streetrace.chat.model, or close the chat.",
            )
        await uncancelled(write_model(server, uri, given.target))
    except StreetraceError as error:
        raise refused(error, None, "chat") from error
    return {"version": VERSION, "chat": uri, "model": given.target}


def chat_of(server: StreetraceServer, uri: str) -> tuple[str, str]:
    """The address and text of a chat. Raises ``protocol.RefusedError``."""
    found = the_chat(server, {"uri": uri})
    if found is None:
        why = NoChatError(f"There is no chat {uri}.", "streetrace/chat/list names those there are.")
        raise refused(why, None, "chat")
    return found


def blocks_of(transcript: Transcript) -> dict[int, list[Answer]]:
    """The code blocks of each answer, by the number of its turn."""
    found: dict[int, list[Answer]] = {}
    for code in code_in(transcript):
        turn = transcript.at(code.start)
        told = {"block": code.number, "path": code.path or None}
        found.setdefault((turn or 0) + 1, []).append(told)
    return found


def plain(text: str, eol: str) -> str:
    """A turn's text with "\\n" at the ends of its lines, whatever the document has."""
    return text.replace("\r\n", "\n") if eol == "\r\n" else text


def _turn(number: int, place: Place, eol: str, blocks: list[Answer], actions: list[str]) -> Answer:
    turn = place.turn
    asked = turn.speaker == "you"
    found = attachments(turn.text, actions) if asked else []
    tokens = next(filter(None, map(tokens_in, reversed(turn.notes))), None) if not asked else None
    return {
        "id": number,
        "role": "user" if asked else "assistant",
        "model": turn.model or None,
        "text": plain(turn.text, eol),
        "attachments": [{"kind": one.kind, "argument": one.argument} for one in found],
        "blocks": blocks,
        "usage": {"promptTokens": tokens[0], "completionTokens": tokens[1]} if tokens else None,
        "notes": list(turn.notes),
    }


def _listed(root: Path, opened: dict[Path, str]) -> Iterator[Answer]:
    for path in folder.chats(root):
        text = opened.get(path, folder.read(path))
        if text is None:
            continue
        turns = [turn for turn in parse(text).turns if turn.text.strip()]
        try:
            changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except OSError:
            continue
        yield {
            "chat": path.as_uri(),
            "title": title_of(path, turns),
            "time": changed.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "turns": len(turns),
        }


def _in_folder(server: StreetraceServer, given: str) -> str:
    """A document that would be in this folder. Raises `RefusedError` for any but a workspace's."""
    place = to_fs_path(given) if "://" in given else given
    path = Path(place) if place else None
    if path is None or server.settings.root_of(path) is None:
        raise RefusedError(f"{given} is no workspace folder.", "Name one that the editor has open.")
    return from_fs_path(str(path / "untitled")) or ""
