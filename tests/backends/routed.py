"""A whole request as the program makes it: configuration, route, budget, ledger, model host."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from backends.asking import QUESTION
from backends.fault_server import FaultServer
from streetrace_lsp.config.configuration import Configuration
from streetrace_lsp.config.load import load
from streetrace_lsp.routing.ask import Asking, Paid, Prepared, ask
from streetrace_lsp.routing.events import BackendError, Finished, Text
from streetrace_lsp.routing.route import Route, route
from streetrace_lsp.routing.session import Session, begin
from streetrace_lsp.routing.spending import Purpose
from streetrace_lsp.routing.targets import Target


@dataclass
class Routed:
    """What was told of one request."""

    text: str = ""
    asked: list[Asking] = field(default_factory=list)
    finished: Finished | None = None
    paid: Paid | None = None
    error: BackendError | None = None

    @property
    def backends(self) -> list[str]:
        return [asking.target.backend for asking in self.asked]


@dataclass
class Person:
    """A person with a configuration folder and a session. ``warnings``: what they were told."""

    folder: Path
    session: Session
    warnings: list[str]
    environ: Mapping[str, str]

    def configured(self, toml: str) -> Configuration:
        """The configuration after writing this to the person's own file."""
        (self.folder / "config").mkdir(exist_ok=True)
        file = self.folder / "config/config.toml"
        file.write_text(toml, encoding="utf-8")
        file.chmod(0o600)
        found = load(
            self.folder / "work/a.py",
            self.folder / "work",
            environ=self.environ,
            user_dir=self.folder / "config",
            state_dir=self.folder / "state",
        )
        assert not [problem for problem in found.problems if problem.severity == "error"]
        return found

    async def ask(
        self, found: Configuration, wanted: str | None = None, *, tokens: int = 1000
    ) -> Routed:
        """One request of the task ``ask``. A backend's failure is part of what is told."""
        return await self.follow(found, route(found, "ask", wanted), tokens=tokens)

    async def follow(self, found: Configuration, way: Route, *, tokens: int = 1000) -> Routed:
        told = Routed()

        async def prepare(target: Target) -> Prepared:
            return Prepared(target, QUESTION, tokens)

        events = ask(self.session, Purpose(found, "ask"), way, prepare)
        try:
            async with aclosing(events):
                async for event in events:
                    match event:
                        case Asking():
                            told.asked.append(event)
                        case Text(text):
                            told.text += text
                        case Finished():
                            told.finished = event
                        case Paid():
                            told.paid = event
        except BackendError as error:
            told.error = error
        return told


@asynccontextmanager
async def a_person(folder: Path, environ: Mapping[str, str] | None = None) -> AsyncIterator[Person]:
    """A person on a machine of their own, under ``folder``."""
    warnings: list[str] = []
    (folder / "work").mkdir()
    (folder / "state").mkdir()
    session = begin(folder / "state", log=lambda _: None, warn=warnings.append)
    try:
        yield Person(folder, session, warnings, environ or {})
    finally:
        await session.close()


def backend(name: str, server: FaultServer, more: str = "") -> str:
    """A table for a backend on this server, OpenAI's wire; ``more`` lines of it."""
    return (
        f'\n[backends.{name}]\nprovider = "openai"\nmodel = "demo"\n'
        f'api_base = "{server.openai}"\napi_key = "k"\n{more}'
    )
