"""One question to a backend, as the tests ask it."""

from __future__ import annotations

import random
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from backends.fault_server import FaultServer
from streetrace_lsp.routing.chat_call import Deadlines
from streetrace_lsp.routing.events import (
    BackendError,
    Event,
    Finished,
    Reasoning,
    Text,
    ToolCallPiece,
)
from streetrace_lsp.routing.host import ChatCall, ModelHost
from streetrace_lsp.routing.origins import Origin
from streetrace_lsp.routing.secret import Secret
from streetrace_lsp.routing.targets import Target

QUESTION = ({"role": "user", "content": "What does f do?"},)
KEY = "sk-own-4f9a/b+c=d"


@dataclass(frozen=True)
class Wire:
    """One way to the fault server: adapter, LiteLLM's prefix, and where its paths begin."""

    name: str
    adapter: str
    provider: str
    base: str = ""
    model: str = "demo"


OLLAMA = Wire("ollama", "ollama", "ollama")
OPENAI = Wire("openai", "litellm", "openai", "/v1")
ANTHROPIC = Wire("anthropic", "litellm", "anthropic")
GEMINI = Wire("gemini", "litellm", "gemini", "/v1beta")
COHERE = Wire("cohere", "litellm", "cohere_chat", "/v2/chat")
BEDROCK = Wire("bedrock", "litellm", "bedrock", model="converse/demo")
# Asked again and again instead of streamed.
REPLICATE = Wire("replicate", "litellm", "replicate", "/v1", model="meta/demo")
WIRES = (OLLAMA, OPENAI, ANTHROPIC, GEMINI, COHERE)


def call(wire: Wire, server: FaultServer, **changes: Any) -> ChatCall:
    """A call that asks the server over this wire, with `changes` to its fields."""
    fields: dict[str, Any] = {
        "backend": "mine",
        "provider": wire.provider,
        "model": wire.model,
        "adapter": wire.adapter,
        "messages": QUESTION,
        "api_base": f"{server.base}{wire.base}",
        "origins": (server.origin,),
        "key": Secret(KEY),
        # A test that goes wrong ends soon.
        "deadlines": Deadlines(total=20),
    }
    return ChatCall(**{**fields, **changes})


class LeastWait(random.Random):
    """In the place of `call._JITTER`: the shortest waits between attempts that there are."""

    def uniform(self, a: float, b: float) -> float:
        return a / 100


@dataclass
class Answer:
    """What came back: texts joined, and how it ended."""

    text: str = ""
    reasoning: str = ""
    pieces: list[str] = field(default_factory=list)
    calls: list[ToolCallPiece] = field(default_factory=list)
    finished: Finished | None = None
    error: BackendError | None = None


async def answer(events: AsyncGenerator[Event]) -> Answer:
    """Everything of one reply. A failure is part of the answer."""
    found = Answer()
    try:
        async with aclosing(events):
            async for event in events:
                match event:
                    case Text(text):
                        found.text += text
                        found.pieces.append(text)
                    case Reasoning(text):
                        found.reasoning += text
                    case ToolCallPiece():
                        found.calls.append(event)
                    case Finished():
                        found.finished = event
    except BackendError as error:
        found.error = error
    return found


async def ask(host: ModelHost, wire: Wire, server: FaultServer, **changes: Any) -> Answer:
    """One call and its whole answer."""
    return await answer(host.stream(call(wire, server, **changes)))


def target(wire: Wire, server: FaultServer, *, local: bool = False, **options: Any) -> Target:
    """A target on the fault server; `options` are the target's, deadlines among them."""
    return Target(
        backend="mine",
        provider=wire.provider,
        model=wire.model,
        adapter=wire.adapter,  # type: ignore[arg-type]
        api_base=f"{server.base}{wire.base}",
        origins=(Origin("http", *server.origin),),
        key=Secret(KEY),
        options={"timeout_total": 20, **options},
        local=local,
    )
