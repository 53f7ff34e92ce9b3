"""The one retry policy: which fault is tried again, how often, and after how long."""

from __future__ import annotations

import random
from typing import Final

from .events import BackendError

# trust-and-safety: at most two retries of 429 and 5xx, one of a failed look-up, none of the rest.
_RETRIES: Final = {"rate_limit": 2, "server": 2, "dns": 1}
LONGEST_WAIT: Final = 30.0
_FIRST_WAIT: Final = 1.0


def delay(error: BackendError, attempt: int, *, jitter: random.Random) -> float | None:
    """Seconds to wait before attempt ``attempt + 1``, or ``None`` when it must not be tried.

    ``attempt`` counts from 1, the one that failed with ``error``. A Retry-After that is longer
    than ``LONGEST_WAIT`` is not waited for: a fallback or the user is faster. Only for a request
    of which nothing has arrived yet; whoever asks makes sure of that.
    """
    if attempt > _RETRIES.get(error.kind, 0):
        return None
    if error.retry_after is not None:
        if error.retry_after > LONGEST_WAIT:
            return None
        # Never earlier than asked; the jitter keeps parallel requests from returning together.
        return min(LONGEST_WAIT, error.retry_after * jitter.uniform(1.0, 1.1))
    wait: float = _FIRST_WAIT * 2.0 ** (attempt - 1)
    return wait * jitter.uniform(0.5, 1.0)
