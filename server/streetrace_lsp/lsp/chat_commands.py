"""The commands that ask a model in a chat; each reads the chat anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from streetrace_lsp.chat import folder
from streetrace_lsp.chat.question import asked as with_question
from streetrace_lsp.chat.slots import Task, slot
from streetrace_lsp.edits.changes import apply
from streetrace_lsp.lsp.chat_documents import BusyError, NoChatError
from streetrace_lsp.lsp.chat_keep import SHOW, bring_in
from streetrace_lsp.lsp.chat_question import put_question
from streetrace_lsp.lsp.chat_send import BY_PERSON, Asked, answer_in
from streetrace_lsp.lsp.jobs import Ending, Job
from streetrace_lsp.lsp.preview_command import NO_PREVIEW
from streetrace_lsp.lsp.settings import local_path

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer

Answer = dict[str, Any]

NO_CHAT = "No chat is open. The command streetrace.chat.new starts one."
_TITLES: dict[Task, str] = {
    "send": "Send",
    "regenerate": "Regenerate",
    "continue": "Continue",
    "compact": "Compact",
}


def ask(server: StreetraceServer, task: Task, given: Any = None) -> Answer:
    """``streetrace.chat.send``, ``regenerate``, ``continue`` and ``compact {uri?}``, and ``send
    {preview}``, which sends what was previewed.

    Starts a job and answers at once with its id.
    """
    asked = BY_PERSON
    seen = given.get("preview") if isinstance(given, dict) and task == "send" else None
    if seen is not None:
        kept = server.chat_previews.get(str(seen))
        if kept is None:
            return server.say(NO_PREVIEW)
        given, asked = {"uri": kept[0]}, Asked(seen=kept[1])
    found = the_chat(server, given)
    if found is None:
        return server.say(NO_CHAT)
    uri, text = found
    try:
        refuse_busy(server, uri)
    except BusyError as error:
        return server.say(error.sentence)
    wanted = slot(server.chats.read(text), task)
    if isinstance(wanted, str):
        return server.say(wanted)
    return {"job": begin(server, uri, task, asked).id}


def begin(
    server: StreetraceServer, uri: str, task: Task, asked: Asked = BY_PERSON, *, quiet: bool = False
) -> Job:
    """Start the job that asks in a chat, where none runs. Raises `BusyError`."""
    refuse_busy(server, uri)

    async def work(job: Job) -> Ending:
        opened = server.mirror.get_document(uri) is not None
        waits = opened and not server.profile.apply_edit
        if asked.words and not waits:
            await put_question(server, uri, asked.words, instead=asked.instead)
        found = the_chat(server, {"uri": uri})
        if found is None:
            raise NoChatError("The chat is not there any more.")
        text = found[1]
        if not waits:
            return await answer_in(server, uri, text, job, task, replace(asked, words=""))
        if asked.words:
            text = apply(text, (with_question(text, asked.words, instead=asked.instead),))
        return await answer_in(server, uri, text, job, task, asked)

    return server.jobs.start("chat", f"Chat: {_TITLES[task]}", uri, work, quiet=quiet)


def refuse_busy(server: StreetraceServer, uri: str) -> None:
    """Raises `BusyError` where no further answer may be asked for now."""
    if any(job.action == "chat" for job in server.jobs.on(uri)):
        raise BusyError("An answer is being written to this chat.", "Stop it first, or wait.")
    if uri in server.chats.kept:
        raise BusyError("An answer waits.", f"Choose the code action “Streetrace: {SHOW}”.")


def stop(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.chat.stop {uri?}``: stop the answers that are being written."""
    uri = given.get("uri") if isinstance(given, dict) else None
    running = server.jobs.running() if uri is None else server.jobs.on(str(uri))
    stopped = [job.id for job in running if job.action == "chat"]
    for job in stopped:
        server.jobs.cancel(job)
    if not stopped:
        return {**server.say("No answer is being written."), "cancelled": []}
    return {"cancelled": stopped}


def show(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.chat.show {uri?}``: put an answer that waits into its chat."""
    uri = given.get("uri") if isinstance(given, dict) else None
    uri = uri if isinstance(uri, str) else next(reversed(server.chats.kept), None)
    document = server.mirror.get_document(uri) if uri else None
    if document is None or uri not in server.chats.kept:
        return server.say("No answer waits for a chat.")

    async def work(_: Job) -> Ending:
        return await bring_in(server, document)

    title = "Chat: Show answer"
    return {"job": server.jobs.start("chat", title, document.uri, work, at_once=True).id}


def the_chat(server: StreetraceServer, given: Any) -> tuple[str, str] | None:
    """The address and text of the chat that is meant: the named one, or the one opened last."""
    uri = given.get("uri") if isinstance(given, dict) else None
    if not isinstance(uri, str):
        document = the_open_chat(server)
        return (document.uri, document.text) if document is not None else None
    if not server.chats.holds(uri):
        return None
    document = server.mirror.get_document(uri)
    if document is not None:
        return document.uri, document.text
    path = local_path(uri)
    text = folder.read(path) if path is not None else None
    return (uri, text) if text is not None else None


def the_open_chat(server: StreetraceServer) -> Document | None:
    """The chat that was opened, typed in or asked about last."""
    found = [one for one in server.mirror.documents() if server.chats.holds(one.uri)]
    return found[-1] if found else None
