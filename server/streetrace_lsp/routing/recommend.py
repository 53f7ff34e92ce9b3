"""Which of the configured models suits a task best, and why, in plain words.

Pure and deterministic: the same targets, speeds and prices give the same list.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeGuard

from streetrace_lsp.config.configuration import Configuration
from streetrace_lsp.config.target_strings import answers
from streetrace_lsp.errors import StreetraceError

from .model_facts import ModelFacts
from .prices import PriceOf, price_for
from .quality import Quality, quality_of
from .windows import window_of

if TYPE_CHECKING:
    from .targets import Target

MaxCost = float | Literal["low", "medium", "high"]

# USD per million tokens, of which three parts are prompt and one is answer.
COST_LEVELS: Final[Mapping[str, float]] = {"low": 1.0, "medium": 10.0, "high": 100.0}
_PROMPT_PARTS: Final = 3
# Between these, a doubling counts the same everywhere.
_SMALLEST_WINDOW: Final = 8192
_LARGEST_WINDOW: Final = 1_048_576
_FAST: Final = 100.0
_DEAR: Final = 30.0
_BEST_RANK: Final = 5.0


class CostLimitError(StreetraceError):
    """A limit of cost that is none."""

    is_failure = False


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A target string, its score (0 to 100), and the reasons, one for each thing that counts."""

    target: str
    score: float
    why: tuple[str, ...]


def recommend(
    configuration: Configuration,
    task: str,
    targets: Mapping[str, Target],
    *,
    speeds: Mapping[tuple[str, str], float],
    facts: Mapping[str, ModelFacts] | None = None,
    max_cost: MaxCost | None = None,
    top_k: int = 3,
) -> list[Recommendation]:
    """The best ``top_k`` of ``targets`` for ``task``, best first.

    ``targets``: by target string (`configured.configured_models` lists those that there are).
    ``speeds``: measured tokens per second by provider and model, as `ledger` gives them.
    ``facts``: what servers said of their models, by target string. ``max_cost``: USD per
    million tokens, three parts prompt and one answer, or ``low``, ``medium``, ``high`` (1, 10,
    100); what costs more, or nobody knows how much, is left out. Raises `CostLimitError`.
    """
    limit = _limit(max_cost)
    known = facts or {}
    found = []
    for order, (name, target) in enumerate(targets.items()):
        price = price_for(configuration, target, wanted=name, facts=known.get(name))
        if limit is not None and (price is None or blended(price) > limit):
            continue
        window = window_of(configuration, target, known.get(name))
        speed = speeds.get((target.provider, target.model))
        rank = quality_of(target.priced_as or target.model)
        edits = not answers(task, configuration.settings)
        parts = (
            _by_window(window),
            _by_speed(speed),
            _by_cost(price),
            (rank.rank / _BEST_RANK, _quality_words(rank)),
            _by_fitness(rank, task, edits=edits),
        )
        found.append((_score(configuration, [part[0] for part in parts]), order, name, parts))
    found.sort(key=lambda entry: (-entry[0], entry[1]))
    return [
        Recommendation(name, score, tuple(words for _, words in parts))
        for score, _, name, parts in found[: max(0, top_k)]
    ]


def blended(price: PriceOf) -> float:
    """USD per million tokens, of which three parts are prompt and one is answer."""
    return (_PROMPT_PARTS * price.input + price.output) / (_PROMPT_PARTS + 1)


def _limit(max_cost: MaxCost | None) -> float | None:
    if max_cost is None:
        return None
    if isinstance(max_cost, str):
        if max_cost in COST_LEVELS:
            return COST_LEVELS[max_cost]
    elif _is_amount(max_cost):
        return float(max_cost)
    raise CostLimitError(
        f"{max_cost} is no limit of cost.",
        "Write US dollars per million tokens, or low, medium or high.",
    )


def _is_amount(given: object) -> TypeGuard[int | float]:
    # It comes from a client, which may send anything.
    if isinstance(given, bool) or not isinstance(given, int | float):
        return False
    return 0 <= given <= sys.float_info.max


def _score(configuration: Configuration, values: list[float]) -> float:
    weights = configuration.settings.model_selector.weights
    by_part = (
        weights.context_window,
        weights.speed,
        weights.cost,
        weights.quality,
        weights.specialization,
    )
    total = sum(by_part)
    if not total:
        return 0.0
    weighted = sum(weight * value for weight, value in zip(by_part, values, strict=True))
    return round(100 * weighted / total, 1)


def _by_window(window: int | None) -> tuple[float, str]:
    if window is None:
        return 0.0, "its window is not known, counted as the smallest"
    span = math.log2(_LARGEST_WINDOW / _SMALLEST_WINDOW)
    value = math.log2(max(window, 1) / _SMALLEST_WINDOW) / span
    return _clamped(value), f"a window of {window:,} tokens"


def _by_speed(speed: float | None) -> tuple[float, str]:
    if speed is None:
        return 0.5, "its speed is not measured yet, counted as the middle"
    return _clamped(speed / _FAST), f"{speed:.0f} tokens a second, measured here"


def _by_cost(price: PriceOf | None) -> tuple[float, str]:
    if price is None:
        return 0.0, "its price is not known, counted as the highest"
    cost = blended(price)
    if not cost:
        return 1.0, f"no cost ({price.source})"
    value = 1 - math.log1p(cost) / math.log1p(_DEAR)
    said = f"${price.input:g} and ${price.output:g} per million tokens of prompt and answer"
    return _clamped(value), f"{said} ({price.source})"


def _quality_words(quality: Quality) -> str:
    return f"quality {quality.rank:g} of 5, ranked by family, not measured here: {quality.reason}"


def _by_fitness(quality: Quality, task: str, *, edits: bool) -> tuple[float, str]:
    if quality.coder and edits:
        return 1.0, f"made for code, which {task} edits"
    if quality.coder:
        return 0.6, f"made for code; {task} answers in words"
    if edits:
        return 0.7, f"a general model; {task} edits code"
    return 1.0, f"a general model, as {task} wants"


def _clamped(value: float) -> float:
    return min(1.0, max(0.0, value))
