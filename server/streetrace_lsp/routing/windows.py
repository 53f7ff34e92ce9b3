"""How much fits: the context window of a target, its longest answer, the room for a prompt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from streetrace_lsp.config.configuration import Configuration

from .model_facts import ModelFacts
from .table_names import find_row, usual_window

if TYPE_CHECKING:
    from streetrace_lsp.config.model import Backend

    from .targets import Target

# What is kept free for the answer where nothing says how long it may be.
USUAL_ANSWER: Final = 4096
# Ollama: what a model may take of the memory unless `context_windows` says otherwise.
OLLAMA_CAP: Final = 16_384
# The estimate of a prompt may be too low by this much.
_MARGIN: Final = 1.1


def window_of(
    configuration: Configuration, target: Target, facts: ModelFacts | None = None
) -> int | None:
    """The window in tokens, prompt and answer together; None when it is not known.

    In this order: ``context_windows`` of the backend, what the server itself said (``facts``),
    LiteLLM's table. For Ollama it is the most that `num_ctx` may become: ``num_ctx`` where the
    backend sets it, else the cap, and never more than the model's own ceiling.
    """
    configured = _configured(configuration, target)
    ceiling = facts.window if facts is not None else None
    if target.provider == "ollama":
        given = target.options.get("num_ctx")
        wanted = int(given) if given else configured or OLLAMA_CAP
        return min(wanted, ceiling) if ceiling else wanted
    if configured is not None:
        return configured
    if ceiling is not None:
        return ceiling
    model = target.priced_as or target.model
    row = None if target.provider == "litellm_proxy" else find_row(target.provider, model)
    if row is not None and row.window is not None:
        return row.window
    # A server on this machine was started with a window of its own.
    return None if target.local else usual_window(model)


def max_output_of(target: Target, facts: ModelFacts | None = None) -> int | None:
    """The longest answer of a target's model in tokens; None when it is not known."""
    if facts is not None and facts.max_output is not None:
        return facts.max_output
    if target.local or target.provider in {"ollama", "litellm_proxy"}:
        return None
    row = find_row(target.provider, target.priced_as or target.model)
    return row.max_output if row is not None else None


def answer_room(window: int, max_tokens: int | None) -> int:
    """The tokens of a window that are kept for the answer: never more than half of it."""
    return min(max_tokens or USUAL_ANSWER, window // 2)


def prompt_room(window: int, max_tokens: int | None) -> int:
    """How large the estimate of a prompt may be, in tokens, for prompt and answer to fit."""
    return int((window - answer_room(window, max_tokens)) / _MARGIN)


def needed_window(prompt_tokens: int, max_tokens: int | None) -> int:
    """The window, in tokens, that holds a prompt of this estimate and its answer."""
    return -(-prompt_tokens * 11 // 10) + (max_tokens or USUAL_ANSWER)


def _configured(configuration: Configuration, target: Target) -> int | None:
    backend = _backend(configuration, target)
    windows: Mapping[str, int] = backend.context_windows if backend is not None else {}
    for name in (target.model, target.priced_as):
        if not name:
            continue
        for key, window in windows.items():
            if _same(key, name):
                return window
    return None


def _backend(configuration: Configuration, target: Target) -> Backend | None:
    backends = configuration.settings.backends
    # A member of a pool is shown as `NAME @ host`, a deployment as `NAME/ROLE`.
    shown = target.backend.partition(" @ ")[0]
    return backends.get(shown) or backends.get(shown.partition("/")[0])


def _same(one: str, other: str) -> bool:
    """Whether two names mean one model: Ollama's `:latest` may be left out."""
    return one.lower().removesuffix(":latest") == other.lower().removesuffix(":latest")
