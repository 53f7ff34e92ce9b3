"""What a request costs: the price of a model, the cost of an answer, what to reserve before it.

A price that nobody knows is None and never zero. Costs are whole nano-dollars, rounded up.
`price_of` reads LiteLLM's table at its first call: make that one on a thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Final

from streetrace_lsp.config.configuration import Configuration
from streetrace_lsp.config.families import family
from streetrace_lsp.config.limit_names import users_limit

from .litellm_table import Row, Step
from .model_facts import ModelFacts
from .refusals import is_cloud_model
from .table_names import find_row

if TYPE_CHECKING:
    from streetrace_lsp.config.model import Price

    from .targets import Target

__all__ = ["ModelFacts", "PriceOf", "cost_of", "price_for", "price_of", "reservation"]

# The estimate of a prompt is made from its characters; the exact count may be higher.
MARGIN: Final = Decimal("1.25")
# An answer of unknown limit; longer than what the models without a known limit give.
LONGEST_ANSWER: Final = 32_768
_LOCAL: Final = "this machine"
# Providers whose servers people run themselves. At a loopback address any other is a gateway.
_SELF_HOSTED: Final = frozenset(
    {"openai", "ollama", "lm_studio", "hosted_vllm", "llamafile", "replay"}
)
# Families that nobody runs at home: a server on this machine that serves them is a gateway.
_SOLD_ONLY: Final = frozenset({"anthropic", "gemini", "openai", "perplexity", "xai"})
_OPEN_WEIGHTS: Final = re.compile(r"gpt-oss|gemma|grok-[12]\b")


@dataclass(frozen=True, slots=True)
class PriceOf:
    """``input``, ``output``: USD per million tokens. ``source``: where that was found, for people.

    ``steps``: what a request with a longer prompt costs. ``request``: USD for each request besides.
    """

    input: float
    output: float
    source: str
    steps: tuple[Step, ...] = ()
    request: float = 0.0

    @property
    def is_free(self) -> bool:
        """Whether a request costs nothing, however long it is."""
        steps = (amount for step in self.steps for amount in (step.input, step.output))
        return not any((self.input, self.output, self.request, *steps))


def price_for(
    configuration: Configuration,
    target: Target,
    *,
    wanted: str | None = None,
    facts: ModelFacts | None = None,
) -> PriceOf | None:
    """The price of a target; ``wanted`` is the target string that led to it."""
    names = tuple(_names(target, wanted))
    model = target.priced_as or target.model
    return price_of(
        configuration, target.provider, model, local=target.local, names=names, facts=facts
    )


def price_of(
    configuration: Configuration,
    provider: str,
    model: str,
    *,
    local: bool,
    names: Sequence[str] = (),
    facts: ModelFacts | None = None,
) -> PriceOf | None:
    """What ``model`` of ``provider`` costs; None when that is not known.

    In this order: [prices] (by ``names``, the most telling first, then PROVIDER/MODEL and the
    model's own name), what the server itself said (``facts``), nothing for a server on this
    machine, LiteLLM's table.
    """
    found = _elsewhere(provider, model, facts, local=local)
    prices = configuration.settings.prices
    for name in (*names, f"{provider}/{model}", model):
        key = _key(prices, name)
        if key is not None:
            return _configured(configuration, key, prices[key], found)
    return found


def cost_of(price: PriceOf, prompt_tokens: int, completion_tokens: int) -> int:
    """What a request costs, in nano-dollars, rounded up."""
    price_in, price_out = price.input, price.output
    for step in price.steps:
        if prompt_tokens > step.above:
            price_in, price_out = step.input, step.output
    # A dollar per million tokens is 1000 nano-dollars per token.
    tokens = _exact(price_in) * prompt_tokens + _exact(price_out) * completion_tokens
    return _up(tokens * 1000 + _exact(price.request) * 1_000_000_000)


def reservation(
    price: PriceOf,
    prompt_tokens: int,
    *,
    max_tokens: int | None = None,
    max_output: int | None = None,
) -> int:
    """The nano-dollars to reserve before a request, such that it hardly costs more.

    ``prompt_tokens`` is the estimate of `prompts.build`. The answer counts as long as it may
    become: ``max_tokens`` where that is set, else the model's ``max_output``.
    """
    limits = [limit for limit in (max_tokens, max_output) if limit is not None]
    return cost_of(price, _up(prompt_tokens * MARGIN), min(limits, default=LONGEST_ANSWER))


def _elsewhere(
    provider: str, model: str, facts: ModelFacts | None, *, local: bool
) -> PriceOf | None:
    if facts is not None and facts.input is not None and facts.output is not None:
        return PriceOf(facts.input, facts.output, "the server's own list")
    if provider == "ollama" and is_cloud_model(model):
        return None
    if local and provider in _SELF_HOSTED and not _sold_only(provider, model):
        return PriceOf(0.0, 0.0, _LOCAL)
    # The names of a proxy are its own: they need not mean what they mean elsewhere.
    row = None if provider == "litellm_proxy" else find_row(provider, model)
    return _of_row(row)


def _of_row(row: Row | None) -> PriceOf | None:
    if row is None or row.input is None or row.output is None:
        return None
    return PriceOf(row.input, row.output, f"LiteLLM's table, {row.name}", row.steps, row.request)


def _sold_only(provider: str, model: str) -> bool:
    name = model.lower().rpartition("/")[2]
    return provider == "openai" and family(name) in _SOLD_ONLY and _OPEN_WEIGHTS.match(name) is None


def _names(target: Target, wanted: str | None) -> Iterator[str]:
    """Under which names [prices] may list a target besides its model's own."""
    if wanted:
        yield wanted
    # A member of a pool is shown as `NAME @ host`, a deployment as `NAME/ROLE`.
    shown = target.backend.partition(" @ ")[0]
    for model in filter(None, (target.model, target.priced_as)):
        yield f"{shown}/{model}"
        yield f"{shown.partition('/')[0]}/{model}"
    yield f"{target.provider}/{target.model}"
    yield target.model


def _key(prices: Mapping[str, Price], name: str) -> str | None:
    if name in prices:
        return name
    return next((key for key in prices if key.lower() == name.lower()), None)


def _configured(
    configuration: Configuration, key: str, price: Price, otherwise: PriceOf | None
) -> PriceOf | None:
    """A project's price never makes a request look cheaper than it is known to be.

    Otherwise a project could lift the budget of its user; so under a limit of the user's it
    does not make a price known either.
    """
    given = PriceOf(price.input, price.output, f"[prices.{key}]")
    if not configuration.from_project(f"prices.{key}") or (
        otherwise is not None and otherwise.source == _LOCAL
    ):
        return given
    if otherwise is None:
        by_user = configuration.sources.get(f"prices.{key}.known") == "user"
        if users_limit(configuration) and not by_user:
            return None
        return given if given.input or given.output else None
    lower = given.input < otherwise.input or given.output < otherwise.output
    return otherwise if lower else given


def _exact(value: float) -> Decimal:
    # As it is written: a price is a decimal number.
    return Decimal(repr(value))


def _up(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_CEILING))
