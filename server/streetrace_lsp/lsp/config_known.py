"""What completion in a configuration file knows: variables by name, models that servers list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from streetrace_lsp.authoring.known import Known
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer

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
        await server.model_lists.look(saved, name)
    return Known(
        draft.written or draft.settings,
        _variables(saved) if own or _is_trusted(saved) else (),
        server.model_lists.of,
        from_project=not own,
    )


def _is_trusted(saved: Configuration) -> bool:
    return saved.project is not None and saved.project.status == "trusted"


def _variables(saved: Configuration) -> tuple[str, ...]:
    variables = saved.variables
    names = (*variables.dotenv, *variables.stored, *variables.shell)
    return tuple(sorted({name for name in names if _LIKELY.fullmatch(name)}))
