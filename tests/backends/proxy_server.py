"""A real HTTP proxy on loopback, as companies have one: CONNECT, and plain requests by their URL.

    with ProxyServer({"llm.example.test:443": server.origin}, login="me:secret") as proxy:
        # [network] proxy: proxy.url; proxy.tunnels holds what was asked for, in order

Names go where `routes` says, since nobody else may be asked for them; any other target is refused
with 502. Everything public may be read from any thread.
"""

from __future__ import annotations

import asyncio
import base64
import ssl
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

_PIECE = 1 << 16
_Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class ProxyServer:
    """The proxy; a context manager.

    ``login``: the user name, a colon and the password without which it answers 407. ``answers``:
    the status that it gives to every CONNECT; 0: no answer at all; -1: it hangs up. ``tls``: it
    is spoken to in TLS.
    """

    def __init__(
        self,
        routes: Mapping[str, tuple[str, int]],
        *,
        login: str | None = None,
        answers: int = 200,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._routes = dict(routes)
        self._login = login
        self._answers = answers
        self._tls = tls
        # The targets of the tunnels that were asked for, and the URLs of plain requests.
        self.tunnels: list[str] = []
        self.plain: list[str] = []
        # The head of each request, as it came.
        self.heads: list[str] = []
        self.connections = 0
        self.port = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    @property
    def url(self) -> str:
        """Its address."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def url_with(self, login: str) -> str:
        """Its address with a user name and a password."""
        return self.url.replace("://", f"://{login}@", 1)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        serving = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        )
        self.port = serving.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        serving.close()
        # What still carries bytes ends because its ends are gone.
        for writer in self._writers:
            writer.transport.abort()
        tasks = asyncio.all_tasks(self._loop)
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.heads.append(head)
            method, target, _ = head.split("\r\n", 1)[0].split(" ", 2)
            if not self._may(head):
                writer.write(_said(407, 'Proxy-Authenticate: Basic realm="proxy"'))
            elif method == "CONNECT":
                await self._tunnel(target, reader, writer)
            else:
                await self._forward(target, head, reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            self._writers.discard(writer)

    def _may(self, head: str) -> bool:
        if self._login is None:
            return True
        wanted = base64.b64encode(self._login.encode()).decode()
        return f"proxy-authorization: basic {wanted}".lower() in head.lower()

    async def _tunnel(
        self, target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.tunnels.append(target)
        if self._answers == 0:
            await reader.read()
            return
        if self._answers == -1:
            return
        route = self._routes.get(target) if self._answers == 200 else None
        if route is None:
            writer.write(_said(self._answers if self._answers != 200 else 502))
            return
        upstream = await asyncio.open_connection(*route)
        writer.write(_said(200))
        await self._between((reader, writer), upstream)

    async def _forward(
        self, url: str, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.plain.append(url)
        parts = urlsplit(url)
        route = self._routes.get(f"{parts.hostname}:{parts.port or 80}")
        if route is None:
            writer.write(_said(502))
            return
        first, *rest = head.removesuffix("\r\n\r\n").split("\r\n")
        kept = [line for line in rest if not line.lower().startswith(("proxy-", "connection"))]
        lines = [first.replace(url, parts.path, 1), *kept, "Connection: close", "", ""]
        upstream = await asyncio.open_connection(*route)
        upstream[1].write("\r\n".join(lines).encode("latin-1"))
        await self._between((reader, writer), upstream)

    async def _between(self, one: _Ends, other: _Ends) -> None:
        """Carries bytes both ways until one end has no more."""
        self._writers.add(other[1])
        ways = [asyncio.ensure_future(_carry(a[0], b[1])) for a, b in ((one, other), (other, one))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        self._writers.discard(other[1])
        other[1].close()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_PIECE):
        writer.write(data)
        await writer.drain()


def _said(status: int, *headers: str) -> bytes:
    reason = {200: "Connection established", 403: "Forbidden", 407: "Proxy Authentication Required"}
    length = () if status == 200 else ("Content-Length: 0", "Connection: close")
    first = f"HTTP/1.1 {status} {reason.get(status, 'Bad Gateway')}"
    return "\r\n".join([first, *headers, *length, "", ""]).encode("ascii")
