"""What is offered in a chat, as code actions and as code lenses, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from streetrace_lsp.chat.code import Code, code_in
from streetrace_lsp.chat.slots import slot
from streetrace_lsp.chat.transcript import Transcript
from streetrace_lsp.lsp.chat_keep import SHOW
from streetrace_lsp.lsp.chat_preview import preview_at

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer

PREFIX = "Streetrace: "
# Fewer turns than this are not worth a summary.
_LONG = 4


@dataclass(frozen=True)
class Offer:
    """Something to do in a chat: its title without the prefix, command and argument.

    ``at`` is the offset of the line that it belongs to, for a lens.
    """

    title: str
    command: str
    argument: dict[str, Any]
    at: int
    asks_model: bool = False


def chat_actions(
    server: StreetraceServer, document: Document, params: types.CodeActionParams
) -> Iterator[types.CodeAction]:
    """``textDocument/codeAction`` in a chat. Asked automatically, only what comes next."""
    transcript = server.chats.read(document.text)
    offset = document.offset(params.range.start)
    offers = list(_next(server, document, transcript))
    automatic = params.context.trigger_kind == types.CodeActionTriggerKind.Automatic
    if not automatic or params.range.start != params.range.end:
        offers += _for_code(server, document, transcript, offset)
        offers += _for_question(document, transcript)
        offers += _for_chat(document, transcript, transcript.at(offset))
    for offer in offers:
        tagged = offer.asks_model and server.profile.action_tags
        title = PREFIX + offer.title
        yield types.CodeAction(
            title=title,
            kind=types.CodeActionKind.RefactorRewrite,
            command=types.Command(title, offer.command, arguments=[offer.argument]),
            tags=[types.CodeActionTag.LlmGenerated] if tagged else None,
        )


def chat_lenses(server: StreetraceServer, document: Document) -> list[types.CodeLens]:
    """``textDocument/codeLens`` in a chat: what comes next, and what can be done with code."""
    transcript = server.chats.read(document.text)
    offers = [*_next(server, document, transcript)]
    offers += _for_answers(document, transcript)
    for code in code_in(transcript):
        offers += _code_offers(server, document, code)
    return [
        types.CodeLens(
            document.range(offer.at, offer.at),
            types.Command(offer.title, offer.command, arguments=[offer.argument]),
        )
        for offer in offers
    ]


def _next(server: StreetraceServer, document: Document, transcript: Transcript) -> Iterator[Offer]:
    this = {"uri": document.uri}
    last = transcript.places[-1].start if transcript.places else 0
    if any(job.action == "chat" for job in server.jobs.on(document.uri)):
        yield Offer("Stop", "streetrace.chat.stop", this, last)
    elif document.uri in server.chats.kept:
        yield Offer(SHOW, "streetrace.chat.show", this, last)
    elif not isinstance(wanted := slot(transcript, "send"), str):
        seen = preview_at(server, document.uri, wanted.turns)
        if seen is not None:
            argument = {**this, "preview": seen}
            yield Offer(
                "Send as previewed", "streetrace.chat.send", argument, last, asks_model=True
            )
        yield Offer("Send", "streetrace.chat.send", this, last, asks_model=True)


def _for_answers(document: Document, transcript: Transcript) -> Iterator[Offer]:
    """What can be done with the last answer."""
    answers = [one for one in transcript.places if one.turn.speaker == "assistant"]
    if not answers:
        return
    this, at = {"uri": document.uri}, answers[-1].start
    yield Offer("Regenerate", "streetrace.chat.regenerate", this, at, asks_model=True)
    yield Offer("Continue", "streetrace.chat.continue", this, at, asks_model=True)


def _for_question(document: Document, transcript: Transcript) -> Iterator[Offer]:
    if not isinstance(slot(transcript, "send"), str):
        this = {"uri": document.uri}
        yield Offer("Preview what is sent", "streetrace.prompt.preview", this, 0)


def _for_chat(document: Document, transcript: Transcript, number: int | None) -> Iterator[Offer]:
    yield from _for_answers(document, transcript)
    this: dict[str, Any] = {"uri": document.uri}
    if number is not None:
        yield Offer("Fork here", "streetrace.chat.fork", {**this, "turn": number + 1}, 0)
    if len(transcript.places) >= _LONG:
        yield Offer("Compact", "streetrace.chat.compact", this, 0, asks_model=True)
    yield Offer("Change model", "streetrace.chat.model", this, 0)
    yield Offer("New chat", "streetrace.chat.new", this, 0)


def _for_code(
    server: StreetraceServer, document: Document, transcript: Transcript, offset: int
) -> Iterator[Offer]:
    for code in code_in(transcript):
        if code.start <= offset < code.end:
            yield from _code_offers(server, document, code)


def _code_offers(server: StreetraceServer, document: Document, code: Code) -> Iterator[Offer]:
    argument = {"uri": document.uri, "block": code.number}
    yield Offer("Apply", "streetrace.chat.apply", argument, code.start)
    yield Offer("Insert at cursor", "streetrace.chat.insert", argument, code.start)
    if code.path and not _is_there(server, document.uri, code.path):
        yield Offer(f"Create {code.path}", "streetrace.chat.create", argument, code.start)


def _is_there(server: StreetraceServer, chat: str, path: str) -> bool:
    """Whether a file of the chat's folder exists already."""
    root = server.chats.workspace_of(chat)
    if root is None:
        return False
    file = root / path
    return file.exists() or server.mirror.get_document(file.as_uri()) is not None
