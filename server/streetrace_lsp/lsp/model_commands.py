"""Which model answers, from the editor: switch to another one, or ask which suits best."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp.answers import show_text
from streetrace_lsp.lsp.choosing import AS_CONFIGURED, choose_target, needs_page
from streetrace_lsp.lsp.editor_keys import have_all_keys, with_keys
from streetrace_lsp.lsp.meant import named_or_used
from streetrace_lsp.lsp.settings import local_path
from streetrace_lsp.lsp.trust import pick
from streetrace_lsp.requests.display import escape_controls

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.lsp.server import StreetraceServer

Answer = dict[str, Any]


async def switch(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.model {uri?, target?}``: use another target here, until it is switched back.

    ``target`` null or empty goes back to the configuration. Without ``target`` the person is
    asked, and the answer lists what there is.
    """
    given = given if isinstance(given, dict) else {}
    uri = named_or_used(server, given)
    configuration = server.settings.of(uri)
    known = _targets(configuration)
    if "target" not in given:
        if known and needs_page(server, known):
            now = configuration.settings.model
            said = f"The model here is {now or 'not set'}."
            answer = choose_target(server, "streetrace.model", uri, known, said)
            return {**answer, "targets": known, "current": now}
        chosen = await _picked(server, configuration, known)
        if chosen is None:
            now = configuration.settings.model
            said = f"Nothing was switched. The model here is {now or 'not set'}."
            return {**_say(server, said, known, types.MessageType.Info), "current": now}
        given = {**given, "target": "" if chosen == AS_CONFIGURED else chosen}
    wanted = given["target"] or None
    if wanted is not None and not isinstance(wanted, str):
        return _say(server, "“target” is no text. Nothing was switched.", known)
    try:
        if wanted is not None:
            await with_keys(server, partial(asyncio.to_thread, _check, configuration, wanted))
        root = server.settings.root_of(local_path(uri))
        server.settings.switches.remember(root, wanted)
    except StreetraceError as error:
        return _say(server, error.sentence, known)
    now = server.settings.of(uri).settings.model
    if wanted is None:
        said = f"Back to the configured model: {now or 'none is configured'}."
    else:
        said = f"{wanted} answers in this project from now on."
    return {**_say(server, said, known, types.MessageType.Info), "current": now}


async def recommend(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.model.recommend {uri?, task?, maxCost?, topK?}``: which model suits a task."""
    from streetrace_lsp.requests.advice import advise, as_markdown

    given = given if isinstance(given, dict) else {}
    configuration = server.settings.of(named_or_used(server, given))
    task = given.get("task") if isinstance(given.get("task"), str) else "edit"
    count = given.get("topK")
    await have_all_keys(server, configuration)
    try:
        found = await advise(
            server.session,
            configuration,
            str(task),
            max_cost=given.get("maxCost"),
            top_k=count if isinstance(count, int) else 3,
        )
    except StreetraceError as error:
        return _say(server, error.sentence, _targets(configuration))
    await show_text(server, f"Models for {task}", as_markdown(found, str(task)))
    best = f"{found[0].target} suits {task} best." if found else "None is within that limit."
    return {
        **server.say(best),
        "recommendations": [
            {"target": one.target, "score": one.score, "why": list(one.why)} for one in found
        ],
    }


def _check(configuration: Configuration, target: str) -> None:
    from streetrace_lsp.routing.route import route

    route(configuration, "edit", target)


async def _picked(
    server: StreetraceServer, configuration: Configuration, known: list[str]
) -> str | None:
    current = configuration.settings.model
    if not known:
        fault = configuration.fault
        words = "No model is configured. Write model = … in .streetrace.toml, or run: "
        _say(server, fault.sentence if fault else f"{words}streetrace-lsp init", known)
        return None
    said = f"The model here is {current or 'not set'}. Which one from now on?"
    choices = (*known, AS_CONFIGURED)
    chosen = await pick(server, escape_controls(said), choices)
    return chosen if chosen in choices else None


def _targets(configuration: Configuration) -> list[str]:
    from streetrace_lsp.routing.configured import configured_models

    settings = configuration.settings
    return [*settings.pools, *(model.target for model in configured_models(settings))]


def _say(
    server: StreetraceServer,
    message: str,
    known: list[str],
    kind: types.MessageType = types.MessageType.Warning,
) -> Answer:
    message = server.worded(message)
    server.show(message, kind)
    return {"message": message, "targets": known}
