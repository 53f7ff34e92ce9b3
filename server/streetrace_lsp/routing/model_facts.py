"""What a server itself said about its models while the program ran."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

# Servers that a LiteLLM Proxy runs beside itself: for them a price of zero is meant.
_SELF_HOSTED: Final = ("ollama", "ollama_chat", "hosted_vllm", "vllm", "lm_studio", "llamafile")


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """``input``, ``output``: USD per million tokens. ``window``: all that fits, in tokens (for
    Ollama, the model's own ceiling). ``max_output``: the longest answer. None: not known."""

    input: float | None = None
    output: float | None = None
    window: int | None = None
    max_output: int | None = None


def facts_of_proxy(rows: Iterable[Any]) -> dict[str, ModelFacts]:
    """The facts in the ``data`` of a LiteLLM Proxy's ``/model/info``, by the proxy's own names.

    Of several deployments under one name the dearest price and the smallest window count. Odd
    rows are left out.
    """
    found: dict[str, ModelFacts] = {}
    for row in rows:
        name = row.get("model_name") if isinstance(row, Mapping) else None
        if isinstance(name, str) and name:
            facts = _facts(row)
            found[name] = _careful(found[name], facts) if name in found else facts
    return found


def dollars(value: Any) -> float | None:
    """USD per token as USD per million; None for what is no price."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return round(value * 1e6, 9) if math.isfinite(value) and value >= 0 else None


def tokens(value: Any) -> int | None:
    """A number of tokens; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if math.isfinite(value) and value >= 1 else None


def _facts(row: Mapping[str, Any]) -> ModelFacts:
    info = _table(row.get("model_info"))
    given = _table(row.get("litellm_params"))
    prices = [
        dollars(given.get(key) if given.get(key) is not None else info.get(key))
        for key in ("input_cost_per_token", "output_cost_per_token")
    ]
    # The proxy answers zero for a price that it does not know.
    said = "input_cost_per_token" in given or _self_hosted(given)
    known = None not in prices and (said or any(prices))
    return ModelFacts(
        prices[0] if known else None,
        prices[1] if known else None,
        tokens(info.get("max_input_tokens")) or tokens(info.get("max_tokens")),
        tokens(info.get("max_output_tokens")),
    )


def _self_hosted(given: Mapping[str, Any]) -> bool:
    model = given.get("model")
    if not isinstance(model, str) or model.endswith("-cloud"):
        return False
    return model.partition("/")[0] in _SELF_HOSTED


def _careful(one: ModelFacts, other: ModelFacts) -> ModelFacts:
    unknown = one.input is None or other.input is None
    return ModelFacts(
        None if unknown else max(one.input or 0, other.input or 0),
        None if unknown else max(one.output or 0, other.output or 0),
        _smaller(one.window, other.window),
        _smaller(one.max_output, other.max_output),
    )


def _smaller(one: int | None, other: int | None) -> int | None:
    return min(filter(None, (one, other)), default=None)


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
