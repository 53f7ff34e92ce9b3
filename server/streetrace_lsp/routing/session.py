"""What one session of the program keeps between requests, for every document in it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from streetrace_lsp.ledger.ledger import Ledger

from .host import ModelHost
from .launch import LocalServers, Report
from .num_ctx import KeptWindows
from .origins import parse_address
from .pool import Balancer
from .trace import Traces

if TYPE_CHECKING:
    from .model_facts import ModelFacts
    from .targets import Target

# Seconds that the end of a session may wait for the history to be written.
_WRITE_WITHIN: Final = 0.5
# Asks a person whether to go on although the price of a model is not known; None: nobody there.
AskPrice = Callable[[str], Awaitable[bool | None]]


@dataclass
class Session:
    """The model host and what was learned: how busy servers are, what was spent, what they said.

    ``facts`` by (backend, model). ``ask_price`` None: nobody can be asked, which means no.
    ``bookings``: records of requests that are being written. ``traces``: how the last ones went.
    """

    host: ModelHost
    ledger: Ledger
    servers: LocalServers
    balancer: Balancer = field(default_factory=Balancer)
    windows: KeptWindows = field(default_factory=KeptWindows)
    facts: dict[tuple[str, str], ModelFacts] = field(default_factory=dict)
    ask_price: AskPrice | None = None
    accepted_prices: set[tuple[str, str]] = field(default_factory=set)
    traces: Traces = field(default_factory=Traces)
    bookings: set[asyncio.Future[int | None]] = field(default_factory=set)

    async def started(self, target: Target, report: Report) -> Target:
        """The target with its server running: at once, but for one that is launched on demand.

        Raises ``StartError``.
        """
        if target.launch is None:
            return target
        address = parse_address(await self.servers.ensure(target.backend, target.launch, report))
        return replace(target, api_base=address.url, origins=(address.origin,))

    async def written(self) -> None:
        """Waits until the records of all requests that have ended are in the history."""
        await asyncio.gather(*self.bookings, return_exceptions=True)

    async def close(self) -> None:
        """Ends the model host and every server that was started; writes what is left to write."""
        await asyncio.gather(self.host.close(), self.servers.close())
        # Another program may hold the file for long; whoever ends a session does not wait for it.
        end = asyncio.get_running_loop().time() + _WRITE_WITHIN
        if self.bookings:
            await asyncio.wait(self.bookings, timeout=_WRITE_WITHIN)
        # Also when no time is left: it says what is lost then.
        with suppress(TimeoutError):
            async with asyncio.timeout_at(end):
                await self.ledger.close()


def begin(state_dir: Path, *, log: Callable[[str], None], warn: Callable[[str], None]) -> Session:
    """A session that keeps its history in ``state_dir``; nothing is started or opened yet.

    ``log`` takes lines for the log, ``warn`` sentences for a person.
    """
    return Session(ModelHost(log=log), Ledger(state_dir, warn), LocalServers(log=log))
