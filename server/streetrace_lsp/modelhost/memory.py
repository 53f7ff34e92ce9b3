"""How much memory this process holds."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

_STATM: Final = Path("/proc/self/statm")


def resident() -> int | None:
    """Resident memory in bytes; its peak where the system tells no more. None: unknown."""
    try:
        # proc(5): the second number is the resident set, in pages.
        pages = int(_STATM.read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return _peak()
    import resource

    return pages * resource.getpagesize()


def _peak() -> int | None:
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # getrusage(2): bytes on macOS, kilobytes elsewhere.
    return peak if sys.platform == "darwin" else peak * 1024
