"""What may be spent is checked before a call, and parallel calls can't overrun it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from streetrace_lsp.ledger import Estimate, Ledger, Limit, OverBudgetError, Record, nano_dollars

CENT = nano_dollars(0.01)
DAY = Limit("person", "day", CENT)
DAY_OF_5 = Limit("person", "day", 5, name="budget.day")
HOUR = 3600


def record(cost: int | None, project: str = "/a") -> Record:
    return Record(project, "edit", "claude", "anthropic", "opus", outcome="done", cost=cost)


def is_made(folder: Path) -> bool:
    return folder.exists()


async def test_a_call_within_the_limit_is_set_aside_and_then_booked(ledger: Ledger) -> None:
    reservation = await ledger.reserve(Estimate("/a", CENT), [DAY])
    assert (await ledger.spent("person", "day")).reserved == CENT
    await ledger.settle(reservation, record(CENT // 2))
    spent = await ledger.spent("person", "day")
    assert (spent.amount, spent.reserved) == (CENT // 2, 0)


async def test_one_nano_dollar_too_much_is_refused(ledger: Ledger) -> None:
    with pytest.raises(OverBudgetError):
        await ledger.reserve(Estimate("/a", CENT + 1), [DAY])
    assert (await ledger.spent("person", "day")).reserved == 0


async def test_of_ten_calls_started_at_once_no_more_than_fit_are_made(ledger: Ledger) -> None:
    calls = [ledger.reserve(Estimate("/a", CENT // 4), [DAY]) for _ in range(10)]
    results = await asyncio.gather(*calls, return_exceptions=True)
    refused = [result for result in results if isinstance(result, OverBudgetError)]
    assert len(refused) == 6


async def test_the_refusal_says_what_the_limit_is_and_what_to_do(ledger: Ledger) -> None:
    await ledger.record(record(nano_dollars(0.004)))
    await ledger.reserve(Estimate("/a", nano_dollars(0.003)), [DAY])
    with pytest.raises(OverBudgetError) as caught:
        await ledger.reserve(Estimate("/a", nano_dollars(0.005)), [DAY])
    assert caught.value.sentence == (
        "Your limit of $0.01 a day does not allow this call: $0.004 spent, $0.003 reserved for "
        "running requests, and the call could cost $0.005. The limit renews on 2026-05-01 at "
        "00:00 local time. Wait until a running request has ended, or use a cheaper or a local "
        "model, set max_tokens lower (the longest answer that is allowed is what a call could "
        "cost), or raise day in [budget]."
    )


async def test_waiting_is_not_suggested_when_it_would_not_help(ledger: Ledger) -> None:
    await ledger.record(record(CENT))
    with pytest.raises(OverBudgetError) as caught:
        await ledger.reserve(Estimate("/a", 1), [DAY])
    assert "Wait" not in caught.value.sentence
    assert "Use a cheaper or a local model" in caught.value.sentence


async def test_of_several_limits_the_last_one_to_renew_is_told(ledger: Ledger, clock: Any) -> None:
    clock.now += HOUR
    with pytest.raises(OverBudgetError) as caught:
        await ledger.reserve(Estimate("/a", 6), [Limit("person", "month", 5), DAY_OF_5])
    assert caught.value.renews == "2026-06-01"
    with pytest.raises(OverBudgetError) as caught:
        await ledger.reserve(Estimate("/a", 6), [DAY_OF_5])
    assert caught.value.renews == "2026-05-02"
    assert "raise budget.day" in caught.value.sentence


@pytest.mark.parametrize(
    ("limit", "elsewhere"),
    [
        (Limit("project", "day", CENT), True),
        (Limit("project", "month", CENT), True),
        (Limit("person", "day", CENT), False),
        (Limit("person", "month", CENT), False),
    ],
)
async def test_a_project_limit_counts_that_project_and_a_person_limit_all(
    ledger: Ledger, limit: Limit, elsewhere: bool
) -> None:
    await ledger.record(record(CENT // 2, "/a"))
    await ledger.reserve(Estimate("/a", CENT // 2), [limit])
    with pytest.raises(OverBudgetError):
        await ledger.reserve(Estimate("/a", 1), [limit])
    other = ledger.reserve(Estimate("/b", 1), [limit])
    if elsewhere:
        assert (await other).held
    else:
        with pytest.raises(OverBudgetError):
            await other


async def test_files_outside_of_projects_count_together_as_one(ledger: Ledger) -> None:
    limit = Limit("project", "day", CENT)
    await ledger.record(record(CENT, ""))
    with pytest.raises(OverBudgetError):
        await ledger.reserve(Estimate("", 1), [limit])


async def test_a_day_and_a_month_end_at_local_midnight(ledger: Ledger, clock: Any) -> None:
    limits = [DAY, Limit("person", "month", CENT)]
    await ledger.record(record(CENT))
    clock.now += 29 * 60
    with pytest.raises(OverBudgetError):
        await ledger.reserve(Estimate("/a", 1), limits)
    clock.now += 60
    assert (await ledger.reserve(Estimate("/a", CENT), limits)).held


async def test_the_month_goes_on_when_the_day_ends(ledger: Ledger, clock: Any) -> None:
    clock.now += HOUR
    await ledger.record(record(CENT))
    clock.now += 24 * HOUR
    assert (await ledger.spent("person", "day")).amount == 0
    with pytest.raises(OverBudgetError) as caught:
        await ledger.reserve(Estimate("/a", 1), [DAY, Limit("person", "month", CENT)])
    assert caught.value.renews == "2026-06-01"


async def test_what_runs_over_midnight_counts_for_both_days(ledger: Ledger, clock: Any) -> None:
    reservation = await ledger.reserve(Estimate("/a", CENT), [DAY])
    clock.now += 31 * 60
    with pytest.raises(OverBudgetError):
        await ledger.reserve(Estimate("/a", 1), [DAY])
    await ledger.settle(reservation, record(CENT))
    assert (await ledger.spent("person", "day")).amount == CENT


async def test_an_unknown_cost_goes_on_counting_as_reserved(ledger: Ledger) -> None:
    reservation = await ledger.reserve(Estimate("/a", CENT), [DAY])
    await ledger.settle(reservation, record(None))
    assert (await ledger.spent("person", "day")).amount == CENT
    (total,) = await ledger.totals(0, "model")
    assert (total.cost, total.unknown) == (0, 1)


async def test_unknown_costs_without_an_estimate_are_counted_as_such(ledger: Ledger) -> None:
    await ledger.record(record(None))
    spent = await ledger.spent("person", "day")
    assert (spent.amount, spent.unknown) == (0, 1)


async def test_settling_again_books_nothing_twice(ledger: Ledger) -> None:
    reservation = await ledger.reserve(Estimate("/a", CENT), [DAY])
    for _ in range(2):
        await ledger.settle(reservation, record(7))
    assert (await ledger.spent("person", "day")).amount == 7


async def test_a_released_reservation_leaves_nothing(ledger: Ledger) -> None:
    await ledger.release(await ledger.reserve(Estimate("/a", CENT), [DAY]))
    assert (await ledger.spent("person", "day")).reserved == 0
    assert await ledger.totals(0, "model") == ()


async def test_a_free_call_is_made_when_everything_is_spent(ledger: Ledger) -> None:
    await ledger.record(record(2 * CENT))
    assert not (await ledger.reserve(Estimate("/a", 0), [DAY])).held


async def test_without_limits_nothing_is_written(ledger: Ledger, folder: Path) -> None:
    reservation = await ledger.reserve(Estimate("/a", CENT), [])
    assert not is_made(folder)
    await ledger.settle(reservation, record(None))
    assert (await ledger.spent("person", "day")).amount == CENT


async def test_a_cancelled_caller_leaves_no_reservation_and_loses_no_record(
    ledger: Ledger,
) -> None:
    for turns in range(6):
        waiting = asyncio.ensure_future(ledger.reserve(Estimate("/a", 1), [DAY]))
        for _ in range(turns):
            await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
    booking = asyncio.ensure_future(ledger.record(record(3)))
    await asyncio.sleep(0)
    booking.cancel()
    spent = await ledger.spent("person", "day")
    assert (spent.amount, spent.reserved) == (3, 0)


async def test_closing_waits_for_what_was_given(ledger: Ledger) -> None:
    bookings = [asyncio.ensure_future(ledger.record(record(1))) for _ in range(50)]
    await asyncio.sleep(0)
    await ledger.close()
    assert all(booking.done() for booking in bookings)
    assert (await ledger.spent("person", "day")).amount == 50
