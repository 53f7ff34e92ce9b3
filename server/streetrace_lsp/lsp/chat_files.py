"""Chats as files: start one, open one, fork one, and say in it which model answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streetrace_lsp.chat import folder
from streetrace_lsp.chat.question import mention, worded
from streetrace_lsp.chat.transcript import TITLE, parse, with_model
from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp.apply import Landed, NotApplied, apply_changes
from streetrace_lsp.lsp.chat_commands import NO_CHAT, the_chat
from streetrace_lsp.lsp.chat_documents import refuse_chat_document
from streetrace_lsp.lsp.choosing import AS_CONFIGURED, choose_target, needs_page
from streetrace_lsp.lsp.editor_keys import with_keys
from streetrace_lsp.lsp.front import bring_to_front
from streetrace_lsp.lsp.jobs import Ending, Job
from streetrace_lsp.lsp.meant import is_page, last_used
from streetrace_lsp.lsp.run_action import uncancelled
from streetrace_lsp.lsp.settings import local_path
from streetrace_lsp.lsp.trust import pick
from streetrace_lsp.requests.display import escape_controls
from streetrace_lsp.requests.outcome import RefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from streetrace_lsp.chat.transcript import Transcript, Turn
    from streetrace_lsp.lsp.server import StreetraceServer

Answer = dict[str, Any]


async def new(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.chat.new {uri?, range?, text?}``: start a chat, perhaps about a selection."""
    given = given if isinstance(given, dict) else {}
    uri = given.get("uri") if isinstance(given.get("uri"), str) else None
    if uri is None and (used := last_used(server)) is not None:
        # Its folder is meant, and no lines of it.
        uri, given = used.uri, {**given, "range": None}
    words = given.get("text") if isinstance(given.get("text"), str) else ""
    try:
        path = made(server, uri, given.get("range"), words)
    except StreetraceError as error:
        return server.say(error.sentence)
    return await opened(server, path)


def made(server: StreetraceServer, uri: str | None, area: Any, words: str) -> Path:
    """A new chat in the folder of a document, about its lines ``area``, with ``words`` to send.

    Raises `StreetraceError`.
    """
    if uri is not None and is_page(server, uri):
        # It can't be attached: the project is meant from which it was asked for.
        used = last_used(server)
        uri, area = used.uri if used is not None else None, None
    about = _selection(server, uri, area)
    text = f"{TITLE}\n\n## You\n\n{about}{worded(words)}"
    return folder.create(server.chats.root_of(uri), text)


async def opened(server: StreetraceServer, path: Path) -> Answer:
    """Show a chat with the cursor at its end, or say where it is; answers with its address."""
    uri = path.as_uri()
    document = server.mirror.get_document(uri)
    text = document.text if document is not None else folder.read(path) or ""
    answer: Answer = {"uri": uri, "path": str(path)}
    if await bring_to_front(server, uri, text, len(text)):
        return answer
    relative = server.settings.relative(uri)
    return {**answer, **server.say(f"The chat is {relative}: open it and write under “## You”.")}


async def fork(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.chat.fork {uri?, turn?}``: a new chat with the turns up to that one, from 1.

    Without ``turn`` it is the whole chat. A question that the fork ends with can be changed and
    sent again.
    """
    found = the_chat(server, given)
    if found is None:
        return server.say(NO_CHAT)
    try:
        path = forked(server, *found, given.get("turn") if isinstance(given, dict) else None)
    except StreetraceError as error:
        return server.say(error.sentence)
    return await opened(server, path)


def forked(server: StreetraceServer, uri: str, text: str, turn: Any) -> Path:
    """A new chat with the turns of this one up to ``turn``, or all. Raises `StreetraceError`."""
    transcript = server.chats.read(text)
    count = len(transcript.places)
    if turn is not None and (not isinstance(turn, int) or not 1 <= turn <= count):
        raise RefusedError(f"There is no turn {turn}; the chat has {count}.")
    path = local_path(uri)
    name = path.stem.rpartition("-")[0] or path.stem if path is not None else "chat"
    kept = _forked(text, transcript, turn or count)
    return folder.create(server.chats.root_of(uri), kept, f"{name}-fork")


async def open_chat(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.chat.open {uri?}``: open a chat, the one changed last without ``uri``.

    The answer lists the chats of the workspace folder, newest first.
    """
    uri = given.get("uri") if isinstance(given, dict) else None
    uri = uri if isinstance(uri, str) else None
    found = folder.chats(server.chats.root_of(uri))
    listed = [
        {
            "uri": path.as_uri(),
            "title": title_of(path, parse(folder.read(path) or "").turns),
            "path": str(path),
        }
        for path in found
    ]
    if uri is not None and server.chats.holds(uri):
        named = local_path(uri)
        if named is None or folder.read(named) is None:
            return {**server.say(f"There is no chat {uri}."), "chats": listed}
        return {**await opened(server, named), "chats": listed}
    if not found:
        return {**server.say("There is no chat yet: streetrace.chat.new starts one."), "chats": []}
    return {**await opened(server, found[0]), "chats": listed}


async def model(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.chat.model {uri?, target?}``: who answers in this chat from now on.

    It is written into the chat. ``target`` null goes back to the configuration; without it the
    person is asked.
    """
    from streetrace_lsp.lsp.chat_models import targets

    found = the_chat(server, given)
    if found is None:
        return server.say(NO_CHAT)
    uri, text = found
    settings = server.settings.of(uri).settings
    known = targets(settings)
    given = given if isinstance(given, dict) else {}
    target = given.get("target")
    if "target" not in given:
        now = server.chats.read(text).model or settings.model
        said = f"The model of this chat is {now or 'not set'}."
        if known and needs_page(server, known):
            answer = choose_target(server, "streetrace.chat.model", uri, known, said)
            return {**answer, "current": now, "targets": known}
        said = f"{said} Which one from now on?"
        choices = (*known, AS_CONFIGURED)
        chosen = await pick(server, escape_controls(said), choices) if known else None
        if chosen not in choices:
            message = f"Nothing was changed. The model of this chat is {now or 'not set'}."
            return {**server.say(message), "current": now, "targets": known}
        target = None if chosen == AS_CONFIGURED else chosen
    try:
        await check_model(server, uri, str(target) if target is not None else None)
    except StreetraceError as error:
        return {**server.say(error.sentence), "targets": known}

    async def work(_: Job) -> Ending:
        await write_model(server, uri, str(target) if target is not None else None)
        answers = target or "the configured model"
        return Ending("applied", f"Chat: {answers} answers in it from now on.")

    job = server.jobs.start("chat-model", "Chat: Change model", uri, work, at_once=True)
    return {"job": job.id, "current": target, "targets": known}


async def check_model(server: StreetraceServer, uri: str, target: str | None) -> None:
    """Raises `StreetraceError` for a target that can't answer in this chat; None is the default."""
    from streetrace_lsp.lsp.chat_models import is_configured
    from streetrace_lsp.routing.route import route

    configuration = server.settings.of(uri)
    if target is None:
        return
    if not is_configured(configuration.settings, target):
        raise RefusedError(f"{target} is not configured. Nothing was changed.")

    async def look() -> None:
        route(configuration, "chat", target)

    await with_keys(server, look)


async def write_model(server: StreetraceServer, uri: str, target: str | None) -> None:
    """Write into a chat who answers in it, in its document or its file. Raises `RefusedError`."""
    document = server.mirror.get_document(uri)
    if document is None:
        path = local_path(uri)
        text = folder.read(path) if path is not None else None
        if path is None or text is None:
            raise RefusedError("The chat is not there any more.")
        change = with_model(text, target)
        folder.replace(path, text[: change.start] + change.text + text[change.end :])
        return
    async with document.writer:
        change = with_model(document.text, target)
        if document.text[change.start : change.end] == change.text:
            return
        result = await uncancelled(
            apply_changes(
                server, document, (change,), "Streetrace: Chat", refuse=refuse_chat_document
            )
        )
    if isinstance(result, NotApplied) or (
        not isinstance(result, Landed) and server.profile.apply_edit
    ):
        line = change.text.strip()
        how = f"Write “{line}” below its title yourself." if line else "Remove the line yourself."
        raise RefusedError("The chat could not be changed.", how)


def _forked(text: str, transcript: Transcript, turn: int) -> str:
    if not transcript.places:
        return text
    place = transcript.places[turn - 1]
    kept = text[: place.end].rstrip("\r\n")
    eol = transcript.eol
    if place.turn.speaker == "assistant":
        return f"{kept}{eol}{eol}## You{eol}{eol}"
    return f"{kept}{eol}"


def title_of(path: Path, turns: Sequence[Turn]) -> str:
    """The first words that were asked, or the file's name."""
    asked = [turn.text.strip() for turn in turns if turn.speaker == "you"]
    first = next(filter(None, asked), "")
    words = " ".join(first.split())
    return escape_controls(words[:77] + "…" if len(words) > 78 else words) or path.stem


def _selection(server: StreetraceServer, uri: str | None, area: Any) -> str:
    """The attachment for what is selected, on a line of its own."""
    try:
        first, last = int(area["start"]["line"]) + 1, int(area["end"]["line"]) + 1
        if int(area["end"]["character"]) == 0 and last > first:
            last -= 1
    except (KeyError, TypeError, ValueError):
        return ""
    if uri is None or server.chats.holds(uri):
        return ""
    path = local_path(uri)
    # A name alone would be that of another file, in the workspace folder.
    inside = path is None or server.settings.root_of(path) is not None
    shown = server.settings.relative(uri) if inside else str(path)
    words = mention("selection", f"{shown}:{first}-{last}")
    return f"{words}\n\n" if words is not None else ""
