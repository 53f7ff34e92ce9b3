"""A request by a route, as a job makes it, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backends.asking import QUESTION
from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.routing.ask import Asking, Paid, Prepare, Prepared, Told, ask
from streetrace_lsp.routing.events import Finished, Text
from streetrace_lsp.routing.route import route
from streetrace_lsp.routing.spending import Purpose

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.routing.session import Session
    from streetrace_lsp.routing.targets import Target


@dataclass
class Asked:
    """``asked``: who was asked, in order, and why; the text; how it ended."""

    asked: list[Asking] = field(default_factory=list)
    text: str = ""
    finished: Finished | None = None
    paid: Paid | None = None
    error: StreetraceError | None = None

    @property
    def backends(self) -> list[str]:
        return [one.target.backend for one in self.asked]


async def prepared(target: Target) -> Prepared:
    return Prepared(target, QUESTION, 10)


async def asked(
    session: Session,
    configuration: Configuration,
    *,
    wanted: str | None = None,
    heard: Callable[[Told, Asked], None] = lambda *_: None,
    prepare: Prepare = prepared,
) -> Asked:
    """One request and everything that was told of it; ``heard`` is told of it as it comes."""
    found = Asked()
    purpose = Purpose(configuration, "fix")
    try:
        events = ask(session, purpose, route(configuration, "fix", wanted), prepare)
        async with aclosing(events):
            async for event in events:
                match event:
                    case Asking():
                        found.asked.append(event)
                    case Text(text):
                        found.text += text
                    case Finished():
                        found.finished = event
                    case Paid():
                        found.paid = event
                heard(event, found)
    except StreetraceError as error:
        found.error = error
    return found
