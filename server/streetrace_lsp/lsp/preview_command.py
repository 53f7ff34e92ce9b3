"""``streetrace.prompt.preview``: exactly what an action would send, to look at and to send."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp.answers import show_text
from streetrace_lsp.lsp.choosing import choose_action
from streetrace_lsp.lsp.commands import NO_PREVIEW, wanted_by
from streetrace_lsp.lsp.editor_keys import with_keys
from streetrace_lsp.lsp.meant import last_used, with_place
from streetrace_lsp.lsp.run_action import ask_for, named_model
from streetrace_lsp.lsp.trust import refusal
from streetrace_lsp.requests.preview import Page, Preview, as_markdown, facts
from streetrace_lsp.requests.preview import preview as make_preview
from streetrace_lsp.routing.route import Route, route

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.run_action import Wanted
    from streetrace_lsp.lsp.server import StreetraceServer
    from streetrace_lsp.routing.route import Route

__all__ = ["NO_PREVIEW", "new_name", "open_page", "preview", "route_unasked"]

_NUMBERS = count(1)


async def preview(server: StreetraceServer, given: Any = None) -> dict[str, Any]:
    """``streetrace.prompt.preview {uri?, range?, action?, instruction?, diagnostics?, model?}``; of
    a chat ``{uri?}``; of what a program asks, the parameters of ``streetrace/model/complete``.

    Opens what would be sent as a page, and answers with it and an id for `streetrace.action`.
    Nobody is asked and nothing is contacted: what is not trusted is not used, and said.
    """
    if isinstance(given, dict) and "messages" in given:
        from streetrace_lsp.lsp import model_requests

        return await model_requests.preview(server, given)
    given = given if isinstance(given, dict) else {}
    used = last_used(server) if "uri" not in given and "action" not in given else None
    if used is not None and server.chats.holds(used.uri):
        given = {**given, "uri": used.uri}
    uri = given.get("uri")
    if isinstance(uri, str) and server.chats.holds(uri):
        from streetrace_lsp.lsp import chat_preview

        return await chat_preview.preview(server, given)
    given = with_place(server, given)
    if "action" not in given:
        return choose_action(server, "streetrace.prompt.preview", given, title="Preview ")
    found = wanted_by(server, given)
    if isinstance(found, dict):
        return found
    document, wanted = found
    wanted, said = named_model(server, document.uri, wanted)
    try:
        made = await _made(server, document, wanted, said)
    except StreetraceError as error:
        return server.say(error.sentence)
    name = new_name()
    server.previews[name] = (document.uri, replace(wanted, preview=made))
    await open_page(server, wanted.action.title, made.page)
    return {"preview": name, **facts(made.page)}


def new_name() -> str:
    """The id of another preview."""
    return f"preview-{next(_NUMBERS)}"


async def open_page(server: StreetraceServer, what: str, page: Page) -> None:
    """Show a person what would be sent."""
    await show_text(server, f"{what}: what would be sent", as_markdown(page), literal=True)


async def _made(server: StreetraceServer, document: Document, wanted: Wanted, said: str) -> Preview:
    way, configuration, notes = await route_unasked(
        server, document.uri, wanted.action.name, wanted.model
    )
    ask = ask_for(server, document, wanted)
    said_too = [said] if said else []
    return await make_preview(ask, way, server.session, configuration, notes=[*said_too, *notes])


async def route_unasked(
    server: StreetraceServer, uri: str, task: str, model: str | None
) -> tuple[Route, Configuration, list[str]]:
    """Whom a request would go to, under which configuration, and what to say of it. Nobody is
    asked about trust: what is not trusted is not used. Raises `StreetraceError`."""
    configuration = server.settings.of(uri)
    if configuration.fault is not None:
        raise configuration.fault
    project = configuration.project
    untrusted = project is not None and project.status in {"restricted", "denied"}
    notes = []
    if project is not None and untrusted:
        notes.append(
            f"{refusal(server, project).sentence} This is what your own configuration would send."
        )

    async def look() -> Route:
        return route(configuration, task, model)

    try:
        return await with_keys(server, look), configuration, notes
    except StreetraceError:
        if project is not None and untrusted:
            raise refusal(server, project) from None
        raise
