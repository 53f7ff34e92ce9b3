"""What of a document's project may go into a prompt, and what joins it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from streetrace_lsp.lsp.settings import local_path
from streetrace_lsp.prompts.withheld import may_send, refuse_name
from streetrace_lsp.requests.guidance import Joining, joining, rules_of
from streetrace_lsp.requests.outcome import RefusedError

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer


def refuse_to_send(server: StreetraceServer, uri: str) -> None:
    """Raise `RefusedError` where nothing of the document may go into a prompt."""
    path = local_path(uri)
    if path is None:
        return
    root = server.settings.folder_of(path)
    if root is None:
        reason = refuse_name(Path(*path.parts[1:]))
    else:
        reason = may_send(root, path, rules_of(server.settings.of(uri), server.ignore_files))
    if reason is not None:
        name = path.relative_to(root).as_posix() if root is not None else path.name
        raise RefusedError(f"{name} is not sent: {reason}.", "Nothing was asked.")


def joining_for(server: StreetraceServer, uri: str) -> Joining:
    """The rules files that hold for a document, as they are now."""
    path = local_path(uri)
    configuration = server.settings.of(uri)
    rules = rules_of(configuration, server.ignore_files)
    state = server.settings.store.read()
    return joining(configuration, state, rules, path, server.settings.root_of(path))
