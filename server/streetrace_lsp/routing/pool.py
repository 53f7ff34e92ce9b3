"""Which of several servers is asked: the least busy one, and none that failed a moment ago.

A server that fails is left alone for a while (a circuit breaker): longer each time in a row, and
as long as it asks itself (Retry-After). Then one request tries it; only when that is answered do
others follow.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from .events import BackendError

if TYPE_CHECKING:
    from .targets import Target

# Faults of the way or of the server; another server may well do better. What the person has to
# mend (a wrong key, a wrong name, a certificate, a prompt that is too long) is not among them,
# and neither is what a model declines to answer.
FALLS_BACK: Final = frozenset(
    {
        "connect",
        "dns",
        "rate_limit",
        "quota",
        "server",
        "cut",
        "crashed",
        "timeout_first",
        "start",
        "proxy",
    }
)
FIRST_PAUSE: Final = 15.0
LONGEST_PAUSE: Final = 300.0

Identity = tuple[str, str, str]


@dataclass(slots=True)
class _Server:
    outstanding: int = 0
    failures: int = 0
    closed_until: float = 0.0
    trying: bool = False
    last_asked: int = field(default=0)


class Balancer:
    """What a session knows about its servers. ``clock`` tells seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._servers: dict[Identity, _Server] = {}
        self._turn = itertools.count(1)

    def ready(self, targets: Sequence[Target]) -> list[Target]:
        """Those that may be asked now, the least busy first; of equals, the longest unasked."""
        now = self._clock()
        open_ones = [target for target in targets if self._may_be_asked(target, now)]
        return sorted(open_ones, key=self._load)

    def soonest(self, targets: Sequence[Target]) -> list[Target]:
        """All of them, those first that may be asked again soonest: where none is ready."""
        return sorted(targets, key=lambda target: self._of(target).closed_until)

    @contextmanager
    def asking(self, target: Target) -> Iterator[None]:
        """Counts a request while it runs, and learns from how it fails.

        A `BackendError` that falls back closes the server for a while, until it has `answered`.
        What a person cancelled says nothing.
        """
        server = self._of(target)
        trial = server.failures > 0
        server.outstanding += 1
        server.trying = server.trying or trial
        server.last_asked = next(self._turn)
        try:
            yield
        except BackendError as error:
            self._failed(server, error)
            raise
        finally:
            server.outstanding -= 1
            if trial:
                server.trying = False

    def answered(self, target: Target) -> None:
        """The server has begun to answer: it is there, so others may be sent to it."""
        server = self._of(target)
        server.failures, server.closed_until, server.trying = 0, 0.0, False

    def _failed(self, server: _Server, error: BackendError) -> None:
        if error.kind not in FALLS_BACK:
            return
        now = self._clock()
        # Requests that were under way when it failed tell of the same failure.
        if server.closed_until <= now:
            server.failures += 1
        pause = min(FIRST_PAUSE * 2.0 ** (server.failures - 1), LONGEST_PAUSE)
        until = now + max(pause, error.retry_after or 0.0)
        server.closed_until = max(server.closed_until, until)

    def _may_be_asked(self, target: Target, now: float) -> bool:
        server = self._of(target)
        return server.closed_until <= now and not server.trying

    def _load(self, target: Target) -> tuple[int, int]:
        server = self._of(target)
        return server.outstanding, server.last_asked

    def _of(self, target: Target) -> _Server:
        identity = (target.backend, target.api_base or target.provider, target.model)
        return self._servers.setdefault(identity, _Server())
