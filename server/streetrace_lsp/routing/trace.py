"""How the last requests went, step by step: for a person who wonders what took so long.

Kept in memory for the session. Holds no word of a prompt or an answer, and no key.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Final

# So many requests are remembered.
_KEPT: Final = 20


@dataclass
class Trace:
    """One request. ``began``: seconds since the epoch; ``steps``: seconds since then, and what."""

    task: str
    began: float = field(default_factory=time.time)
    steps: list[tuple[float, str]] = field(default_factory=list)
    _start: float = field(default_factory=time.monotonic)

    def step(self, what: str) -> None:
        """Something happened now, in a few words for a person."""
        self.steps.append((time.monotonic() - self._start, what))


class Traces:
    """The last requests of a session, the newest first."""

    def __init__(self) -> None:
        self._kept: deque[Trace] = deque(maxlen=_KEPT)

    def begin(self, task: str) -> Trace:
        """A request begins."""
        trace = Trace(task)
        self._kept.appendleft(trace)
        return trace

    def newest(self, count: int) -> list[Trace]:
        """So many of them."""
        return list(self._kept)[:count]
