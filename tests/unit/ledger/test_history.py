"""What was asked, and what it adds up to."""

from __future__ import annotations

from typing import Any

import pytest

from streetrace_lsp.ledger import Ledger, Record, Total


def record(model: str = "opus", **more: Any) -> Record:
    plain = {"project": "/a", "task": "edit", "backend": "claude", "provider": "anthropic"}
    return Record(**{**plain, "model": model, "outcome": "done", **more})


async def test_totals_by_model(ledger: Ledger) -> None:
    await ledger.record(record(prompt_tokens=100, completion_tokens=10, cost=5))
    await ledger.record(record(prompt_tokens=200, completion_tokens=20, cost=None))
    await ledger.record(record(outcome="timeout_first", cost=0, fallback_of="claude: 429"))
    await ledger.record(record(outcome="cancelled", cost=1))
    await ledger.record(record(outcome="cached"))
    await ledger.record(record("haiku", cost=7))
    assert await ledger.totals(0, "model") == (
        Total("anthropic/haiku", 1, 0, 0, 0, 0, 0, 7, 0),
        Total("anthropic/opus", 5, 1, 1, 1, 300, 30, 6, 1),
    )


async def test_totals_by_project_and_by_local_day(ledger: Ledger, clock: Any) -> None:
    await ledger.record(record(project="/a", cost=1))
    clock.now += 3600
    await ledger.record(record(project="/b", cost=2))
    by_project = await ledger.totals(0, "project")
    assert [(total.name, total.cost) for total in by_project] == [("/a", 1), ("/b", 2)]
    by_day = await ledger.totals(0, "day")
    assert [(total.name, total.cost) for total in by_day] == [("2026-04-30", 1), ("2026-05-01", 2)]
    (late,) = await ledger.totals(clock.now, "project")
    assert late.name == "/b"


async def test_a_record_may_tell_its_own_time(ledger: Ledger, clock: Any) -> None:
    await ledger.record(record(at=clock.now - 86_400))
    (total,) = await ledger.totals(0, "day")
    assert total.name == "2026-04-29"


async def test_the_speed_of_a_model_is_the_median_of_its_whole_answers(ledger: Ledger) -> None:
    for seconds in (1.0, 2.0, 100.0):
        await ledger.record(record(completion_tokens=100, duration=seconds, first_token=0.1))
    await ledger.record(record(completion_tokens=100, duration=0.01, outcome="cut"))
    await ledger.record(record(completion_tokens=0, duration=0.01))
    await ledger.record(record(completion_tokens=5, duration=None))
    await ledger.record(record("haiku", completion_tokens=30, duration=2.0))
    assert await ledger.speeds() == {("anthropic", "opus"): 50.0, ("anthropic", "haiku"): 15.0}


async def test_only_recent_answers_tell_the_speed(ledger: Ledger, clock: Any) -> None:
    await ledger.record(record("old", completion_tokens=100, duration=1.0))
    clock.now += 91 * 86_400
    for number in range(60):
        speed = 10 if number < 10 else 40
        await ledger.record(record(completion_tokens=speed, duration=1.0, at=clock.now + number))
    assert await ledger.speeds() == {("anthropic", "opus"): 40.0}
    for number in range(60, 90):
        await ledger.record(record(completion_tokens=10, duration=1.0, at=clock.now + number))
    assert await ledger.speeds() == {("anthropic", "opus"): 10.0}


@pytest.mark.parametrize(
    "odd",
    [
        {"project": "/caf\udce9"},
        {"model": "half \ud83d of a character \x00"},
        {"prompt_tokens": 10**30, "completion_tokens": -1},
        {"cost": 10**40},
        {"duration": float("nan"), "first_token": float("inf")},
        {"task": "'; DROP TABLE requests; --"},
    ],
)
async def test_whatever_a_backend_or_a_file_system_says_is_written(
    ledger: Ledger, warnings: list[str], odd: dict[str, Any]
) -> None:
    await ledger.record(record(**odd))
    await ledger.record(record(**odd))
    (total,) = await ledger.totals(0, "day")
    assert total.requests == 2
    assert warnings == []
