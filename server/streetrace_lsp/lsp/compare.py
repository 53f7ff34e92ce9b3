"""``streetrace.compare``: the same instruction to several models, side by side."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from streetrace_lsp.lsp.answers import show_text
from streetrace_lsp.lsp.chat_models import targets
from streetrace_lsp.lsp.choosing import choose_action
from streetrace_lsp.lsp.commands import wanted_by
from streetrace_lsp.lsp.editor_keys import have_keys
from streetrace_lsp.lsp.jobs import Ending, Job
from streetrace_lsp.lsp.meant import with_place
from streetrace_lsp.lsp.run_action import ask_for, choose_route, reporter
from streetrace_lsp.requests.compare import compare as compare_models
from streetrace_lsp.requests.display import escape_controls

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.run_action import Wanted
    from streetrace_lsp.lsp.server import StreetraceServer

FEWEST, MOST = 2, 6


def compare(server: StreetraceServer, given: Any = None) -> dict[str, Any]:
    """``streetrace.compare {uri?, range?, action?, models?, instruction?}``: starts a job.

    Without ``models`` those that are configured are asked, and without ``action`` the person
    chooses one.

    The job shows a page with a table and what each model said. Nothing is applied.
    """
    given = with_place(server, given)
    models = given.get("models")
    if models is None:
        known = targets(server.settings.of(str(given.get("uri"))).settings)
        if len(known) < FEWEST:
            return server.say(f"There is nothing to compare: {_only(known)}.")
        models = known[:MOST]
        given = {**given, "models": models}
    if (
        not isinstance(models, list)
        or not all(isinstance(model, str) for model in models)
        or not FEWEST <= len(set(models)) <= MOST
    ):
        return server.say(f"Pass “models”, {FEWEST} to {MOST} targets to compare.")
    if "action" not in given:
        said = f"Each is asked: {', '.join(map(escape_controls, models))}."
        return choose_action(server, "streetrace.compare", given, title="Compare ", about=said)
    found = wanted_by(server, given)
    if isinstance(found, dict):
        return found
    document, wanted = found
    title = f"Compare {wanted.action.title}"
    work = partial(_perform, server, document, wanted, models)
    return {"job": server.jobs.start("compare", title, document.uri, work).id}


def _only(known: list[str]) -> str:
    return (
        f"{escape_controls(known[0])} is the only model configured"
        if known
        else "no model is configured"
    )


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
    shown = await show_text(server, job.title, side_by_side(found), about=ask.snapshot.path)
    answered = sum(one.error is None for one in found)
    where = "The comparison is open" if shown else "Compared"
    return Ending("answered", f"{job.title}: {where}, {answered} of {len(found)} answered.")
