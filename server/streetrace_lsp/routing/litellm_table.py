"""LiteLLM's table of models, read as a data file: prices, windows, longest answers.

The file lies in the installed package; finding it does not import litellm. It holds megabytes,
so the first call takes some 50 ms: make it on a thread.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from .model_facts import dollars, tokens

_FILE: Final = "model_prices_and_context_window_backup.json"
_MODES: Final = frozenset({"chat", "responses", "completion", "embedding"})
_ABOVE: Final = re.compile(r"input_cost_per_token_above_(\d+)(k?)_tokens")


@dataclass(frozen=True, slots=True)
class Step:
    """The price, in USD per million tokens, of a request whose prompt is longer than ``above``."""

    above: int
    input: float
    output: float


@dataclass(frozen=True, slots=True)
class Row:
    """One model as one seller sells it. Prices in USD per million tokens; None: not known.

    ``request``: USD for each request besides. ``window``, ``max_output``: in tokens. ``embeds``:
    whether it turns text into vectors and answers nothing. ``tools``: whether it can call tools.
    """

    name: str
    seller: str
    input: float | None
    output: float | None
    steps: tuple[Step, ...] = ()
    request: float = 0.0
    window: int | None = None
    max_output: int | None = None
    embeds: bool = False
    tools: bool | None = None


@functools.cache
def rows() -> Mapping[str, Row]:
    """All rows by name in lower case; empty when the file is absent or unreadable."""
    path = find_file()
    if path is None:
        return {}
    try:
        return parse(path.read_bytes())
    except (OSError, ValueError):
        return {}


def find_file() -> Path | None:
    """Where the table lies in the installed package, or None."""
    try:
        spec = importlib.util.find_spec("litellm")
    except (ImportError, ValueError):
        return None
    return Path(spec.origin).with_name(_FILE) if spec and spec.origin else None


def parse(data: bytes) -> dict[str, Row]:
    """The rows of a table; what can't be read in it is left out. Raises `ValueError`."""
    table = json.loads(data)
    if not isinstance(table, dict):
        raise ValueError("the table is no object")
    found: dict[str, Row] = {}
    for name, value in table.items():
        if isinstance(value, dict) and value.get("mode", "chat") in _MODES:
            found.setdefault(name.lower(), _row(name, value))
    return found


def _row(name: str, value: dict[str, Any]) -> Row:
    steps = _steps(value)
    price_in, price_out = _prices(value)
    if price_in is None and steps and steps[0].above == 0:
        price_in, price_out = steps[0].input, steps[0].output
    seller = value.get("litellm_provider")
    if not price_in and not price_out and not (steps and steps[-1].output):
        # Zero stands there for previews, subscriptions and what nobody entered.
        price_in = price_out = None
    return Row(
        name,
        seller if isinstance(seller, str) else "",
        price_in,
        price_out,
        tuple(step for step in steps if step.above > 0),
        _per_request(value, seller),
        tokens(value.get("max_input_tokens")) or tokens(value.get("max_tokens")),
        tokens(value.get("max_output_tokens")) or tokens(value.get("max_tokens")),
        value.get("mode") == "embedding",
        _flag(value.get("supports_function_calling")),
    )


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _prices(value: Mapping[str, Any], suffix: str = "") -> tuple[float | None, float | None]:
    price_in = dollars(value.get(f"input_cost_per_token{suffix}"))
    price_out = dollars(value.get(f"output_cost_per_token{suffix}"))
    if price_in is not None and price_out is None and value.get("mode") == "embedding":
        price_out = 0.0
    if price_in is None or price_out is None:
        return None, None
    # Thinking is paid as answer, with some sellers at a price of its own.
    thinking = dollars(value.get(f"output_cost_per_reasoning_token{suffix}"))
    return price_in, max(price_out, thinking or 0.0)


def _steps(value: Mapping[str, Any]) -> list[Step]:
    found: list[Step] = []
    for key in value:
        match = _ABOVE.fullmatch(key)
        if match:
            above = int(match[1]) * (1000 if match[2] else 1)
            price_in, price_out = _prices(value, key.removeprefix("input_cost_per_token"))
            if price_in is not None and price_out is not None:
                found.append(Step(above, price_in, price_out))
    tiers = value.get("tiered_pricing")
    for tier in tiers if isinstance(tiers, list) else ():
        limits = tier.get("range") if isinstance(tier, dict) else None
        if not isinstance(limits, list) or not limits:
            continue
        price_in, price_out = _prices(tier)
        if price_in is not None and price_out is not None:
            found.append(Step(tokens(limits[0]) or 0, price_in, price_out))
    return sorted(found, key=lambda step: step.above)


def _per_request(value: Mapping[str, Any], seller: object) -> float:
    fee = dollars(value.get("input_cost_per_request")) or 0.0
    searches = value.get("search_context_cost_per_query")
    if seller == "perplexity" and isinstance(searches, dict):
        # Its models always search; everybody else's only when asked to.
        fee += dollars(searches.get("search_context_size_low")) or 0.0
    return round(fee / 1e6, 9)
