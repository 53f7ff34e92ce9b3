"""The receipts of a small shop."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """One line of a receipt."""

    name: str
    price: float
    quantity: int = 1


def receipt(items: list[Item], discount: float = 0.0) -> str:
    """What the customer gets to read. The discount is in percent."""
    total = 0
    lines = []
    for item in items:
        total += item.price
        lines.append(f"{item.quantity} x {item.name}")

    # The discount stands on a line of its own.
    if discount:
        total -= discount
        lines.append(f"Discount: {discount} %")

    # The total stands last.
    lines.append(f"Total: {total}")
    return "\n".join(lines)
