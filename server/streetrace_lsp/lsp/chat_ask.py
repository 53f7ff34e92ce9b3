"""What the next answer of a chat is asked with: what is said, by whose rules, and of whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from streetrace_lsp.chat.talk import Talk
from streetrace_lsp.chat.transcript import Turn
from streetrace_lsp.config.model import CHAT_TASK
from streetrace_lsp.lsp.chat_models import model_of
from streetrace_lsp.lsp.chat_sources import said_of
from streetrace_lsp.lsp.run_action import choose_route
from streetrace_lsp.lsp.sending import joining_for
from streetrace_lsp.lsp.trust import ask_once
from streetrace_lsp.requests.outcome import RefusedError
from streetrace_lsp.requests.preview import same_way

if TYPE_CHECKING:
    from streetrace_lsp.chat.preview import Previewed
    from streetrace_lsp.lsp.server import StreetraceServer


@dataclass(frozen=True)
class Question:
    """``turns`` of a chat, the last one a question. ``in_chat``: the target that the chat names;
    ``chosen``: the one that a program names for this once. ``fresh`` passes over kept answers."""

    turns: tuple[Turn, ...]
    in_chat: str | None = None
    chosen: str | None = None
    fresh: bool = False


async def talk_for(
    server: StreetraceServer, uri: str, asked: Question, report: Callable[[str], None]
) -> Talk:
    """The request, once the person agreed to what it uses. Raises `StreetraceError`."""
    # What is attached may depend on the answer.
    await ask_once(server, uri)
    spoken = await said_of(server, uri, asked.turns)
    in_chat = asked.in_chat
    if spoken.named is not None:
        report(f"“{spoken.named.words}”: {spoken.named.target}")
        in_chat = spoken.named.target
    wanted = model_of(server.settings.of(uri).settings, asked.chosen, in_chat)
    found = await choose_route(server, uri, CHAT_TASK, wanted, rules=True)
    rules = joining_for(server, uri)
    rules = replace(rules, left_out=(*rules.left_out, *spoken.withheld))
    return Talk(server.session, found.configuration, found.route, spoken.said, rules, asked.fresh)


async def talk_as_seen(
    server: StreetraceServer, uri: str, asked: Question, seen: Previewed
) -> Talk:
    """The request that was previewed, as it was seen.

    Raises `RefusedError` where the chat, or the server to ask, is another one by now.
    """
    if asked.turns != seen.turns:
        raise RefusedError(
            "The chat has changed since the preview, so nothing was sent.", "Preview it again."
        )
    found = await choose_route(server, uri, CHAT_TASK, seen.model)
    way = same_way(seen.page.target, found.route)
    if way is None:
        raise RefusedError(
            "The configuration has changed since the preview, so nothing was sent.",
            "Preview it again.",
        )
    configuration = found.configuration
    return Talk(server.session, configuration, way, (), seen.rules, asked.fresh, seen.sent)
