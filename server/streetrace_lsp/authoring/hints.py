"""What the targets and models of a configuration file come to, in a few words beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streetrace_lsp.config.positions import Positions

from .resolution import Resolution, resolve_model, resolve_target, short
from .targets_in import models_in, targets_in

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration


@dataclass(frozen=True, slots=True)
class Hint:
    """``text`` to show behind the offset ``at``, in code points."""

    text: str
    at: int


def hints(text: str, configuration: Configuration) -> Iterator[Hint]:
    """A hint for each target string that means something and each model with a known window."""
    positions = Positions(text)
    settings = configuration.written or configuration.settings
    for path, target, task in targets_in(settings):
        place = positions.places.get(path)
        if place is None:
            continue
        found = resolve_target(configuration, target, task)
        # What a target means that says it all by itself is no news.
        if isinstance(found, Resolution):
            yield Hint(f"→ {short(found)}", place.value[1])
    for path, backend, model in models_in(settings):
        place = positions.places.get(path)
        known = resolve_model(configuration, backend, model) if place is not None else None
        if place is not None and known is not None and known.window:
            yield Hint(short(known).rpartition(" · ")[2], place.value[1])
