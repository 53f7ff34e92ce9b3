"""An answer of three changes to the sample project, for the reviews in every editor."""

from __future__ import annotations

from editors.project import SOURCE

Change = tuple[str, str]

ZERO: Change = ("    result = 0\n", "    result = 0.0  # €\n")
MEAN: Change = ("def mean(prices):\n", 'def mean(prices):\n    """The mean, “€” and all."""\n')
EMPTY: Change = ("    return result\n", "    return round(result, 2)\n")


def _block(change: Change) -> str:
    """One search/replace block."""
    old, new = change
    return f"prices.py\n<<<<<<< SEARCH\n{old}=======\n{new}>>>>>>> REPLACE\n\n"


# What a model says that makes all of them.
ANSWER = "".join(map(_block, (ZERO, EMPTY, MEAN)))


def with_changes(*changes: Change) -> str:
    """The source with some of the changes made."""
    text = SOURCE
    for old, new in changes:
        text = text.replace(old, new)
    return text
