"""Models that a configuration file misspells, probably, or does not name at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from streetrace_lsp.config.findings import Finding, place
from streetrace_lsp.config.mend import Mend, quoted, text
from streetrace_lsp.config.mend import Path as KeyPath
from streetrace_lsp.config.pools import pool_of
from streetrace_lsp.config.positions import Positions
from streetrace_lsp.config.problems import Problem
from streetrace_lsp.config.providers import PROVIDERS
from streetrace_lsp.config.target_strings import Choice, TargetError, choose
from streetrace_lsp.routing.table_names import find_row, models_of

from .targets_in import models_in, targets_in

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.config.model import Settings

# So many backends are offered where none is named.
_MOST = 4


def odd_models(
    file: Path, source: str, configuration: Configuration, listed: Callable[[str], Sequence[str]]
) -> tuple[Problem, ...]:
    """A warning for each model that is unknown and has a known neighbour by its name, and one
    where there are backends and nothing says which of them is asked.

    Known is what LiteLLM's table has for a provider at its own address; for Ollama what its server
    listed (``listed``), where it was asked. New models come out every week, so one without a
    neighbour is believed.
    """
    settings = configuration.written or configuration.settings
    # A mistake elsewhere, such as a misspelt `model`, may be why nothing is named.
    whole = not any(problem.severity == "error" for problem in configuration.problems)
    unnamed = _unnamed(source, settings) if whole else ()
    return place(file, source, [*unnamed, *_findings(settings, listed)])


def _unnamed(source: str, settings: Settings) -> Iterator[Finding]:
    if settings.model or settings.tasks or any(one.model for one in settings.actions.values()):
        return
    # A backend that names no model serves nothing yet: that is the first thing to mend.
    places = Positions(source).places
    serving = {backend for _, backend, _ in models_in(settings)}
    here = [name for name in settings.backends if ("backends", name) in places and name in serving]
    if not here:
        return
    lines = [f"model = {quoted(name)}" for name in here[:_MOST]]
    yield Finding(
        ("backends", here[0]),
        "key",
        "no-model",
        f"No model = names {' or '.join(here)}, so nothing is asked there.",
        f"Write {lines[0]} at the top of the file.",
        "warning",
        tuple(Mend(f"Add {line}", "add", line) for line in lines),
    )


def _findings(settings: Settings, listed: Callable[[str], Sequence[str]]) -> Iterator[Finding]:
    for path, backend, model in models_in(settings):
        # A deployment bears a name of its own.
        choice = None if "deployments" in path else _chosen(f"{backend}/{model}", settings)
        if choice is not None:
            yield from _finding(path, choice, model, settings, listed, whole=model)
    for path, target, task in targets_in(settings):
        if pool_of(settings, target) is not None:
            continue
        choice = _chosen(target, settings, task)
        if choice is not None and choice.role is None and target.endswith(f"/{choice.model}"):
            yield from _finding(path, choice, choice.model, settings, listed, whole=target)


def _chosen(target: str, settings: Settings, task: str = "edit") -> Choice | None:
    try:
        return choose(target, settings, task, own_base=False)
    except TargetError:
        return None


def _finding(
    path: KeyPath,
    choice: Choice,
    model: str,
    settings: Settings,
    listed: Callable[[str], Sequence[str]],
    *,
    whole: str,
) -> Iterator[Finding]:
    known = _known(choice, settings, listed)
    if not known or model in known or f"{model}:latest" in known:
        return
    if find_row(choice.provider.name, model) is not None:
        return
    near = _near(model, known)
    if near is None:
        return
    listing = choice.provider.adapter == "ollama"
    why = ": its server does not list it" if listing else ", as far as is known here"
    yield Finding(
        path,
        "value",
        "unknown-model",
        f"{choice.provider.title} has no model {model}{why}.",
        f'Did you mean "{near}"?',
        "warning",
        (text(whole.removesuffix(model) + near),),
    )


def _known(
    choice: Choice, settings: Settings, listed: Callable[[str], Sequence[str]]
) -> Sequence[str]:
    backend = settings.backends.get(choice.backend or "")
    elsewhere = backend is not None and (backend.api_base or backend.endpoints)
    if choice.provider.adapter == "ollama":
        return listed(choice.backend or choice.provider.name)
    if elsewhere or PROVIDERS[choice.provider.name].base is None:
        return ()
    return models_of(choice.provider.name)


def _near(model: str, known: Sequence[str]) -> str | None:
    """The known name that differs by a slip or two, not by a version."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    most = 1 if len(model) < 8 else 2
    same = [name for name in known if _digits(name) == _digits(model)]
    found = process.extractOne(model, same, scorer=OSA.distance, score_cutoff=most)
    return found[0] if found is not None else None


def _digits(name: str) -> str:
    return "".join(char for char in name if char.isdigit())
