"""A line of the child's log is shown whole, or not at all: half of it might end in half a key."""

from __future__ import annotations

import asyncio
import sys

import pytest

from streetrace_lsp.routing.child import Child
from streetrace_lsp.routing.secret import Secret

KEY = "sk-0123456789abcdefghijklmnopqrstuvwxyz"
# Writes lines of each length, with a key around the place where a line is too long.
LOUD = """
import sys
for length in map(int, sys.argv[2:]):
    print("x" * length + sys.argv[1] + "y" * 20, file=sys.stderr)
print(sys.argv[1][:20] + "...", file=sys.stderr)
print("end", file=sys.stderr)
"""


@pytest.mark.asyncio
async def test_no_part_of_a_key_is_logged_where_a_line_is_too_long() -> None:
    log: list[str] = []
    limit = 1 << 16
    lengths = (10, limit - 70, limit - 30, limit - 10, limit, 3 * limit - 20)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", LOUD, KEY, *map(str, lengths)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    child = Child(process, log.append)
    with child.exchange(1, secrets=[Secret(KEY)]) as exchange:
        await child._read_log()
        exchange.finished = True
    await child.close()
    assert log[-2:] == ["model host: •••...", "model host: end"]
    assert log[0] == "model host: " + "x" * 10 + "•••" + "y" * 20
    assert not any(KEY[at : at + 8] in line for line in log for at in range(len(KEY) - 7))
    assert sum("too long" in line for line in log) == 4
