"""What the server behind a target has: its models, whether it is ready, and fetching one more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from .chat_call import ChatCall, chat_call
from .events import BackendError
from .explain import explain
from .host import ModelHost
from .model_facts import ModelFacts, facts_of_proxy
from .next_steps import list_step
from .providers import Provider, find_provider
from .secret import redact

if TYPE_CHECKING:
    from .targets import Target

# Seconds until a list must be there, if the target allows an answer that long.
LISTING: Final = 20.0
# Seconds that a pull may say nothing: checking tens of gigabytes takes its time.
PULL_SILENCE: Final = 600.0
# They speak another language than OpenAI's, or it without the list of models.
_WITHOUT_LIST: Final = frozenset(
    {
        "anthropic",
        "azure",
        "azure_ai",
        "bedrock",
        "codestral",
        "cohere_chat",
        "gemini",
        "perplexity",
        "replicate",
        "vertex_ai",
    }
)
_OLLAMA_TAG: Final = ":latest"


@dataclass(frozen=True, slots=True)
class Listed:
    """One model of a server. ``None`` where the server said nothing.

    ``context_window``: tokens. ``input_price``, ``output_price``: dollars per million tokens.
    ``loaded``: whether it is in memory now. ``size``: bytes. ``max_output``: tokens.
    """

    name: str
    context_window: int | None = None
    input_price: float | None = None
    output_price: float | None = None
    loaded: bool | None = None
    size: int | None = None
    max_output: int | None = None

    @property
    def facts(self) -> ModelFacts:
        """The same for `prices` and `windows`."""
        return ModelFacts(self.input_price, self.output_price, self.context_window, self.max_output)


@dataclass(frozen=True, slots=True)
class Pulling:
    """How far a model has come: what is being done, and bytes of the part at hand."""

    status: str
    completed: int | None = None
    total: int | None = None


def gives_list(provider: Provider) -> bool:
    """Whether this provider's servers can be asked for their models."""
    return provider.adapter != "replay" and provider.name not in _WITHOUT_LIST


def can_list(target: Target) -> bool:
    """Whether the target's server can be asked for its models."""
    known = find_provider(target.provider)
    return known is not None and gives_list(known) and target.api_base is not None


async def models(host: ModelHost, target: Target) -> list[Listed]:
    """The models that the target's server says it has, in its own order.

    Of a provider that can't be asked, the target's own. Raises ``BackendError``. Only the
    target's origins are contacted, with its key, headers, network settings and no other.
    """
    if not can_list(target):
        return [Listed(target.model)] if target.model else []
    frame = await _ask("list", host, target)
    if "rows" in frame:
        found = facts_of_proxy(frame["rows"]).items()
        listed = [Listed(n, f.window, f.input, f.output, max_output=f.max_output) for n, f in found]
    else:
        listed = [Listed(**model) for model in frame["models"]]
    # A server may echo the key that it was sent.
    secrets = _call(target, LISTING).secrets
    return [replace(one, name=redact(one.name, secrets)) for one in listed]


async def ready(host: ModelHost, target: Target) -> None:
    """Returns when the LiteLLM Proxy of the target is ready to serve. Raises ``BackendError``.

    Asks its ``/health/readiness``; its ``/health`` would call every model.
    """
    await _ask("ready", host, target)


async def pull(host: ModelHost, target: Target) -> AsyncGenerator[Pulling]:
    """Has the target's Ollama fetch the target's model; the progress as it comes.

    Ends when the model is there. Raises ``BackendError``. Ending it early, as by cancelling the
    consuming task, closes the connection; what has come so far is kept by Ollama.
    """
    call = _call(target, PULL_SILENCE)
    async with aclosing(host.frames("pull", call)) as frames:
        while True:
            try:
                async with asyncio.timeout(PULL_SILENCE):
                    frame = await anext(frames)
            except TimeoutError:
                raise explain({"kind": "timeout_total"}, call) from None
            except BackendError as error:
                raise _cannot_pull(error, target) from None
            if frame["ev"] == "pulled":
                return
            yield Pulling(frame["status"], frame["completed"], frame["total"])


def known(listed: Sequence[Listed], model: str, *, ollama: bool = False) -> Listed | None:
    """The entry that serves ``model``: by its name, by a proxy's ``*``, or by Ollama's tag."""
    wanted = {model, model + _OLLAMA_TAG} if ollama and ":" not in model else {model}
    for one in listed:
        if one.name in wanted or ("*" in one.name and fnmatchcase(model, one.name)):
            return one
    return None


def closest(listed: Sequence[Listed], model: str) -> str | None:
    """The name that ``model`` was probably meant to be."""
    from rapidfuzz import fuzz, process

    names = [one.name for one in listed]
    found = process.extractOne(
        model.lower(), names, scorer=fuzz.WRatio, processor=str.lower, score_cutoff=70
    )
    return found[0] if found else None


def _cannot_pull(error: BackendError, target: Target) -> BackendError:
    if error.kind != "not_found":
        return error
    return BackendError(
        error.kind,
        f"Ollama knows no model {target.model} to fetch.",
        "Check its name and its tag in Ollama's library.",
        detail=error.detail,
    )


async def _ask(op: str, host: ModelHost, target: Target) -> dict[str, Any]:
    own = chat_call(target, ()).deadlines.total
    call = _call(target, min(own, LISTING))
    try:
        async with (
            asyncio.timeout(call.deadlines.total),
            aclosing(host.frames(op, call)) as frames,
        ):
            return await anext(frames)
    except TimeoutError:
        raise explain({"kind": "timeout_total"}, call) from None
    except BackendError as error:
        if op != "list" or error.kind != "not_found":
            raise
        # It is not a model that is missing.
        raise BackendError(
            error.kind,
            f'Backend "{target.backend}" at {target.api_base} gives no list of its models '
            f"(HTTP {error.status}).",
            list_step(call),
            detail=error.detail,
            status=error.status,
        ) from None


def _call(target: Target, longest: float) -> ChatCall:
    call = chat_call(target, ())
    return replace(call, deadlines=replace(call.deadlines, total=longest))
