"""What a model's reply consists of, and how it fails."""

from __future__ import annotations

from dataclasses import dataclass

from streetrace_lsp.errors import StreetraceError


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one exchange as the backend counted them; ``None`` where it said nothing."""

    prompt_tokens: int | None
    completion_tokens: int | None


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of the answer. Pieces follow each other without anything between them."""

    text: str


@dataclass(frozen=True, slots=True)
class Reasoning:
    """A piece of what the model thought before it answered; never part of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCallPiece:
    """A piece of the arguments of a call that the model is writing; nothing to act by.

    ``index`` counts the calls of a reply from 0. Only `Finished` says that a call is whole.
    """

    index: int
    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A whole call. ``arguments``: a JSON object, as the model wrote it."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event of a reply that did not fail.

    ``reason`` is ``stop``, ``length``, ``content_filter``, ``refusal``, ``tool_calls`` or what
    the backend said. ``marker``: the backend itself marked the end. Without a marker the
    reply may be cut, and nothing of it may be applied. ``tool_calls``: of a request with tools,
    the calls that are whole; there are some with the reason ``tool_calls``, and only then.
    ``first_token`` and ``duration``: seconds from when the request left, where that is known.
    """

    reason: str
    usage: Usage | None
    marker: bool
    tool_calls: tuple[ToolCall, ...] = ()
    first_token: float | None = None
    duration: float | None = None


Event = Text | Reasoning | ToolCallPiece | Finished


class BackendError(StreetraceError):
    """A request that a backend, or the way to it, did not fulfil.

    ``kind`` is one of: connect, dns, tls, proxy (the way through it), network (a
    setting of [network] that can't be used), auth, not_found, rate_limit, quota (no credit left),
    region (not offered there), server, request,
    timeout_first, timeout_idle, timeout_total, start (of a local server), cut, malformed, context,
    content_filter, tools (it takes none), tool_call (one that is not whole), refused_origin,
    replay_miss, crashed, too_large, unknown.
    ``retry_after`` (seconds) and ``status`` (HTTP) are what the backend said, if it did.
    ``variable``: that of the key that was refused or is missing.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        next_step: str = "",
        *,
        detail: str = "",
        status: int | None = None,
        retry_after: float | None = None,
        variable: str | None = None,
    ) -> None:
        super().__init__(message, next_step, detail=detail)
        self.kind = kind
        self.status = status
        self.retry_after = retry_after
        self.variable = variable

    def __repr__(self) -> str:
        return f"BackendError({self.kind!r}, {self.message!r})"
