"""``streetrace.prompt.preview`` of a chat: exactly what *Send* would send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streetrace_lsp.chat.attachments import attachments
from streetrace_lsp.chat.preview import Previewed
from streetrace_lsp.chat.preview import preview as make_preview
from streetrace_lsp.chat.question import asked, worded
from streetrace_lsp.chat.slots import slot
from streetrace_lsp.chat.transcript import Turn
from streetrace_lsp.config.model import CHAT_TASK
from streetrace_lsp.edits.changes import apply
from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp.chat_commands import NO_CHAT, the_chat
from streetrace_lsp.lsp.chat_models import model_of
from streetrace_lsp.lsp.chat_sources import said_of
from streetrace_lsp.lsp.preview_command import new_name, open_page, route_unasked
from streetrace_lsp.lsp.sending import joining_for
from streetrace_lsp.requests.preview import facts

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer

_BY_WORDS = "@search is ranked by words here, since a preview asks no model."


async def preview(server: StreetraceServer, given: dict[str, Any]) -> dict[str, Any]:
    """``streetrace.prompt.preview {uri, text?, replace?, model?}`` of a chat; ``text`` and
    ``replace`` as in ``streetrace/chat/send``, where the question is not in the chat yet.

    Opens what would be sent as a page, and answers with it and an id for `streetrace.chat.send`.
    Nobody is asked and nothing is contacted: what is not trusted is not used, and said.
    """
    found = the_chat(server, given)
    if found is None:
        return server.say(NO_CHAT)
    uri, text = found
    if isinstance(words := given.get("text"), str) and words.strip():
        instead = given.get("replace") is True
        text = apply(text, (asked(text, worded(words.strip("\r\n")), instead=instead),))
    transcript = server.chats.read(text)
    wanted = slot(transcript, "send")
    if isinstance(wanted, str):
        return server.say(wanted)
    chosen = given.get("model")
    chosen = chosen if isinstance(chosen, str) else None
    try:
        made = await _made(server, uri, wanted.turns, chosen, transcript.model)
    except StreetraceError as error:
        return server.say(error.sentence)
    name = new_name()
    server.chat_previews[name] = (uri, made)
    await open_page(server, "Chat", made.page)
    return {"preview": name, **facts(made.page)}


async def _made(
    server: StreetraceServer,
    uri: str,
    turns: tuple[Turn, ...],
    chosen: str | None,
    in_chat: str | None,
) -> Previewed:
    spoken = await said_of(server, uri, turns, by_meaning=False)
    notes = []
    if spoken.named is not None:
        in_chat = spoken.named.target
        notes.append(f"“{spoken.named.words}”: {spoken.named.target}")
    model = model_of(server.settings.of(uri).settings, chosen, in_chat)
    way, configuration, more = await route_unasked(server, uri, CHAT_TASK, model)
    searches = any(one.kind == "search" for turn in turns for one in attachments(turn.text))
    if searches and configuration.settings.defaults.embedding_backend is not None:
        more.append(_BY_WORDS)
    rules = joining_for(server, uri)
    sent, page = await make_preview(
        spoken.said, rules, way, server.session, configuration, [*notes, *more]
    )
    return Previewed(turns, rules, sent, page, model)


def preview_at(server: StreetraceServer, uri: str, turns: tuple[Turn, ...]) -> str | None:
    """The id of the last preview of a chat, where it still says what would be sent."""
    for name, (of, made) in reversed(server.chat_previews.items()):
        if of == uri:
            return name if made.turns == turns else None
    return None
