"""Processes by their id: who started whom, and waiting for an end that is not our child's."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path


def children(pid: int) -> list[int]:
    """The processes that a process started and that still run."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text()
        except OSError:  # it ended while we looked
            continue
        state, parent = stat.rpartition(")")[2].split()[:2]
        if int(parent) == pid and state != "Z":
            found.append(int(entry.name))
    return found


def command_line(pid: int) -> str:
    """How a process was started."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


async def gone(pid: int, deadline: float = 5.0) -> None:
    """Wait for the end of any process; it still running at the deadline fails the test."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(handle, ended.set)
    try:
        async with asyncio.timeout(deadline):
            await ended.wait()
    except TimeoutError:
        raise AssertionError(f"still there: {command_line(pid)} ({pid})") from None
    finally:
        loop.remove_reader(handle)
        os.close(handle)
