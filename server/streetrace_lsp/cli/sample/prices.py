"""Prices of a small shop."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """One line of a receipt."""

    name: str
    price: float
    quantity: int = 1


def total(items: list[Item], discount: float = 0.0) -> float:
    """The price of all items, less a discount in percent."""
    result = 0.0
    for item in items:
        result += item.price
    return result - discount


def receipt(items: list[Item]) -> str:
    """What the customer gets to read."""
    lines = [f"{item.quantity} x {item.name}" for item in items]
    return "\n".join([*lines, f"Total: {total(items):.2f}"])
