"""The plain data of the ledger. Money is in nano-dollars, time in seconds since 1970 (UTC)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, Self

Scope = Literal["person", "project"]
Period = Literal["day", "month"]
Grouping = Literal["model", "day", "project"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """The most that a call may cost. An unknown price is not estimated as 0: ask first.

    ``project`` is its real path, or ``''`` for files outside of any project. An ``amount`` of
    0 says that the call is known to be free.
    """

    project: str
    amount: int


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``amount`` in a calendar day or month of local time.

    ``person`` limits all that this user spends, ``project`` what the estimate's project spends.
    ``name`` is the key to change it, such as ``project_day``; derived when empty.
    """

    scope: Scope
    period: Period
    amount: int
    name: str = ""

    @property
    def key(self) -> str:
        """The key in `[budget]` that sets this limit."""
        return self.name or (self.period if self.scope == "person" else f"project_{self.period}")


@dataclass(frozen=True, slots=True)
class Reservation:
    """What is set aside for one call. ``held``: it counts against limits until it is settled."""

    id: str
    project: str
    amount: int
    held: bool


@dataclass(frozen=True, slots=True)
class Record:
    """One request that was made, or answered from the cache.

    ``cost`` None: unknown. ``first_token`` and ``duration`` are seconds from when the request
    left, where that is known. ``outcome`` is ``done``, ``cancelled``, ``cached`` or the kind of
    the failure; the ledger itself adds ``lost`` for what was reserved by a process that died.
    ``fallback_of`` says why this was not the first choice. ``at`` None: now.
    """

    project: str
    task: str
    backend: str
    provider: str
    model: str
    outcome: str
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost: int | None = None
    first_token: float | None = None
    duration: float | None = None
    fallback_of: str = ""
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """What counts against a limit: booked, set aside for running calls, calls of unknown cost."""

    amount: int
    reserved: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Total:
    """The requests of one model (``provider/model``), local day or project since some time.

    ``name`` is empty for a model that is not known: those requests were lost with the process
    that made them, and count as failed. ``cost`` is the sum of what is known; ``unknown``
    counts the requests whose cost is not.
    """

    name: str
    requests: int
    failed: int
    cancelled: int
    cached: int
    prompt_tokens: int
    completion_tokens: int
    cost: int
    unknown: int


class Tally(NamedTuple):
    """What several requests add up to.

    ``failed``: neither done, cancelled nor answered from the cache. ``uncounted``: answers whose
    backend did not count their tokens. ``cost`` is the sum of what is known; ``unknown`` counts
    the requests whose cost is not.
    """

    requests: int = 0
    failed: int = 0
    cancelled: int = 0
    cached: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    uncounted: int = 0
    cost: int = 0
    unknown: int = 0

    @classmethod
    def of(cls, tallies: Iterable[Tally]) -> Self:
        """Their sum."""
        return cls(*map(sum, zip(*tallies, strict=True)))


@dataclass(frozen=True, slots=True)
class Use:
    """The requests to one model (``provider/model``) in one project on one local day.

    ``project`` is empty outside of every project, ``model`` for requests that were lost with the
    process that made them.
    """

    day: str
    project: str
    model: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class History:
    """The use of a time, and how long a whole answer took: the median in seconds, by model.

    ``latest``: the day of the last request before, where this time has none; None: there is none.
    """

    uses: tuple[Use, ...]
    seconds: Mapping[str, float]
    latest: str | None


@dataclass(frozen=True, slots=True)
class CachedReply:
    """A whole answer that was kept. ``made`` None: now."""

    text: str
    reason: str
    model: str
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    made: float | None = None
