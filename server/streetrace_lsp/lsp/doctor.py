"""``streetrace.doctor``: does each configured model answer? A job that opens a page."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from streetrace_lsp.config.readable import escaped
from streetrace_lsp.lsp.answers import show_text
from streetrace_lsp.lsp.editor_keys import have_all_keys
from streetrace_lsp.lsp.jobs import Ending, Job
from streetrace_lsp.lsp.meant import named_or_used
from streetrace_lsp.lsp.trust import agreed

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.lsp.server import StreetraceServer
    from streetrace_lsp.routing.diagnosis import Diagnosis
    from streetrace_lsp.routing.findings import Remark

_MARKS: Final = {"plain": "", "warning": "! ", "error": "✗ "}
_LONGEST: Final = 2_000


def doctor(server: StreetraceServer, given: Any = None) -> dict[str, Any]:
    """``streetrace.doctor {uri?}``: starts a job that checks the models of a document's project."""
    uri = named_or_used(server, given if isinstance(given, dict) else {})
    return {"job": server.jobs.start("doctor", "Doctor", uri, partial(_perform, server, uri)).id}


async def _perform(server: StreetraceServer, uri: str, job: Job) -> Ending:
    from streetrace_lsp.routing import findings

    configuration = await agreed(server, uri)
    await have_all_keys(server, configuration)
    found = await _diagnoses(server, configuration, job)
    said = findings.ending(configuration, found)
    await show_text(server, "Doctor", server.worded(_page(configuration, found, said)))
    facts = {
        "healthy": findings.is_healthy(configuration, found),
        "targets": [
            {
                "target": one.wanted,
                "answered": one.answered,
                "problem": one.fault.message if one.fault else None,
                "nextStep": server.worded(one.fault.next_step) if one.fault else None,
            }
            for one in found
        ],
    }
    return Ending("answered", f"{job.title}: {said[-1].words}", facts=facts)


async def _diagnoses(
    server: StreetraceServer, configuration: Configuration, job: Job
) -> list[Diagnosis]:
    from streetrace_lsp.routing.diagnose import diagnose, wanted_targets

    if configuration.fault is not None:
        return []
    session, wanted = server.session, wanted_targets(configuration)

    def waits(name: str) -> None:
        job.report(f"Waiting for {name}" if name else "Asking")

    running = diagnose(
        configuration,
        session.host,
        wanted,
        searching=True,
        servers=session.servers,
        waits=waits,
    )
    async with aclosing(running) as diagnoses:
        return [one async for one in diagnoses]


def _page(configuration: Configuration, found: Sequence[Diagnosis], said: Sequence[Remark]) -> str:
    """The findings as Markdown; what a file or a server put into them is on one line each."""
    from streetrace_lsp.routing import findings
    from streetrace_lsp.routing.diagnose import is_default

    lines = [_line(remark) for remark in said]
    for place, one in enumerate(found):
        mark = "✓" if one.answered else "✗"
        first = place == 0 and is_default(configuration, one.wanted)
        default = " (the default)" if first else ""
        lines += ["", f"## {mark} {escaped(findings.title(one))}{default}", ""]
        rows = findings.rows(one, started="started on demand")
        lines += [f"- {name}: {escaped(words, longest=_LONGEST)}" for name, words in rows]
    lines += ["", "## Configuration", ""]
    lines += [f"- {_line(remark)}" for remark in findings.remarks(configuration)]
    return "\n".join(lines)


def _line(remark: Remark) -> str:
    step = f" → {remark.next_step}" if remark.next_step else ""
    return _MARKS[remark.kind] + escaped(remark.words + step, longest=_LONGEST)
