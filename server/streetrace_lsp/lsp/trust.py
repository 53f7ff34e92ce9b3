"""Ask the person whether a project may use what its configuration names."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from lsprotocol import types

from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.requests.display import escape_controls

if TYPE_CHECKING:
    from streetrace_lsp.config.load import Project
    from streetrace_lsp.lsp.server import StreetraceServer

log = logging.getLogger("streetrace_lsp.trust")

TRUST, NOT_NOW, NEVER = "Trust", "Not now", "Never"
# A client that does not say that it can ask gets this long to answer, in seconds.
_UNDECLARED = 60.0


class NotTrustedError(StreetraceError):
    """The project names the backend, and the person has not trusted it."""

    is_failure = False


async def ask_once(server: StreetraceServer, uri: str, *, again: bool = False) -> bool:
    """Ask about the document's project unless it is settled; True when it is trusted.

    "Not now" holds until the configuration changes or the session ends. A client that
    cannot ask means no.
    """
    project = server.settings.of(uri).project
    if project is None or project.status in {"trusted", "none_needed"}:
        return True
    question = project.question
    if question is None or (project.status == "denied" and not again):
        return False
    if question.fingerprint in server.declined and not again:
        return False
    choice = await _choice(server, escape_controls(question.text))
    if choice == TRUST:
        server.trust_store.trust(project)
        server.settings.forget()
        log.info("project trusted")
        return True
    if choice == NEVER:
        server.trust_store.deny(project)
        server.settings.forget()
    if choice is not None:
        server.declined.add(question.fingerprint)
    return False


def refusal(project: Project) -> NotTrustedError:
    """Say that the project is not trusted, and how to trust it without a question."""
    return NotTrustedError(
        f"{project.path.name} in {project.path.parent} is not trusted, so nothing in it is used.",
        f"Trust it with the command streetrace.trust, or in a shell: {project.command_line}",
    )


async def _choice(server: StreetraceServer, text: str) -> str | None:
    request = server.protocol.send_request_async(
        types.WINDOW_SHOW_MESSAGE_REQUEST,
        types.ShowMessageRequestParams(
            type=types.MessageType.Warning,
            message=text,
            actions=[types.MessageActionItem(title=t) for t in (TRUST, NOT_NOW, NEVER)],
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
    return chosen.title if chosen is not None else NOT_NOW
