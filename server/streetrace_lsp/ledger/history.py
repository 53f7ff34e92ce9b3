"""What was used: the requests of a time, by day, project and model, in one pass over them."""

from __future__ import annotations

import os
import sqlite3
from collections import defaultdict
from statistics import median
from typing import Final

from .bookings import storable
from .entries import History, Tally, Use

_WHOSE: Final = (
    "(:only IS NULL OR project = :only OR substr(project, 1, length(:inside)) = :inside)"
)
_LOOK_UP: Final = 3


def history(connection: sqlite3.Connection, first: str, project: str | None) -> History:
    """The requests from the local day ``first`` (an ISO date) on; ``project`` None: of every one.

    What lies inside of ``project`` belongs to it: an editor may have had only a part of it open.

    Added up here: to group by names SQLite would sort all rows, which takes longer, and it has
    no median.
    """
    only = None if project is None else storable(project)
    inside = None if only is None else only.rstrip(os.sep) + os.sep
    found: dict[tuple[str, str, str, str], list[int]] = {}
    times: dict[tuple[str, str], list[float]] = defaultdict(list)
    rows = connection.execute(
        f"""SELECT day, project, provider, model, outcome, prompt_tokens, completion_tokens, cost,
            duration
        FROM requests WHERE {_WHOSE} AND {_since(connection, first)}""",  # noqa: S608
        {"first": first, "only": only, "inside": inside},
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
        None if found else _latest(connection, only, inside),
    )


def _since(connection: sqlite3.Connection, first: str) -> str:
    """The condition on the day. Its index is used only where it spares most of the rows.

    To look up a row by its id takes about three times as long as to read it in passing.
    """
    (some,) = connection.execute(
        "SELECT COUNT(*) FROM requests WHERE day >= ?", (first,)
    ).fetchone()
    (every,) = connection.execute("SELECT COUNT(*) FROM requests").fetchone()
    # SQLite uses no index for what has a + before it: sqlite.org/optoverview.html
    return "day >= :first" if some * _LOOK_UP < every else "+day >= :first"


def _latest(connection: sqlite3.Connection, only: str | None, inside: str | None) -> str | None:
    row = connection.execute(
        f"SELECT MAX(day) FROM requests WHERE {_WHOSE}",  # noqa: S608
        {"only": only, "inside": inside},
    ).fetchone()
    return None if row[0] is None else str(row[0])


def _name(provider: str, model: str) -> str:
    return f"{provider}/{model}" if provider or model else ""
