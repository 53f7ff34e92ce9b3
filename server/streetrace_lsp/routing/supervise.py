"""A process of its own between this server and a local model server that it started.

It ends the model server, and what that started, as soon as its standard input ends: also when
our server was killed and could not do it itself. Standard output carries two lines of JSON,
``{"started": PID}`` and ``{"ended": CODE}``, or ``{"failed": REASON}`` alone; standard error is
the program's own output. Run as ``python -I -m streetrace_lsp.routing.supervise PROGRAM …``.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any, Final

# Between the request to end and the end by force, in seconds. A model server has nothing to
# save; some want to give back the memory of the graphics card.
GRACE: Final = 5.0
_PR_SET_PDEATHSIG: Final = 1


def main(command: list[str]) -> int:
    """Runs ``command`` until it ends or standard input does."""
    try:
        process = _start(command)
    except OSError as error:
        _say(failed=error.strerror or str(error))
        return 1
    gone = threading.Event()
    _say(started=process.pid)
    threading.Thread(target=_end_with_the_pipe, args=(process.pid, gone), daemon=True).start()
    _end_with_a_signal(process.pid, gone)
    code = process.wait()
    gone.set()
    # What it started may still hold the graphics card.
    end_group(process.pid, force=True)
    _say(ended=code)
    return 0


def end_group(pid: int, *, force: bool) -> None:
    """Asks the program and everything that it started to end; with ``force`` ends them."""
    if sys.platform == "win32":
        forced = ["/F"] if force else []
        subprocess.run(
            ["taskkill", "/T", *forced, "/PID", str(pid)], capture_output=True, check=False
        )
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL if force else signal.SIGTERM)


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    output = sys.stderr.fileno()
    if sys.platform == "win32":
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            creationflags=subprocess.CREATE_NEW_PROCESS_GROUP,
        )
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        # Nothing but this runs between fork and exec, in a process with one thread.
        preexec_fn=_die_with_me if sys.platform == "linux" else None,  # noqa: PLW1509
    )


def _die_with_me() -> None:
    """Has Linux end the program when this process is killed (prctl(2), PR_SET_PDEATHSIG)."""
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _end_with_the_pipe(pid: int, gone: threading.Event) -> None:
    with suppress(OSError):
        while os.read(0, 1024):
            pass
    _end(pid, gone)


def _end_with_a_signal(pid: int, gone: threading.Event) -> None:
    def end(*_: Any) -> None:
        threading.Thread(target=_end, args=(pid, gone), daemon=True).start()

    for name in ("SIGTERM", "SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), end)


def _end(pid: int, gone: threading.Event) -> None:
    end_group(pid, force=False)
    if not gone.wait(GRACE):
        end_group(pid, force=True)


def _say(**news: Any) -> None:
    with suppress(OSError):
        os.write(1, json.dumps(news).encode("ascii") + b"\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
