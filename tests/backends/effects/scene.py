"""Where a key's effect is seen: a user with two model servers, and what came of a request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backends.fault_server import FaultServer, Request
from backends.routed import Person, Routed
from streetrace_lsp.config.configuration import Configuration
from streetrace_lsp.config.load import load
from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.ledger.ledger import Ledger
from streetrace_lsp.requests.target import route_for
from streetrace_lsp.routing.ask import Paid
from streetrace_lsp.routing.host import ModelHost
from streetrace_lsp.routing.launch import LocalServers
from streetrace_lsp.routing.session import Session

# What stands for the addresses of the servers in a configuration. `~FOLDER` and `~HOME` are the
# scene's folder and the user's home.
FIRST, SECOND = "http://first.invalid", "http://second.invalid"


@dataclass
class Came:
    """What came of some requests: the replies, the refusals, and what arrived where."""

    told: list[Routed]
    refused: list[StreetraceError]
    first: list[Request]
    second: list[Request]
    # To Google, by way of the first server.
    sign_ins: list[Request]

    @property
    def request(self) -> Request:
        (one,) = [*self.first, *self.second]
        return one

    @property
    def paid(self) -> Paid:
        (one,) = self.told
        assert one.paid is not None
        return one.paid

    @property
    def counts(self) -> tuple[int, int]:
        return len(self.first), len(self.second)

    @property
    def faults(self) -> list[str]:
        return [one.error.kind for one in self.told if one.error is not None]


@dataclass
class Scene:
    """A user below ``folder`` whose own file says ``toml``. ``home`` is their home folder,
    ``environ`` their shell's variables; ``texts`` are further words to fill in."""

    folder: Path
    home: Path
    toml: str
    environ: Mapping[str, str]
    host: ModelHost
    first: FaultServer
    second: FaultServer
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def configuration(self) -> str:
        """The text of the user's file, with the addresses that the servers have."""
        return self.filled(self.toml)

    def filled(self, text: str) -> str:
        places = {
            FIRST: self.first.base,
            SECOND: self.second.base,
            "~FOLDER": str(self.folder),
            "~HOME": str(self.home),
        }
        for place, value in {**places, **self.texts}.items():
            text = text.replace(place, value)
        return text

    def loaded(self) -> Configuration:
        file = self.folder / "config/config.toml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(self.configuration, "utf-8")
        file.chmod(0o600)
        return load(
            self.folder / "work/a.py",
            self.folder / "work",
            environ={name: self.filled(value) for name, value in self.environ.items()},
            user_dir=file.parent,
            state_dir=self.folder / "state",
        )

    @asynccontextmanager
    async def person(self, host: ModelHost | None = None) -> AsyncIterator[Person]:
        """The user in a session, with the host that all tests share, or another one."""
        (self.folder / "work").mkdir()
        warnings: list[str] = []
        ledger = Ledger(self.folder / "state", warnings.append)
        servers = LocalServers(log=lambda _: None)
        session = Session(host or self.host, ledger, servers)
        try:
            yield Person(self.folder, session, warnings, self.environ)
        finally:
            await asyncio.gather(servers.close(), ledger.close())

    def came(self, told: list[Routed], refused: list[StreetraceError]) -> Came:
        sign_ins = [one for one in list(self.first.requests) if one.path == "/token"]
        return Came(told, refused, chats(self.first), chats(self.second), sign_ins)


async def asked(
    scene: Scene,
    *,
    times: int = 1,
    at_once: int = 1,
    host: ModelHost | None = None,
    prepared: Callable[[Person], None] = lambda _: None,
) -> Came:
    """The task `ask`, so many times one after the other, each time so many at once."""
    told: list[Routed] = []
    refused: list[StreetraceError] = []
    found = scene.loaded()
    async with scene.person(host) as person:
        prepared(person)

        async def one() -> None:
            try:
                way = await route_for(found, "ask", None, person.session.host)
                told.append(await person.follow(found, way))
            except StreetraceError as error:
                refused.append(error)

        for _ in range(times):
            await asyncio.gather(*(one() for _ in range(at_once)))
    return scene.came(told, refused)


def asking(pick: Callable[[Came], Any], **how: Any) -> Callable[[Scene], Any]:
    """Asks as `asked`, and picks what is to be seen from what came of it."""

    async def see(scene: Scene) -> Any:
        return pick(await asked(scene, **how))

    return see


def body(*names: str) -> Callable[[Came], Any]:
    """A field of the request's body; of nested ones by the names on the way."""

    def pick(came: Came) -> Any:
        found = came.request.json
        for name in names:
            found = (found or {}).get(name)
        return found

    return pick


def header(name: str) -> Callable[[Came], Any]:
    """A header of the request."""
    return lambda came: came.request.headers.get(name)


def path(came: Came) -> str:
    """Where in the server the request went."""
    return came.request.path


def counts(came: Came) -> tuple[int, int]:
    """How many requests each of the servers got."""
    return came.counts


def faults(came: Came) -> list[str]:
    """What the requests failed of."""
    return came.faults


def said(came: Came) -> str:
    """The text of the only reply."""
    (one,) = came.told
    assert one.error is None, (one.error.sentence, one.error.detail)
    return one.text


def chats(server: FaultServer) -> list[Request]:
    """What a model was asked, without questions about models and without sign-ins."""
    return [one for one in list(server.requests) if one.method == "POST" and not _about(one.path)]


def _about(path: str) -> bool:
    return path in {"/token", "/api/show", "/api/ps", "/api/tags"}
