"""How the last requests went, step by step: for a person who wonders what took so long.

Kept in memory for the session. Holds no word of a prompt or an answer, and no key.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from streetrace_lsp.ledger.dollars import in_dollars

if TYPE_CHECKING:
    from .events import Usage
    from .targets import Target

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


def asking(target: Target, tokens: int, why: str) -> str:
    """The step of asking a target; ``tokens`` estimates the prompt, ``why``: not the first one."""
    place = f" at {target.api_base}" if target.api_base else ""
    because = f", because {why}" if why else ""
    return (
        f"asking {target.backend} ({target.model}){place}, "
        f"a prompt of about {tokens:,} tokens{because}"
    )


def ended(outcome: str, usage: Usage | None, cost: int | None) -> str:
    """The last step: how it ended, and what it came to (``cost`` in nano-dollars)."""
    if outcome != "done":
        return f"ended: {outcome.replace('_', ' ')}"
    tokens = ""
    if usage is not None and usage.prompt_tokens is not None:
        tokens = f", {usage.prompt_tokens} + {usage.completion_tokens} tokens"
    return f"done{tokens}, {in_dollars(cost) if cost is not None else 'cost not known'}"
