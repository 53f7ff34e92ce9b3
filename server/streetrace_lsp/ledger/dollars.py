"""Money as integers: nano-dollars, 10⁻⁹ of a US dollar.

A price of one dollar per million tokens is 1000 nano-dollars per token.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import Final

NANO: Final = 1_000_000_000
_SMALLEST_SHOWN: Final = NANO // 1_000_000


def nano_dollars(dollars: float) -> int:
    """``dollars`` as written (0.1 means a tenth), in nano-dollars, rounded up."""
    return int((Decimal(repr(float(dollars))) * NANO).to_integral_value(ROUND_CEILING))


def in_dollars(amount: int) -> str:
    """Nano-dollars for people: ``$0.01``, ``$12.50``, ``$0.000123``; never more than six places."""
    if 0 < amount < _SMALLEST_SHOWN:
        return "less than $0.000001"
    whole, places = f"{Decimal(amount) / NANO:.6f}".split(".")
    return f"${whole}.{places.rstrip('0').ljust(2, '0')}"
