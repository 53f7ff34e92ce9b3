"""What was used: the requests of a time, by day, project and model, in one pass over them."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from statistics import median

from .bookings import storable
from .entries import History, Tally, Use


def history(connection: sqlite3.Connection, first: str, project: str | None) -> History:
    """The requests from the local day ``first`` (an ISO date) on; ``project`` None: of every one.

    Added up here: to group by names SQLite would sort all rows, which takes longer, and it has
    no median.
    """
    only = None if project is None else storable(project)
    found: dict[tuple[str, str, str, str], list[int]] = {}
    times: dict[tuple[str, str], list[float]] = defaultdict(list)
    rows = connection.execute(
        """SELECT day, project, provider, model, outcome, prompt_tokens, completion_tokens, cost,
            duration
        FROM requests WHERE day >= ?1 AND (?2 IS NULL OR project = ?2)""",
        (first, only),
    )
    for day, where, provider, model, outcome, prompt, completion, cost, duration in rows:
        key = (day, where, provider, model)
        sums = found.get(key)
        if sums is None:
            sums = found[key] = [0] * len(Tally._fields)
        sums[0] += 1
        if outcome == "done":
            if duration is not None:
                times[provider, model].append(duration)
            if prompt is None or completion is None:
                sums[6] += 1
        elif outcome == "cancelled":
            sums[2] += 1
        elif outcome == "cached":
            sums[3] += 1
        else:
            sums[1] += 1
        if prompt is not None:
            sums[4] += prompt
        if completion is not None:
            sums[5] += completion
        if cost is None:
            sums[8] += 1
        else:
            sums[7] += cost
    return History(
        tuple(
            Use(day, where, _name(provider, model), Tally(*sums))
            for (day, where, provider, model), sums in sorted(found.items())
        ),
        {_name(*key): median(measured) for key, measured in times.items()},
        None if found else _latest(connection, only),
    )


def _latest(connection: sqlite3.Connection, only: str | None) -> str | None:
    row = connection.execute(
        "SELECT MAX(day) FROM requests WHERE ?1 IS NULL OR project = ?1", (only,)
    ).fetchone()
    return None if row[0] is None else str(row[0])


def _name(provider: str, model: str) -> str:
    return f"{provider}/{model}" if provider or model else ""
