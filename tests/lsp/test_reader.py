"""What still comes from the editor while the server ends disturbs nobody."""

from __future__ import annotations

import asyncio
import os
import threading

import pytest

from streetrace_lsp.lsp.transport import read_from


def test_what_comes_after_the_end_of_the_loop_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    failed: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", failed.append)
    outgoing, incoming = os.pipe()
    before = set(threading.enumerate())

    async def begin() -> None:
        read_from(outgoing)

    asyncio.run(begin())
    (reader,) = set(threading.enumerate()) - before
    os.write(incoming, b"Content-Length: 2\r\n\r\n{}")
    os.close(incoming)
    reader.join(60)
    os.close(outgoing)
    assert not reader.is_alive()
    assert not failed
