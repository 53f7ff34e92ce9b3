"""The keys about money, and about answers that are kept."""

from __future__ import annotations

from typing import Any

from backends.effects.base import OPENAI, PRICED
from backends.effects.by_hand import prices_asked
from backends.effects.row import Row
from backends.effects.scene import Came, asking, counts

# A gateway whose names nobody else knows.
_GATEWAY = OPENAI.replace("openai", "litellm_proxy").replace('"demo"', '"mystery"')
# Less than what is set aside for a thousand tokens of prompt.
_CENTS = 0.001


def _refusals(came: Came) -> tuple[tuple[int, int], list[str]]:
    return came.counts, [one.message.partition(" does not allow")[0] for one in came.refused]


def _cost(came: Came) -> Any:
    return came.paid.cost


# The reply has 7 tokens of prompt and 5 of answer; costs are in nano-dollars.
MONEY = (
    *(
        Row(
            f"budget.{key}",
            _CENTS,
            f"{PRICED}[budget]\n",
            asking(_refusals),
            ((0, 0), [limit]),
            ((1, 0), []),
        )
        for key, limit in (
            ("day", "Your limit of $0.001 a day"),
            ("month", "Your limit of $0.001 a month"),
            ("project_day", "This project's limit of $0.001 a day"),
            ("project_month", "This project's limit of $0.001 a month"),
        )
    ),
    Row(
        "budget.unknown_price",
        "refuse",
        f"{_GATEWAY}[budget]\nday = 5\n",
        prices_asked,
        ((0, 0), 0),
        ((1, 0), 1),
    ),
    Row("prices.MODEL.input", 4, PRICED, asking(_cost), 68_000, 54_000, instead=2),
    Row("prices.MODEL.output", 9, PRICED, asking(_cost), 59_000, 54_000, instead=8),
    Row("cache.ttl", 60, f"{OPENAI}[cache]\n", asking(counts, times=2), (1, 0), (2, 0)),
)
