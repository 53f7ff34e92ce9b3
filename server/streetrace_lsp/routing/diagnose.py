"""Which targets are checked, and their checks side by side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import TYPE_CHECKING

from streetrace_lsp.config.pools import expanded

from .described import TASK, prepared, prepared_for_searching
from .diagnosis import Diagnosis
from .probe import EmbeddingProbe, Probe
from .targets import Target, wanted_target

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration

    from .host import ModelHost
    from .launch import LocalServers


def wanted_targets(configuration: Configuration, only: str | None = None) -> list[str | None]:
    """What to check: ``only``, or the default first and then everything that is configured.

    A pool stands for its members. None stands for what serves when nothing is configured.
    """
    from .configured import configured_models

    settings = configuration.settings
    if only is not None:
        return list(expanded(settings, only))
    default = wanted_target(configuration, TASK)
    found: dict[str | None, None] = dict.fromkeys(expanded(settings, default) if default else ())
    models = configured_models(settings)
    found |= dict.fromkeys(entry.target for entry in models)
    named = {entry.backend for entry in models}
    # A backend without a model serves nothing; its check says what is missing.
    found |= {
        name: None
        for name, backend in settings.backends.items()
        if name not in named and not backend.embedding_model and name not in found
    }
    return list(found) or [None]


def is_default(configuration: Configuration, wanted: str | None) -> bool:
    """Whether the first one of `wanted_targets` is what an action without a word asks.

    Where nothing names a model it is not, even where a backend is there.
    """
    return wanted is None or bool(wanted_target(configuration, TASK))


async def diagnose(
    configuration: Configuration,
    host: ModelHost,
    wanted: list[str | None],
    *,
    searching: bool = False,
    servers: LocalServers | None = None,
    waits: Callable[[str], None] = lambda _: None,
) -> AsyncGenerator[Diagnosis]:
    """What is found out about each target, in their order; the same target is checked once.

    Targets elsewhere are asked at the same time, those on this machine one after the other: each
    may have to load a model. ``searching``: the model of ``embedding_backend`` as well, where one
    is named. ``servers`` starts what has `launch`, if it is given. ``waits`` is told whom the next
    diagnosis is waited for, and an empty string when it is there.
    """
    one_at_a_time = asyncio.Lock()
    begun: dict[object, asyncio.Task[Diagnosis]] = {}
    names: dict[object, str] = {}
    for text in wanted:
        for found, target in await prepared(configuration, host, text):
            same = _identity(found, target)
            if same not in begun:
                probe = Probe(configuration, host, found, target, servers)
                begun[same] = asyncio.create_task(probe.run(one_at_a_time))
                names[same] = found.wanted or found.backend or ""
    if searching and configuration.settings.defaults.embedding_backend is not None:
        found, target = prepared_for_searching(configuration)
        probe = EmbeddingProbe(configuration, host, found, target, servers)
        begun["searching"] = asyncio.create_task(probe.run(one_at_a_time))
        names["searching"] = found.wanted or ""
    try:
        for same, task in begun.items():
            if not task.done():
                waits(names[same])
            try:
                found_out = await task
            finally:
                waits("")
            yield found_out
    finally:
        for task in begun.values():
            task.cancel()
        await asyncio.gather(*begun.values(), return_exceptions=True)


def _identity(found: Diagnosis, target: Target | None) -> object:
    if target is None:
        # What can't be asked is the same by whatever name.
        return (found.backend, found.model) if found.provider else found.wanted
    return target.backend, target.provider, target.model, target.api_base
