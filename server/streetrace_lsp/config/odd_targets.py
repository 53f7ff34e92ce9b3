"""Target strings of one file that mean nothing, or several things, in the whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from .findings import Finding, Path
from .mend import Mend, quoted, remove, text
from .needed import chain
from .pools import odd_pools, pool_of
from .providers import find_provider
from .target_strings import TargetError, choose, nearest

if TYPE_CHECKING:
    from .model import Backend, Settings

# Where somebody's own OpenAI-compatible server is likeliest: what llama-server listens at.
_A_LOCAL_SERVER: Final = "http://localhost:8080/v1"
# A well-known embedding model by provider.
_EMBEDDINGS: Final = {
    "ollama": "nomic-embed-text",
    "openai": "text-embedding-3-small",
    "gemini": "gemini-embedding-001",
    "mistral": "mistral-embed",
    "cohere_chat": "embed-v4.0",
}


def odd_targets(own: Settings, effective: Settings, *, own_base: bool) -> list[Finding]:
    """What ``own`` says of targets, pools and the backend for searching that can't work."""
    findings = [*odd_pools(own, effective), *_embedding(own, effective)]
    for path, target, task in placed_targets(own):
        if pool_of(effective, target) is not None:
            continue  # its targets are looked at where the pool stands
        if _has_odd_provider(effective, target):
            continue  # that is said where the backend stands
        try:
            choose(target, effective, task, own_base=own_base)
        except TargetError as error:
            findings.append(_unclear(path, target, error))
    findings += _in_pools(own, effective, own_base=own_base)
    return findings


def _has_odd_provider(settings: Settings, target: str) -> bool:
    backend = settings.backends.get(target.strip().partition("/")[0])
    return backend is not None and find_provider(backend.provider) is None


def _unclear(path: Path, target: str, error: TargetError) -> Finding:
    mends = tuple(text(instead) for instead in error.instead)
    if error.backend is not None:
        lines = [f"provider = {quoted('openai')}", f"api_base = {quoted(_A_LOCAL_SERVER)}"]
        model = target.partition("/")[2]
        lines += [f"model = {quoted(model)}"] if model else []
        title = f"Create [backends.{error.backend}]"
        mends += (Mend(title, "add", "\n".join(lines), ("backends", error.backend)),)
    return Finding(path, "value", "unclear-target", error.message, error.next_step, mends=mends)


def placed_targets(own: Settings) -> Iterator[tuple[Path, str, str]]:
    """Each target string outside the pools with its place and a task that it serves."""
    if own.model:
        # Every task may come here; one that finds no model of its own says so when it is run.
        yield ("model",), own.model, "edit"
    for place, target in enumerate(own.fallbacks or ()):
        yield ("fallbacks", place), target, "edit"
    for task, given in own.tasks.items():
        for place, target in enumerate(chain(given)):
            path: Path = ("tasks", task)
            yield (path if isinstance(given, str) else (*path, place)), target, task
    for name, action in own.actions.items():
        if action.model:
            yield ("actions", name, "model"), action.model, name
        for place, target in enumerate(action.fallbacks or ()):
            yield ("actions", name, "fallbacks", place), target, name


def _in_pools(own: Settings, effective: Settings, *, own_base: bool) -> Iterator[Finding]:
    """A pool's targets, for the tasks that come to it: a backend alone means their role there."""
    for name, pool in own.pools.items():
        tasks = {task for _, given, task in placed_targets(effective) if given.strip() == name}
        for place, target in enumerate(pool):
            if pool_of(effective, target) is not None:
                continue
            for task in sorted(tasks) or ["edit"]:
                try:
                    choose(target, effective, task, own_base=own_base)
                except TargetError as error:
                    yield _unclear(("pools", name, place), target, error)
                    break


def _embedding(own: Settings, effective: Settings) -> Iterator[Finding]:
    name = own.defaults.embedding_backend
    if name is None:
        return
    path: Path = ("defaults", "embedding_backend")
    backend = effective.backends.get(name)
    if backend is None:
        near = nearest(
            name, [other for other, b in effective.backends.items() if b.embedding_model]
        )
        yield Finding(
            path,
            "value",
            "unclear-target",
            f"There is no backend {name}.",
            f"Did you mean {near}?" if near else f"Add [backends.{name}] with embedding_model.",
            mends=(text(near),) if near else (remove("embedding_backend"),),
        )
    elif not has_embeddings(backend):
        yield Finding(
            path,
            "value",
            "no-embeddings",
            "Anthropic has no embeddings.",
            "Name a backend of another provider, for example one of OpenAI or Ollama.",
            mends=(*_with_embeddings(effective), remove("embedding_backend")),
        )
    elif backend.embedding_model is None:
        yield Finding(
            path,
            "value",
            "no-embeddings",
            f"The backend {name} names no embedding model.",
            f'Write embedding_model = "…" under [backends.{name}].',
            mends=_an_embedding_model(name, backend),
        )


def _with_embeddings(settings: Settings) -> tuple[Mend, ...]:
    """The backends that could be named instead."""
    return tuple(
        text(name)
        for name, backend in settings.backends.items()
        if backend.embedding_model and has_embeddings(backend)
    )


def _an_embedding_model(name: str, backend: Backend) -> tuple[Mend, ...]:
    provider = find_provider(backend.provider)
    model = _EMBEDDINGS.get(provider.name) if provider is not None else None
    if model is None:
        return (remove("embedding_backend"),)
    line = f"embedding_model = {quoted(model)}"
    return Mend(f"Add {line}", "add", line, ("backends", name)), remove("embedding_backend")


def has_embeddings(backend: Backend) -> bool:
    """Whether the backend's provider offers embeddings at all."""
    provider = find_provider(backend.provider)
    return provider is None or provider.name != "anthropic"
