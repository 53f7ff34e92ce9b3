"""Money, calendar periods and processes."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger_children import Child
from streetrace_lsp.ledger import in_dollars, nano_dollars
from streetrace_lsp.ledger.owners import life_of, this_process
from streetrace_lsp.ledger.periods import local_day, span_of

IMPORTED = """
import sys
import streetrace_lsp.ledger
assert not {"sqlite3", "pydantic"} & set(sys.modules)
"""


@pytest.mark.parametrize(
    ("dollars", "nano", "shown"),
    [
        (0, 0, "$0.00"),
        (0.1, 100_000_000, "$0.10"),
        (2.5, 2_500_000_000, "$2.50"),
        (0.000123, 123_000, "$0.000123"),
        (1e-6, 1000, "$0.000001"),
        (1e-7, 100, "less than $0.000001"),
        (1e-12, 1, "less than $0.000001"),
        (1_000_000, 10**15, "$1000000.00"),
    ],
)
def test_money(dollars: float, nano: int, shown: str) -> None:
    assert nano_dollars(dollars) == nano
    assert in_dollars(nano) == shown


@given(st.integers(0, 10**6))
def test_what_is_written_in_dollars_is_meant_exactly(millionths: int) -> None:
    assert nano_dollars(millionths / 1_000_000) == millionths * 1000


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),
    st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_a_moment_lies_in_its_day_and_month(moment: datetime, zone: timezone) -> None:
    at = moment.timestamp()
    day, month = span_of("day", at, zone), span_of("month", at, zone)
    assert month.first <= day.first == local_day(at, zone) < day.renews <= month.renews
    assert date.fromisoformat(month.renews).day == 1
    assert span_of("month", at - 31 * 86_400, zone).first < month.first


def test_a_day_of_twenty_five_hours_is_one_day() -> None:
    zone = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, tzinfo=zone).timestamp()
    assert {local_day(first + hour * 3600, zone) for hour in range(25)} == {"2026-10-25"}


def test_this_process_lives() -> None:
    assert life_of(str(this_process())) == "alive"


def test_the_same_process_id_with_another_start_is_another_process() -> None:
    assert life_of(str(replace(this_process(), started="1"))) == "dead"


def test_a_killed_process_is_dead_even_before_its_parent_asks(tmp_path: Path) -> None:
    with Child(tmp_path) as child:
        assert child.ask("said") == []
        owner = replace(this_process(), pid=child.pid, started="")
        assert life_of(str(owner)) == "alive"
        child.kill()
        assert life_of(str(owner)) == "dead"
    assert life_of(str(owner)) == "dead"


def test_before_a_restart_of_the_machine_means_dead() -> None:
    assert life_of(str(replace(this_process(), boot="another"))) == "dead"


@pytest.mark.parametrize("change", [{"host": "elsewhere"}, {"namespace": "pid:[1]"}])
def test_processes_of_other_machines_and_containers_can_not_be_judged(
    change: dict[str, str],
) -> None:
    assert life_of(str(replace(this_process(), **change))) == "unseen"  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "{}", "[]", "no json", json.dumps({"pid": 1})])
def test_what_is_no_owner_can_not_be_judged(text: str) -> None:
    assert life_of(text) == "unseen"


def test_importing_the_ledger_loads_no_database() -> None:
    subprocess.run([sys.executable, "-c", IMPORTED], check=True)
