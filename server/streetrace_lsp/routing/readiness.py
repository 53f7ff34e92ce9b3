"""Whether a server on this machine is ready, asked over HTTP without any library for it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

HOST: Final = "127.0.0.1"
_ANSWER_WITHIN: Final = 2.0
_MISSING: Final = frozenset({404, 405, 501})
# It asks for a key, so it serves.
_LOCKED: Final = frozenset({401, 403})


async def is_ready(port: int) -> bool:
    """Whether a model server on ``port`` of this machine has its model loaded.

    ``/health`` says it (llama-server and vLLM answer 503, or not at all, while they load), then
    ``/v1/models``, which alone is asked where there is no ``/health``.
    """
    health = await status_of(port, "/health")
    if health is None:
        return False
    healthy = 200 <= health < 300
    if not healthy and health not in _MISSING | _LOCKED:
        return False
    models = await status_of(port, "/v1/models")
    if models is None:
        return False
    return 200 <= models < 300 or models in _LOCKED or (healthy and models in _MISSING)


async def is_taken(port: int) -> bool:
    """Whether something listens on ``port`` of this machine."""
    try:
        async with asyncio.timeout(_ANSWER_WITHIN):
            _, writer = await asyncio.open_connection(HOST, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def status_of(port: int, path: str) -> int | None:
    """The HTTP status of ``path`` on this machine; None when nothing like one comes in 2 s."""
    writer = None
    try:
        async with asyncio.timeout(_ANSWER_WITHIN):
            reader, writer = await asyncio.open_connection(HOST, port)
            asked = f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n\r\n"
            writer.write(asked.encode("ascii"))
            # RFC 9112, section 4: HTTP-version SP status-code SP [reason-phrase]
            version, _, rest = (await reader.readline()).partition(b" ")
            if not version.startswith(b"HTTP/1."):
                return None
            return int(rest[:3])
    except (OSError, TimeoutError, ValueError):
        return None
    finally:
        if writer is not None:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
