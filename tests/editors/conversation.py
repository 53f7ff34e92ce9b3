"""The chat of two turns that is had in every editor, and its document afterwards."""

from __future__ import annotations

import re

from editors.project import FIRST_MODEL, SECOND_MODEL

ANSWER = "It adds, “€” é 😀.\n\n```py\nsum(prices)\n```\n"


def _turn(question: str, model: str) -> str:
    answer = f"## Assistant ({model})\n\n{ANSWER}\n> Streetrace: {model}, TOKENS\n\n"
    return f"## You\n\n{question}\n\n{answer}"


# As `without_counts` leaves it.
CHAT = (
    f"# Chat\n\n> Streetrace: model {SECOND_MODEL}\n\n"
    + _turn("@selection prices.py:4-8\n\nWhat does it do?", FIRST_MODEL)
    + _turn("Is it slow?", SECOND_MODEL)
    + "## You\n\n"
)


def without_counts(text: str) -> str:
    """The document with one word for how many tokens were counted: servers count differently."""
    return re.sub(r"[\d,]+ \+ [\d,]+ tokens", "TOKENS", text)
