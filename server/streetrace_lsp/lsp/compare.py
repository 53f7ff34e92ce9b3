"""``streetrace.compare``: the same instruction to several models, side by side."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from streetrace_lsp.lsp.answers import show_text
from streetrace_lsp.lsp.commands import wanted_by
from streetrace_lsp.lsp.editor_keys import have_keys
from streetrace_lsp.lsp.jobs import Ending, Job
from streetrace_lsp.lsp.run_action import ask_for, choose_route, reporter
from streetrace_lsp.requests.compare import compare as compare_models

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.run_action import Wanted
    from streetrace_lsp.lsp.server import StreetraceServer

FEWEST, MOST = 2, 6


def compare(server: StreetraceServer, given: Any = None) -> dict[str, Any]:
    """``streetrace.compare {uri, range, action, models, instruction?}``: starts a job.

    The job shows a page with a table and what each model said. Nothing is applied.
    """
    given = given if isinstance(given, dict) else {}
    models = given.get("models")
    if (
        not isinstance(models, list)
        or not all(isinstance(model, str) for model in models)
        or not FEWEST <= len(set(models)) <= MOST
    ):
        return server.say(f"Pass “models”, {FEWEST} to {MOST} targets to compare.")
    found = wanted_by(server, given)
    if isinstance(found, dict):
        return found
    document, wanted = found
    title = f"Compare {wanted.action.title}"
    work = partial(_perform, server, document, wanted, models)
    return {"job": server.jobs.start("compare", title, document.uri, work).id}


async def _perform(
    server: StreetraceServer, document: Document, wanted: Wanted, models: list[str], job: Job
) -> Ending:
    from streetrace_lsp.review.side_by_side import side_by_side

    # One of them, for the question of trust; each is resolved on its own afterwards.
    chosen = await choose_route(server, document.uri, wanted.action.name, models[0], rules=True)
    await have_keys(server, chosen.configuration, ((model, wanted.action.name) for model in models))
    ask = ask_for(server, document, wanted)
    found = await compare_models(
        ask, models, server.session, chosen.configuration, on_progress=reporter(job)
    )
    shown = await show_text(server, f"{job.title}: {ask.snapshot.path}", side_by_side(found))
    answered = sum(one.error is None for one in found)
    where = "The comparison is open" if shown else "Compared"
    return Ending("answered", f"{job.title}: {where}, {answered} of {len(found)} answered.")
