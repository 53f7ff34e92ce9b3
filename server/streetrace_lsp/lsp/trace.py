"""``streetrace.trace``: how the last requests went, as a page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from streetrace_lsp.lsp.answers import show_text
from streetrace_lsp.requests.display import escape_controls

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer
    from streetrace_lsp.routing.trace import Trace

_USUAL: Final = 3


async def trace(server: StreetraceServer, given: Any = None) -> dict[str, Any]:
    """``streetrace.trace {last?}``: the steps of the last requests, each with its moment."""
    wanted = given.get("last") if isinstance(given, dict) else None
    count = wanted if isinstance(wanted, int) and wanted > 0 else _USUAL
    found = server.session.traces.newest(count)
    if not found:
        return {**server.say("Nothing was asked in this session yet."), "requests": []}
    await show_text(server, "Trace", "\n".join(_page(found)))
    return {
        **server.say(f"{found[0].task}: {found[0].steps[-1][1]}" if found[0].steps else "…"),
        "requests": [
            {
                "task": one.task,
                "began": one.began,
                "steps": [{"seconds": seconds, "what": what} for seconds, what in one.steps],
            }
            for one in found
        ],
    }


def _page(found: list[Trace]) -> Iterator[str]:
    for one in found:
        yield f"## {one.task}, {datetime.fromtimestamp(one.began):%H:%M:%S}\n"
        yield "| Seconds | Step |\n|---|---|"
        for seconds, what in one.steps:
            yield f"| {seconds:.2f} | {escape_controls(what).replace('|', chr(92) + '|')} |"
        yield ""
