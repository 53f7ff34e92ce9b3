"""``streetrace.usage``: what was asked and what it cost, as a page and as numbers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp.answers import show_text
from streetrace_lsp.lsp.data import camel_case
from streetrace_lsp.lsp.meant import named_or_used

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer


async def usage(server: StreetraceServer, given: Any = None) -> dict[str, Any]:
    """``streetrace.usage {since?, uri?}``: of all projects, with the limits that hold for ``uri``.

    Answers with the numbers of ``streetrace-lsp usage --json``.
    """
    from streetrace_lsp.ledger.ledger import Ledger
    from streetrace_lsp.requests.usage.data import as_data
    from streetrace_lsp.requests.usage.markdown import markdown
    from streetrace_lsp.requests.usage.page import nothing, summary
    from streetrace_lsp.requests.usage.report import gather
    from streetrace_lsp.requests.usage.since import DEFAULT, first_day

    given = given if isinstance(given, dict) else {}
    today = date.today()
    here = server.settings.of(named_or_used(server, given))
    # By a connection of its own: a long history keeps no budget waiting.
    ledger = Ledger(server.state_dir, server.warn)
    try:
        first = first_day(str(given.get("since") or DEFAULT), today)
        await server.session.written()
        report = await gather(ledger, first, today, project=None, here=here)
    except StreetraceError as error:
        return server.say(error.sentence)
    finally:
        await ledger.close()
    if report.uses:
        await show_text(server, "Usage", markdown(report, "since"))
    said = summary(report) if report.uses else nothing(report, "since")
    return {**server.say(said), **camel_case(as_data(report))}
