"""``streetrace.prompt.preview``: exactly what an action would send, to look at and to send."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp.answers import show_text
from streetrace_lsp.lsp.commands import wanted_by
from streetrace_lsp.lsp.editor_keys import with_keys
from streetrace_lsp.lsp.run_action import ask_for, named_model
from streetrace_lsp.lsp.trust import refusal
from streetrace_lsp.requests.preview import Preview, as_markdown, files
from streetrace_lsp.requests.preview import preview as make_preview
from streetrace_lsp.routing.route import Route, route

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.run_action import Wanted
    from streetrace_lsp.lsp.server import StreetraceServer

_NUMBERS = count(1)


async def preview(server: StreetraceServer, given: Any = None) -> dict[str, Any]:
    """``streetrace.prompt.preview {uri, range, action, instruction?, diagnostics?, model?}``.

    Opens what would be sent as a page, and answers with it and an id for `streetrace.action`.
    Nobody is asked and nothing is contacted: what is not trusted is not used, and said.
    """
    found = wanted_by(server, given)
    if isinstance(found, dict):
        return found
    document, wanted = found
    wanted, said = named_model(server, document.uri, wanted)
    try:
        made = await _made(server, document, wanted, said)
    except StreetraceError as error:
        return server.say(error.sentence)
    name = f"preview-{next(_NUMBERS)}"
    server.previews[name] = (document.uri, replace(wanted, preview=made))
    title = f"{wanted.action.title}: what would be sent"
    await show_text(server, title, as_markdown(made), literal=True)
    return {"preview": name, **_facts(made)}


async def _made(server: StreetraceServer, document: Document, wanted: Wanted, said: str) -> Preview:
    configuration = server.settings.of(document.uri)
    if configuration.fault is not None:
        raise configuration.fault
    ask = ask_for(server, document, wanted)
    notes = [said] if said else []
    project = configuration.project
    untrusted = project is not None and project.status in {"restricted", "denied"}
    if project is not None and untrusted:
        notes.append(
            f"{refusal(server, project).sentence} This is what your own configuration would send."
        )

    async def look() -> Route:
        return route(configuration, wanted.action.name, wanted.model)

    try:
        way = await with_keys(server, look)
    except StreetraceError:
        if project is not None and untrusted:
            raise refusal(server, project) from None
        raise
    return await make_preview(ask, way, server.session, configuration, notes=notes)


def _facts(made: Preview) -> dict[str, Any]:
    return {
        "backend": made.target.backend,
        "model": made.target.model,
        "messages": made.prompt.messages,
        "tokens": made.prompt.tokens,
        "cost": [cost / 1e9 for cost in made.costs] if made.costs is not None else None,
        "files": files(made),
        "leftOut": list(made.prompt.left_out),
        "withheld": list(made.sent.withheld),
        "notes": list(made.notes),
    }
