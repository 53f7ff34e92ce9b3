"""A first configuration, from the editor: for what is on this machine, into the open document.

The text is our own and a person asked for it, so it goes where no model's edit may go.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path

from streetrace_lsp.edits.changes import Change
from streetrace_lsp.lsp.front import bring_to_front
from streetrace_lsp.lsp.meant import last_used
from streetrace_lsp.lsp.settings import PROJECT_FILE, local_path

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer
    from streetrace_lsp.routing.starting_draft import Start

Answer = dict[str, Any]

TITLE = "Streetrace: Write a configuration for what is on this machine"
_LABEL = "Streetrace: first configuration"
_SHELL = "In a shell, `streetrace-lsp init` does the same."


def init_actions(
    server: StreetraceServer, document: Document, params: types.CodeActionParams
) -> Iterable[types.CodeAction]:
    """What is offered in an empty configuration file; nothing in any other document."""
    del server, params
    if document.text.strip() or not _is_project_file(document.uri):
        return
    yield types.CodeAction(
        title=TITLE,
        kind=types.CodeActionKind.RefactorRewrite,
        command=types.Command(
            title=TITLE, command="streetrace.init", arguments=[{"uri": document.uri}]
        ),
    )


async def init(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.init {uri?, folder?}``: write a `.streetrace.toml` through the editor.

    Into the empty document ``uri`` where that is one; else in ``folder``, in the workspace folder
    of ``uri``, which without both is the document used last, or in the first one. A file that
    holds anything stays as it is.
    """
    given = given if isinstance(given, dict) else {}
    used = last_used(server) if not {"uri", "folder"} & set(given) else None
    uri = _place(server, {**given, "uri": used.uri} if used is not None else given)
    if uri is None:
        return server.say(f"No folder is open, so there is no place for a file. {_SHELL}")
    path = local_path(uri)
    shown = server.settings.relative(uri)
    document = server.mirror.get_document(uri)
    held = document.text if document is not None else _on_disk(path)
    if held.strip():
        return server.say(f"{shown} holds a configuration already; it stays as it is.")
    if path is not None and path.is_symlink():
        return server.say(f"{shown} is a link. Put a file of its own there, then run this again.")
    if document is None and path is not None and path.exists():
        return server.say(f"{shown} is there already. If it is empty, open it and run this again.")
    start, text = await _text(server)
    reason = await _deliver(server, uri, text)
    if reason:
        return server.say(f"{shown} was not written: {reason}. {_SHELL}")
    # What is written is to be read before it is saved and trusted.
    await bring_to_front(server, uri, text)
    found = "; ".join(start.found) or "no model server on this machine, and no key variable"
    step = f" Run: {start.pull}." if start.pull else ""
    said = (
        f"{shown} is filled in: save it. The next action asks once whether you trust it.{step} "
        f"Found: {found}."
    )
    return {**server.say(said), "uri": uri}


def _place(server: StreetraceServer, given: dict[str, Any]) -> str | None:
    """The URI of the file to write."""
    uri, folder = given.get("uri"), given.get("folder")
    if isinstance(uri, str) and _is_project_file(uri):
        return uri
    root = _folder(folder) if isinstance(folder, str) else None
    if root is None and isinstance(uri, str):
        root = server.settings.folder_of(local_path(uri))
    if root is None:
        entries = server.mirror.folders.values()
        roots = [_folder(entry.uri) for entry in entries] or [_folder(server.mirror.root_path)]
        root = next(filter(None, roots), None)
    return from_fs_path(str(root / PROJECT_FILE)) if root is not None else None


def _folder(text: str | None) -> Path | None:
    """A folder that is named as a URI or as an absolute path."""
    if not text:
        return None
    path = Path((to_fs_path(text) or "") if text.startswith("file:") else text)
    return path if path.is_absolute() else None


def _is_project_file(uri: str) -> bool:
    path = local_path(uri)
    return path is not None and path.name == PROJECT_FILE


async def _text(server: StreetraceServer) -> tuple[Start, str]:
    from streetrace_lsp.config.draft_text import draft_text
    from streetrace_lsp.routing.starting_draft import start

    found = await start(server.settings.variables, server.host, from_project=True)
    return found, draft_text(found.draft, worded=server.worded)


async def _deliver(server: StreetraceServer, uri: str, text: str) -> str | None:
    """Bring the text in through the editor. Why it is not there, as a clause, or None."""
    from streetrace_lsp.lsp.apply import NotApplied, put
    from streetrace_lsp.lsp.file_operations import make

    document = server.mirror.get_document(uri)
    if document is None:
        return await make(server, uri, text, _LABEL)
    async with document.writer:
        # While the servers were asked, a person may have begun to write.
        if document.text.strip():
            return "you wrote something there meanwhile"
        change = Change(0, len(document.text), text)
        result = await put(server, document, (change,), _LABEL)
    return result.why if isinstance(result, NotApplied) else None


def _on_disk(path: Path | None) -> str:
    from streetrace_lsp.requests.files import text_of

    return (text_of(path) or "") if path is not None else ""
