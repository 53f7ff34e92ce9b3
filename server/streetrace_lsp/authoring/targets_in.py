"""Where a configuration file names a target or a model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streetrace_lsp.config.mend import Path
from streetrace_lsp.config.odd_targets import placed_targets

if TYPE_CHECKING:
    from streetrace_lsp.config.model import Settings


def targets_in(settings: Settings) -> Iterator[tuple[Path, str, str]]:
    """Each target string with its path and a task that it serves."""
    yield from placed_targets(settings)
    for name, pool in settings.pools.items():
        for place, target in enumerate(pool):
            yield ("pools", name, place), target, "edit"


def models_in(settings: Settings) -> Iterator[tuple[Path, str, str]]:
    """Each model that a backend names, with its path and the backend."""
    for name, backend in settings.backends.items():
        path: Path = ("backends", name)
        if backend.model:
            yield (*path, "model"), name, backend.model
        for role, model in backend.models.items():
            yield (*path, "models", role), name, model
        for role, deployment in backend.deployments.items():
            if deployment.model:
                yield (*path, "deployments", role, "model"), name, role
