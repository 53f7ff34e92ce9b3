"""What there is to ask: every configured target, with what is known of it without asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.routing.configured import configured_models, leads_to
from streetrace_lsp.routing.prices import PriceOf, price_for
from streetrace_lsp.routing.table_names import find_row
from streetrace_lsp.routing.targets import Target, resolve_all, wanted_target
from streetrace_lsp.routing.windows import max_output_of, window_of

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.routing.litellm_table import Row
    from streetrace_lsp.routing.model_facts import ModelFacts


@dataclass(frozen=True)
class Entry:
    """A target string and what it leads to; of a pool, the first server.

    ``window`` and ``max_output`` in tokens, ``tools`` whether the model can call tools; None
    where that is not known. ``local``: it runs on this machine. ``problem``: why it can't be
    asked, in words, or empty; then only the rest of it is missing.
    """

    target: str
    default: bool
    found: Target | None = None
    window: int | None = None
    max_output: int | None = None
    price: PriceOf | None = None
    tools: bool | None = None
    problem: str = ""


def catalog(
    configuration: Configuration, task: str, facts: Mapping[tuple[str, str], ModelFacts]
) -> list[Entry]:
    """The configured pools and targets, models for embeddings left out. Nothing is contacted.

    ``facts``: what servers said in this session, by backend and model. The first call reads a
    table of a megabyte: make it on a thread.
    """
    settings = configuration.settings
    default = wanted_target(configuration, task)
    names = [*settings.pools, *(model.target for model in configured_models(settings))]
    if default not in names:
        # Such as a backend, which means the model that it names.
        meant = leads_to(settings, default, task)
        same = (name for name in names if meant and leads_to(settings, name, task) == meant)
        default = next(same, None)
    found: list[Entry] = []
    for name in names:
        try:
            target = resolve_all(configuration, task, name)[0]
        except StreetraceError as error:
            found.append(Entry(name, name == default, problem=error.sentence))
            continue
        row = _row(target)
        if row is None or not row.embeds:
            found.append(_entry(configuration, name, default, target, facts))
    return found


def _entry(
    configuration: Configuration,
    name: str,
    default: str | None,
    target: Target,
    facts: Mapping[tuple[str, str], ModelFacts],
) -> Entry:
    known = facts.get((target.backend, target.model))
    row = _row(target)
    return Entry(
        name,
        name == default,
        target,
        window_of(configuration, target, known),
        max_output_of(target, known),
        price_for(configuration, target, wanted=name, facts=known),
        row.tools if row is not None else None,
    )


def _row(target: Target) -> Row | None:
    # The names of Ollama and of a proxy are their own.
    if target.provider in {"ollama", "litellm_proxy"}:
        return None
    return find_row(target.provider, target.priced_as or target.model)
