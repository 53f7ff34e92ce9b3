"""Run a module and write to stderr what it imports, connects to, looks up, starts and renames.

``python -I watched.py MODULE``: Python's own audit events (PEP 578), seen from outside. The
program under test knows nothing of it.
"""

from __future__ import annotations

import os
import runpy
import sys
from typing import Any

_WATCHED = {
    "import": 0,
    "socket.connect": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
    "socket.sendto": 1,
    "subprocess.Popen": 1,
    "os.posix_spawn": 1,
    "os.exec": 1,
    "os.system": 0,
    "os.rename": 1,
}


def _report(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _WATCHED:
        line = f"audit: {event} {arguments[_WATCHED[event]]}"
        os.write(2, line.replace("\n", " ").encode() + b"\n")


if __name__ == "__main__":
    module = sys.argv.pop(1)
    sys.addaudithook(_report)
    runpy.run_module(module, run_name="__main__", alter_sys=True)
