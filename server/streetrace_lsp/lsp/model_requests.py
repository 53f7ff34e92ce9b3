"""``streetrace/model/*``: a program uses a configured target as a model of its own."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pygls.uris import from_fs_path

from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp.editor_keys import have_all_keys
from streetrace_lsp.lsp.meant import is_page, last_used
from streetrace_lsp.lsp.model_params import (
    CompleteParams,
    read_complete,
    read_list,
)
from streetrace_lsp.lsp.params import VERSION, ParamsError
from streetrace_lsp.lsp.preview_command import NO_PREVIEW, new_name, open_page, route_unasked
from streetrace_lsp.lsp.register_model import PART
from streetrace_lsp.lsp.request_errors import read, refused
from streetrace_lsp.lsp.run_action import Chosen, choose_route
from streetrace_lsp.requests.catalog import Entry, catalog
from streetrace_lsp.requests.complete import Clean, Completion, Conversation, without_secrets
from streetrace_lsp.requests.complete import complete as complete_route
from streetrace_lsp.requests.complete import preview as make_preview
from streetrace_lsp.requests.outcome import RefusedError
from streetrace_lsp.requests.preview import facts, same_way
from streetrace_lsp.routing.ask import Asking, Told
from streetrace_lsp.routing.chat_call import Tools
from streetrace_lsp.routing.events import Reasoning, Text, ToolCallPiece

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer
    from streetrace_lsp.routing.targets import Target


async def complete(server: StreetraceServer, params: Any) -> dict[str, Any]:
    """``streetrace/model/complete``: the whole reply; its pieces go before it as notifications.

    Raises `RefusedError`, which is the error of the response. Cancelling the task closes the
    connection.
    """
    given = read(read_complete, params)
    backend: str | None = None

    def on_event(event: Told) -> None:
        nonlocal backend
        if isinstance(event, Asking):
            backend = event.target.backend
        elif given.id is not None and (part := _part(event)) is not None:
            server.protocol.notify(PART, {"id": given.id, **part})

    with server.asking():
        try:
            asked, chosen = await _asked(server, given)
            backend = chosen.route.first.backend
            found = await complete_route(
                asked,
                chosen.route,
                server.session,
                chosen.configuration,
                on_event=on_event,
                fresh=given.fresh,
            )
        except StreetraceError as error:
            raise refused(error, backend, "complete", server.worded) from error
    return _told(found)


async def _asked(
    server: StreetraceServer, given: CompleteParams
) -> tuple[Conversation | Clean, Chosen]:
    """What is asked of whom, after the question of trust. Raises `StreetraceError`."""
    if given.preview is None:
        uri = _uri(server, given.uri)
        chosen = await choose_route(server, uri, given.task, given.target)
        return _conversation(given), chosen
    seen = server.program_previews.get(given.preview)
    if seen is None:
        raise RefusedError(NO_PREVIEW)
    chosen = await choose_route(server, seen.uri, seen.task, seen.wanted)
    way = same_way(seen.target, chosen.route)
    if way is None:
        raise RefusedError(
            "The configuration has changed since the preview, so nothing was sent.",
            "Preview it again.",
        )
    return seen.clean, replace(chosen, route=way)


@dataclass(frozen=True)
class Previewed:
    """What a program has previewed, and whom it would go to."""

    uri: str
    task: str
    wanted: str | None
    target: Target
    clean: Clean


async def preview(server: StreetraceServer, params: dict[str, Any]) -> dict[str, Any]:
    """``streetrace.prompt.preview`` of what would be given to ``streetrace/model/complete``.

    Opens what would be sent as a page, and answers with it and an id for that request. Nobody is
    asked and nothing is contacted.
    """
    try:
        given = read_complete({"version": VERSION, **params})
    except ParamsError as error:
        return server.say(str(error))
    uri = _uri(server, given.uri)
    try:
        way, configuration, notes = await route_unasked(server, uri, given.task, given.target)
        clean = await without_secrets(_conversation(given))
        page = await make_preview(clean, way, server.session, configuration, notes)
    except StreetraceError as error:
        return server.say(error.sentence)
    name = new_name()
    server.program_previews[name] = Previewed(uri, given.task, given.target, way.first, clean)
    await open_page(server, "Request of a program", page)
    return {"preview": name, **facts(page)}


async def list_models(server: StreetraceServer, params: Any) -> dict[str, Any]:
    """``streetrace/model/list``: the configured targets. Nobody is asked anything."""
    given = read(read_list, params)
    configuration = server.settings.of(_uri(server, given.uri))
    await have_all_keys(server, configuration)
    # Prices and windows come out of a table of a megabyte.
    found = await asyncio.to_thread(catalog, configuration, given.task, dict(server.session.facts))
    return {"version": VERSION, "targets": [_listed(entry) for entry in found]}


def _conversation(given: CompleteParams) -> Conversation:
    tools = Tools(given.tools, given.toolChoice) if given.tools else None
    return Conversation(given.messages, tools, given.maxTokens, given.temperature)


def _part(event: Told) -> dict[str, Any] | None:
    match event:
        case Text(text):
            return {"text": text}
        case Reasoning(text):
            return {"reasoning": text}
        case ToolCallPiece(index, call, name, arguments):
            piece = {"index": index, "id": call, "name": name, "arguments": arguments}
            return {"toolCall": piece}
        case _:
            return None


def _told(found: Completion) -> dict[str, Any]:
    usage = found.usage
    return {
        "version": VERSION,
        "text": found.text,
        "reasoning": found.reasoning,
        "toolCalls": [
            {"id": call.id, "name": call.name, "arguments": call.arguments}
            for call in found.tool_calls
        ],
        "finishReason": found.reason,
        "usage": {
            "promptTokens": usage.prompt_tokens,
            "completionTokens": usage.completion_tokens,
        }
        if usage is not None
        else None,
        "cost": found.cost / 1e9 if found.cost is not None else None,
        "model": found.target.model,
        "backend": found.target.backend,
        "cached": found.cached,
        "withheld": list(found.withheld),
        "placeholders": dict(found.placeholders),
        "fallback": found.why,
    }


def _listed(entry: Entry) -> dict[str, Any]:
    found, price = entry.found, entry.price
    return {
        "target": entry.target,
        "default": entry.default,
        "backend": found.backend if found else None,
        "provider": found.provider if found else None,
        "model": found.model if found else None,
        "local": found.local if found else None,
        "window": entry.window,
        "maxOutput": entry.max_output,
        "inputPrice": price.input if price else None,
        "outputPrice": price.output if price else None,
        "tools": entry.tools,
        "problem": entry.problem,
    }


def _uri(server: StreetraceServer, given: str | None) -> str:
    """A document of the project that is meant: the one named, an open one, or any in a folder."""
    if given is not None and not is_page(server, given):
        return given
    document = last_used(server)
    if document is not None:
        return document.uri
    folder = server.settings.first_folder()
    return (from_fs_path(str(folder / "untitled")) or "") if folder is not None else ""
