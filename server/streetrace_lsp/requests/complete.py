"""One reply for a program: its own messages and tools to a configured target. No LSP in here."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from streetrace_lsp.prompts.build import estimate_tokens
from streetrace_lsp.prompts.trim import PromptTooLargeError
from streetrace_lsp.requests.clean_conversation import clean_conversation
from streetrace_lsp.requests.fitting import windowed
from streetrace_lsp.requests.preview import Page, costs
from streetrace_lsp.routing.ask import Asking, Paid, Prepared, Told
from streetrace_lsp.routing.ask import ask as ask_route
from streetrace_lsp.routing.events import Finished, Reasoning, Text
from streetrace_lsp.routing.spending import Purpose
from streetrace_lsp.routing.windows import prompt_room

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.prompts.redaction import Redaction
    from streetrace_lsp.routing.chat_call import Message, Tools
    from streetrace_lsp.routing.events import ToolCall, Usage
    from streetrace_lsp.routing.route import Route
    from streetrace_lsp.routing.session import Session
    from streetrace_lsp.routing.targets import Target

# How the history calls these requests.
TASK = "complete"


@dataclass(frozen=True)
class Conversation:
    """What a program wants answered. ``messages`` in the form of OpenAI's chat completions.

    ``max_tokens`` and ``temperature`` go before those of the target.
    """

    messages: Sequence[Message]
    tools: Tools | None = None
    max_tokens: int | None = None
    temperature: float | None = None


@dataclass(frozen=True)
class Completion:
    """The whole reply. ``cost``: nano-dollars, None where nobody knows.

    ``reason``: as in `Finished`. ``why``: why ``target`` is not the first choice, or empty.
    ``cached``: it was kept from an earlier, identical request. ``withheld``: what was not sent, in
    words; ``placeholders``: what stands in the reply for it, and what each stands for.
    """

    target: Target
    text: str
    reasoning: str
    tool_calls: tuple[ToolCall, ...]
    reason: str
    usage: Usage | None
    cost: int | None
    why: str = ""
    cached: bool = False
    withheld: tuple[str, ...] = ()
    placeholders: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Clean:
    """A conversation as it leaves the machine, and what was taken out of it."""

    conversation: Conversation
    redaction: Redaction


async def without_secrets(conversation: Conversation) -> Clean:
    """Raises `RefusedError` where the arguments of a call would be no JSON object any more."""
    messages, tools, redaction = await asyncio.to_thread(
        clean_conversation, conversation.messages, conversation.tools
    )
    return Clean(replace(conversation, messages=messages, tools=tools), redaction)


async def preview(
    clean: Clean,
    route: Route,
    session: Session,
    configuration: Configuration,
    notes: Sequence[str] = (),
) -> Page:
    """What would be sent to the first target of the route. Nobody is contacted.

    Raises ``PromptTooLargeError``.
    """
    conversation = clean.conversation
    prepared = await _prepared(conversation, route.first, session, configuration, offline=True)
    tokens, tools = prepared.tokens, conversation.tools
    return Page(
        route.first,
        prepared.messages,
        tokens,
        withheld=clean.redaction.withheld,
        costs=await costs(route, session, configuration, tokens),
        notes=tuple(notes),
        tools=tuple(tools.functions) if tools is not None else (),
    )


async def complete(
    conversation: Conversation | Clean,
    route: Route,
    session: Session,
    configuration: Configuration,
    *,
    on_event: Callable[[Told], None] = lambda _: None,
    fresh: bool = False,
) -> Completion:
    """Asks the first target of the route that answers, and gives its whole reply.

    ``conversation``: as it was asked, or as it was previewed. ``on_event`` is told of everything as
    it comes. Secrets are replaced by place-holders, which
    stay in the reply. Messages are never cut: what does not fit raises `PromptTooLargeError`.
    Raises as `routing.ask.ask` does. Cancelling the task closes the connection.
    """
    if isinstance(conversation, Conversation):
        conversation = await without_secrets(conversation)
    clean = conversation

    async def prepare(target: Target) -> Prepared:
        return await _prepared(clean.conversation, target, session, configuration)

    reply = _Reply()
    told = ask_route(session, Purpose(configuration, TASK), route, prepare, fresh=fresh)
    async with aclosing(told) as events:
        async for event in events:
            reply.hear(event)
            on_event(event)
    return _recorded(reply.whole(), clean.redaction)


def _recorded(found: Completion, redaction: Redaction) -> Completion:
    """The reply with what was withheld from it."""
    said = "\n".join([found.text, found.reasoning, *(one.arguments for one in found.tool_calls)])
    stand = {token: text for token, text in redaction.secrets.items() if token in said}
    return replace(found, withheld=redaction.withheld, placeholders=stand)


@dataclass
class _Reply:
    """What was told so far."""

    asking: Asking | None = None
    finished: Finished | None = None
    paid: Paid | None = None
    text: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)

    def hear(self, event: Told) -> None:
        match event:
            case Asking():
                self.asking = event
            case Text(text):
                self.text.append(text)
            case Reasoning(text):
                self.reasoning.append(text)
            case Finished():
                self.finished = event
            case Paid():
                self.paid = event

    def whole(self) -> Completion:
        if self.asking is None or self.finished is None or self.paid is None:
            raise AssertionError("a reply ended without an end and without an error")
        return Completion(
            self.asking.target,
            "".join(self.text),
            "".join(self.reasoning),
            self.finished.tool_calls,
            self.finished.reason,
            self.finished.usage,
            self.paid.cost,
            self.asking.why,
            self.paid.cached,
        )


async def _prepared(
    conversation: Conversation,
    target: Target,
    session: Session,
    configuration: Configuration,
    *,
    offline: bool = False,
) -> Prepared:
    given = {"max_tokens": conversation.max_tokens, "temperature": conversation.temperature}
    own = {name: value for name, value in given.items() if value is not None}
    target = replace(target, options={**target.options, **own})
    said = estimate_tokens([{"content": _said(message)} for message in conversation.messages])
    offered = _tokens_of(conversation.tools)
    target, window = await windowed(session, configuration, target, said + offered, offline=offline)
    if window is not None:
        room = prompt_room(window, target.options.get("max_tokens"))
        if said + offered > room:
            raise _too_large(target, said, offered, room)
    return Prepared(target, conversation.messages, said + offered, conversation.tools)


def _said(message: Message) -> str:
    """What a message takes room with: its texts, and the calls in it."""
    content: Any = message.get("content") or ""
    parts = [content] if isinstance(content, str) else [part["text"] for part in content]
    if calls := message.get("tool_calls"):
        parts.append(json.dumps(calls, ensure_ascii=False))
    return "".join(parts)


def _tokens_of(tools: Tools | None) -> int:
    if tools is None:
        return 0
    schemas = json.dumps(tools.frame()["functions"], ensure_ascii=False)
    return estimate_tokens([{"content": schemas}])


def _too_large(target: Target, said: int, offered: int, room: int) -> PromptTooLargeError:
    tools = f" and the tools about {offered:,}" if offered else ""
    return PromptTooLargeError(
        f"The messages take about {said:,} tokens{tools}, and {target.backend} ({target.model}) "
        f"has room for {room:,}.",
        "Send less, or choose a model with a larger window.",
    )
