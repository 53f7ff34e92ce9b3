from __future__ import annotations

from datetime import date

import pytest

from streetrace_lsp.requests.usage.since import SinceError, first_day

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("given", "first"),
    [
        ("1d", "2026-03-31"),
        ("7d", "2026-03-25"),
        ("30d", "2026-03-02"),
        (" 4W ", "2026-03-04"),
        # The last of a shorter month, and the day after it.
        ("1m", "2026-03-01"),
        ("13m", "2025-03-01"),
        ("3m", "2026-01-01"),
        ("2026-03-31", "2026-03-31"),
        ("2020-02-29", "2020-02-29"),
        ("99999m", "0001-01-01"),
        ("99999w", "0109-09-25"),
    ],
)
def test_the_first_day(given: str, first: str) -> None:
    assert first_day(given, TODAY).isoformat() == first


@pytest.mark.parametrize(
    "given", ["", "7", "d", "-7d", "0d", "7 years", "2026-13-01", "2026-04-01", "٧d", "1e3d"]
)
def test_what_is_no_time_in_the_past_is_refused_with_a_next_step(given: str) -> None:
    with pytest.raises(SinceError) as refused:
        first_day(given, TODAY)
    assert refused.value.next_step
