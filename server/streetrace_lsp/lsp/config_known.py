"""What completion in a configuration file knows: variables by name, models that servers list."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Final

from streetrace_lsp.errors import StreetraceError

if TYPE_CHECKING:
    from streetrace_lsp.authoring.known import Known
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer

# Seconds that a server's list is good for, and that a completion waits for it.
_FRESH: Final = 30.0
_WAIT: Final = 0.5
_OF_MODELS: Final = frozenset({"model", "models", "embedding_model", "context_windows"})
# Variables that may hold a key or an address.
_LIKELY: Final = re.compile(r"[A-Z][A-Z0-9_]*_(?:KEY|TOKEN|SECRET|BASE|BASE_URL|ENDPOINT|HOST|URL)")


async def known(server: StreetraceServer, document: Document, offset: int) -> Known:
    """What is known around a configuration document, for a completion at ``offset``.

    Only servers of saved configuration that is the user's or trusted are asked for their models,
    and variables are named only in such a file.
    """
    from streetrace_lsp.authoring.cursor import cursor_at
    from streetrace_lsp.authoring.known import Known

    draft = server.config_documents.latest(document)
    own = server.config_documents.is_own(document.uri)
    saved = server.settings.known(document.uri)
    path = cursor_at(document.text, offset).path
    name = str(path[1]) if len(path) > 2 and path[0] == "backends" else None
    if name is not None and path[2] in _OF_MODELS and name in saved.settings.backends:
        await _listed(server, saved, name)
    lists = server.model_lists
    return Known(
        draft.written or draft.settings,
        _variables(saved) if own or _is_trusted(saved) else (),
        lambda backend: lists.get(backend, (0.0, ()))[1],
        from_project=not own,
    )


def _is_trusted(saved: Configuration) -> bool:
    return saved.project is not None and saved.project.status == "trusted"


def _variables(saved: Configuration) -> tuple[str, ...]:
    variables = saved.variables
    names = (*variables.dotenv, *variables.stored, *variables.shell)
    return tuple(sorted({name for name in names if _LIKELY.fullmatch(name)}))


async def _listed(server: StreetraceServer, saved: Configuration, name: str) -> None:
    """Ask the server of a backend for its models, unless it was asked a moment ago."""
    lists = server.model_lists
    now = asyncio.get_running_loop().time()
    if name in lists and now - lists[name][0] < _FRESH:
        return
    lists[name] = (now, lists.get(name, (0.0, ()))[1])
    asked = asyncio.ensure_future(_ask(server, saved, name))
    done, _ = await asyncio.wait({asked}, timeout=_WAIT)
    if not done:
        # It is there for the next completion.
        server.spawn(asked)


async def _ask(server: StreetraceServer, saved: Configuration, name: str) -> None:
    from streetrace_lsp.routing.inventory import inventory

    try:
        async for found in inventory(saved, server.session.host, name):
            models = tuple(row.model.name for row in found.rows if row.listed)
            server.model_lists[name] = (server.model_lists[name][0], models)
    except StreetraceError:
        return
