"""Who holds a reservation, and whether that process is still alive.

A process id alone is used again by the system, so the start time goes with it. Processes of
another machine or container (a shared home folder) can't be seen: theirs count as spent when
they expire.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

Life = Literal["alive", "dead", "unseen"]
_STATE_FIELD: Final = 0
_START_FIELD: Final = 19


@dataclass(frozen=True, slots=True)
class Owner:
    """One process: where it runs (machine, its boot, its process namespace), id, start time."""

    host: str
    boot: str
    namespace: str
    pid: int
    started: str

    def __str__(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)


def this_process() -> Owner:
    """The owner that reservations of this process carry."""
    pid = os.getpid()
    return Owner(socket.gethostname(), _boot(), _namespace(), pid, _started(pid) or "")


def life_of(stored: str) -> Life:
    """Whether the owner written as ``stored`` lives. ``unseen``: nobody can tell from here."""
    try:
        owner = Owner(**json.loads(stored))
    except (ValueError, TypeError):
        return "unseen"
    if owner.host != socket.gethostname():
        return "unseen"
    if owner.boot != _boot():
        return "dead"
    if owner.namespace != _namespace():
        return "unseen"
    started = _started(owner.pid)
    if started is None or (owner.started and started and started != owner.started):
        return "dead"
    return "alive"


if sys.platform == "linux":

    def _boot() -> str:
        return _line("/proc/sys/kernel/random/boot_id")

    def _namespace() -> str:
        try:
            return str(Path("/proc/self/ns/pid").readlink())
        except OSError:
            return ""

    def _started(pid: int) -> str | None:
        """Clock ticks after the boot, '' when it can't be told, None for a dead process."""
        try:
            text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
        except (FileNotFoundError, ProcessLookupError):
            return None
        except OSError:
            return ""
        # The name of the program, in parentheses, may hold spaces and parentheses.
        fields = text[text.rindex(")") + 2 :].split()
        # Killed, and not yet waited for by its parent.
        return None if fields[_STATE_FIELD] in "ZX" else fields[_START_FIELD]

    def _line(path: str) -> str:
        try:
            return Path(path).read_text("ascii").strip()
        except OSError:
            return ""

elif sys.platform == "win32":
    import ctypes

    _QUERY: Final = 0x1000
    _STILL_ACTIVE: Final = 259
    _NO_SUCH_PROCESS: Final = 87

    def _boot() -> str:
        return ""

    def _namespace() -> str:
        return ""

    def _started(pid: int) -> str | None:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = ctypes.c_void_p
        handle = ctypes.c_void_p(kernel.OpenProcess(_QUERY, False, pid))
        if not handle:
            return None if ctypes.get_last_error() == _NO_SUCH_PROCESS else ""
        try:
            code = ctypes.c_ulong()
            times = [ctypes.c_ulonglong() for _ in range(4)]
            kernel.GetExitCodeProcess(handle, ctypes.byref(code))
            if code.value != _STILL_ACTIVE:
                return None
            kernel.GetProcessTimes(handle, *map(ctypes.byref, times))
            return str(times[0].value)
        finally:
            kernel.CloseHandle(handle)

else:
    import subprocess

    def _boot() -> str:
        return ""

    def _namespace() -> str:
        return ""

    def _started(pid: int) -> str | None:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return None
        except OSError:
            return ""
        asked = ["/bin/ps", "-o", "lstart=", "-p", str(pid)]
        environment = {"LC_ALL": "C", "TZ": "UTC"}
        try:
            found = subprocess.run(asked, env=environment, capture_output=True, check=False)
        except OSError:
            return ""
        return found.stdout.decode("ascii", "replace").strip()
