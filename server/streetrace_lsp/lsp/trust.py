"""Ask the person whether a project may use what its configuration names."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types

from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp.editor_keys import have_keys
from streetrace_lsp.lsp.held_command import before_question
from streetrace_lsp.requests.display import escape_controls

if TYPE_CHECKING:
    from streetrace_lsp.config.load import Configuration, Project
    from streetrace_lsp.config.question import Question
    from streetrace_lsp.config.rules_files import RulesFile
    from streetrace_lsp.lsp.server import StreetraceServer
    from streetrace_lsp.routing.unconfigured import Offer

log = logging.getLogger("streetrace_lsp.trust")

TRUST, NOT_NOW, NEVER = "Trust", "Not now", "Never"
SEND = "Send it along"
USE, DO_NOT_USE = "Use it", "Don't use it"
_DISMISSED = ""
# A client that does not say that it can ask gets this long to answer, in seconds.
_UNDECLARED = 60.0


class NotTrustedError(StreetraceError):
    """The project names the backend, and the person has not trusted it."""

    is_failure = False


async def ask_once(server: StreetraceServer, uri: str) -> bool:
    """Ask what there is to ask about the document's project; True when all is agreed to.

    "Not now" holds until the configuration changes or the session ends. A client that
    cannot ask means no. Requests of the same moment wait for one answer.
    """
    project = server.settings.of(uri).project
    if project is None:
        return True
    question = project.question
    if question is None:
        return project.status in {"trusted", "none_needed"}
    asked = (question.path, question.sha256, question.grants)
    if asked in server.declined:
        return False
    return await server.questions.once(asked, partial(_ask_trust, server, question))


async def _ask_trust(server: StreetraceServer, question: Question) -> bool:
    chosen = await pick(server, escape_controls(question.message), (TRUST, NOT_NOW, NEVER))
    store = server.settings.store
    if chosen == TRUST:
        if question.trusts:
            store.trust(
                question.path,
                question.sha256,
                summary=question.summary,
                owner=question.owner,
                grants=question.grants,
            )
        else:
            store.grant(question.grants)
        log.info("a project was trusted")
        return True
    if chosen == NEVER:
        store.deny(question.path)
    if chosen is not None:
        server.declined.add((question.path, question.sha256, question.grants))
    return False


async def ask_rules(server: StreetraceServer, pending: Sequence[RulesFile]) -> None:
    """Ask about rules files that nobody agreed to as they are now, each once in a session."""
    from streetrace_lsp.config.rules_files import rules_question

    if server.settings.restricted:
        return
    for rules in pending:
        question = rules_question(rules, server.settings.store.read())
        asked = (question.path, question.sha256)
        if asked not in server.declined:
            await server.questions.once(asked, partial(_ask_rules, server, question))


async def _ask_rules(server: StreetraceServer, question: Question) -> None:
    store = server.settings.store
    chosen = await pick(server, escape_controls(question.message), (SEND, NOT_NOW, NEVER))
    if chosen == SEND:
        store.answer(question)
    elif chosen == NEVER:
        store.deny(question.path)
    # Also where nobody could be asked: the file is left out, and nobody waits for it again.
    server.declined.add((question.path, question.sha256))


async def ask_offer(server: StreetraceServer, offer: Offer) -> bool | None:
    """Offer a provider whose key is set, once: the answer is recorded."""
    return await server.questions.once(offer, partial(_ask_offer, server, offer))


async def _ask_offer(server: StreetraceServer, offer: Offer) -> bool | None:
    chosen = await pick(server, escape_controls(offer.message), (USE, DO_NOT_USE))
    if chosen not in {USE, DO_NOT_USE}:
        return None
    used = chosen == USE
    server.settings.store.answer_offer(offer.provider, offer.target if used else None)
    return used


async def ask_again(server: StreetraceServer, uri: str) -> bool:
    """Ask although the person said no before."""
    project = server.settings.of(uri).project
    if project is not None and project.status == "denied":
        server.settings.store.revoke(project.path)
    server.declined.clear()
    return await ask_once(server, uri)


async def agreed(server: StreetraceServer, uri: str) -> Configuration:
    """The configuration, once the person agreed to what it uses. Raises `NotTrustedError`."""
    project = server.settings.of(uri).project
    if project is not None and not await ask_once(server, uri):
        raise refusal(server, project)
    found = server.settings.of(uri)
    await have_keys(server, found)
    return found


def refusal(server: StreetraceServer, project: Project) -> NotTrustedError:
    """Say that the project is not trusted, and how to trust it.

    Who was asked knows what it was about; who can't be asked gets the command line.
    """
    # Short, since many editors have one line for it: the next step has to fit in.
    shown = escape_controls(server.settings.relative(project.path.as_uri()))
    question = project.question
    what = f"{shown} is not trusted, so nothing in it is used."
    if question is not None and not question.trusts:
        what = f"{shown} uses addresses that you have not allowed."
    if server.settings.restricted and project.status != "denied":
        return NotTrustedError(what, "Your editor restricts this folder: trust it there first.")
    if question is None or (question.path, question.sha256, question.grants) in server.declined:
        return NotTrustedError(what, "The command streetrace.trust asks again.")
    return NotTrustedError(what, f"Trust it in a shell: {question.command}")


async def pick(server: StreetraceServer, text: str, choices: tuple[str, ...]) -> str | None:
    """Which of the choices the person picked; None when nobody could be asked."""
    await before_question(server)
    request = server.protocol.send_request_async(
        types.WINDOW_SHOW_MESSAGE_REQUEST,
        types.ShowMessageRequestParams(
            type=types.MessageType.Warning,
            message=text,
            actions=[types.MessageActionItem(title=t) for t in choices],
        ),
    )
    try:
        async with asyncio.timeout(None if server.profile.show_message_request else _UNDECLARED):
            chosen = await request
    except TimeoutError:
        return None
    except asyncio.CancelledError:
        raise
    except Exception:
        return None
    return chosen.title if chosen is not None else _DISMISSED
