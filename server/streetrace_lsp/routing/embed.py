"""Vectors of texts, for searching, by the model that the configuration names for it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from .ask import FREE
from .chat_call import ChatCall, chat_call
from .errors import RoutingError
from .events import BackendError, Usage
from .explain import explain_timeout
from .host import ModelHost
from .retry import delay
from .spending import Purpose, Spending
from .targets import resolve

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration

    from .session import Session
    from .targets import Target

# Providers limit a request to 96 texts (Cohere), 100 (Gemini), and 300,000 tokens (OpenAI).
_MOST_TEXTS: Final = 64
_MOST_CHARACTERS: Final = 200_000
# How the history calls these requests.
EMBED_TASK: Final = "embed"
# They have no embedding models, or LiteLLM does not know how to ask for them.
WITHOUT_EMBEDDINGS: Final = frozenset(
    {
        "anthropic",
        "cerebras",
        "codestral",
        "deepinfra",
        "deepseek",
        "groq",
        "moonshot",
        "replay",
        "replicate",
        "xai",
    }
)
_INSTEAD: Final = "Use OpenAI or Ollama for embeddings."
# Spread, not secrecy.
_JITTER: Final = random.Random()  # noqa: S311


@dataclass(frozen=True, slots=True)
class Embedded:
    """What came of one request; ``tokens`` as the backend counted them, or None."""

    vectors: list[list[float]]
    tokens: int | None


def embedding_target(configuration: Configuration) -> Target:
    """The target of ``embedding_backend`` and that backend's ``embedding_model``.

    Raises `RoutingError` when the configuration names none, or one that can't do it.
    """
    settings = configuration.settings
    name = settings.defaults.embedding_backend
    if name is None:
        raise RoutingError(
            "No backend for embeddings is configured.",
            'Write embedding_backend = "NAME" under [defaults], and embedding_model under '
            f"[backends.NAME]. {_INSTEAD}",
        )
    backend = settings.backends.get(name)
    if backend is None:
        raise RoutingError(
            f"embedding_backend is {name}, and there is no [backends.{name}].",
            f"Declare it, or name another one. {_INSTEAD}",
        )
    _refuse(name, backend.provider)
    if backend.embedding_model is None:
        raise RoutingError(
            f"Backend {name} has no embedding model.",
            f'Write embedding_model = "MODEL" under [backends.{name}].',
        )
    target = resolve(configuration, EMBED_TASK, f"{name}/{backend.embedding_model}")
    # A role may have the same name; the model is meant.
    return replace(target, model=backend.embedding_model)


async def embed(host: ModelHost, target: Target, texts: Sequence[str]) -> list[list[float]]:
    """One vector for each of ``texts``, in their order; all have the same length.

    Asks in batches, one after another, each within the target's total time. Raises
    `BackendError`, and `RoutingError` for a provider without embeddings. Cancelling closes the
    connection. Nothing is recorded: this is for a check, `embed_for` for a person.
    """

    async def asked(batch: list[str]) -> Embedded:
        return await _embedded(host, _call(target, batch))

    return await _in_batches(target, texts, asked)


async def embed_for(
    session: Session, configuration: Configuration, texts: Sequence[str]
) -> list[list[float]]:
    """The same by the `embedding_target`, within the budget and on the record.

    Raises ``OverBudgetError`` and what else stops a request before it is made, besides.
    """
    target = embedding_target(configuration)
    purpose = Purpose(configuration, EMBED_TASK)
    wanted = f"{target.backend}/{target.model}"

    async def asked(batch: list[str]) -> Embedded:
        spending = Spending(session, purpose, target, wanted)
        await spending.reserve(sum(map(_estimate, batch)), answered=False)
        outcome, usage, free = "cancelled", None, False
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            found = await _embedded(session.host, _call(target, batch))
            outcome, usage = "done", Usage(found.tokens, 0)
            return found
        except BackendError as error:
            outcome, free = error.kind, error.kind in FREE
            raise
        finally:
            took = loop.time() - began
            await spending.settle(outcome, usage, free=free, duration=took)

    return await _in_batches(target, texts, asked)


async def _in_batches(
    target: Target, texts: Sequence[str], asked: Callable[[list[str]], Awaitable[Embedded]]
) -> list[list[float]]:
    _refuse(target.backend, target.provider)
    vectors: list[list[float]] = []
    for batch in _batches(texts):
        found = (await asked(batch)).vectors
        if vectors and len(vectors[0]) != len(found[0]):
            raise BackendError(
                "malformed",
                f'Backend "{target.backend}" sent vectors of different lengths.',
                "Try again, or choose another embedding_model.",
            )
        vectors += found
    return vectors


def _call(target: Target, batch: list[str]) -> ChatCall:
    return chat_call(target, [{"content": text} for text in batch])


def _estimate(text: str) -> int:
    # As `prompts.build` estimates the tokens of code.
    return int(len(text.encode("utf-8", "surrogatepass")) / 3.5) + 1


def _refuse(name: str, provider: str) -> None:
    from .providers import find_provider

    known = find_provider(provider)
    if known is not None and known.name in WITHOUT_EMBEDDINGS:
        raise RoutingError(f"Backend {name}: {known.title} provides no embeddings.", _INSTEAD)


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and (len(batch) == _MOST_TEXTS or size + len(text) > _MOST_CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch


async def _embedded(host: ModelHost, call: ChatCall) -> Embedded:
    attempt = 1
    while True:
        try:
            return await _asked(host, call)
        except BackendError as error:
            wait = delay(error, attempt, jitter=_JITTER)
            if wait is None:
                raise
        await asyncio.sleep(wait)
        attempt += 1


async def _asked(host: ModelHost, call: ChatCall) -> Embedded:
    try:
        async with (
            asyncio.timeout(call.deadlines.total) as limit,
            aclosing(host.frames("embed", call)) as frames,
        ):
            frame = await anext(frames)
            return Embedded(frame["vectors"], frame["tokens"])
    except TimeoutError:
        if not limit.expired():
            raise
        raise explain_timeout("timeout_total", call) from None
