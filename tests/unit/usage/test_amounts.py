from __future__ import annotations

import pytest

from streetrace_lsp.ledger import Tally, nano_dollars
from streetrace_lsp.requests.usage import amounts


@pytest.mark.parametrize(
    ("dollars", "unknown", "words"),
    [
        (0, 0, "$0.00"),
        (0, 2, "unknown"),
        (1.2, 0, "$1.20"),
        (1.2, 1, "$1.20 +?"),
        (1234.567, 0, "$1,234.57"),
        (0.000001, 0, "<$0.01"),
        (0.000001, 1, "<$0.01 +?"),
        (0.01, 0, "$0.01"),
    ],
)
def test_what_is_not_known_is_never_nothing(dollars: float, unknown: int, words: str) -> None:
    assert amounts.money(Tally(cost=nano_dollars(dollars), unknown=unknown)) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (812, "812"),
        (999, "999"),
        (1000, "1.0 k"),
        (9_949, "9.9 k"),
        (9_960, "10 k"),
        (999_400, "999 k"),
        (999_600, "1.0 M"),
        (34_000_000, "34 M"),
        (10**15, "1,000,000 G"),
    ],
)
def test_numbers_have_two_or_three_digits_that_count(number: int, words: str) -> None:
    assert amounts.short(number) == words
    assert amounts.tokens(number, Tally(uncounted=1)) == (f"{words} +?" if number else "unknown")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, "–"), (0.0, "0.00 s"), (0.996, "1.0 s"), (9.96, "10 s"), (59.7, "1 min 0 s"),
     (125.2, "2 min 5 s"), (3_900.0, "1 h 5 min"), (1e300, ">99 h")],
)  # fmt: skip
def test_times(seconds: float | None, words: str) -> None:
    assert amounts.time(seconds) == words
