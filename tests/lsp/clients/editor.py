"""A small editor: what all six clients have in common. Each client overrides how it differs."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from lsp.clients.clock import Clock
from lsp.clients.conformity import Conformity, declared
from lsp.clients.document import Document
from lsp.clients.text import Position, Range, Splice, content_changes, exists, offset_at, splices
from lsp.clients.window import Window, path_of
from lsp.clients.wire import Connection, Request

_PROFILES = Path(__file__).parents[1] / "profiles"
_LANGUAGES = {".py": "python", ".ts": "typescript", ".js": "javascript", ".toml": "toml"}
NOTHING: Range = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}


class Editor:
    """An LSP client with documents that can be typed into and saved.

    Everything the server does that the client does not allow is collected in ``violations``.
    """

    name: ClassVar[str]
    #: what the real editor sent with ``initialize``: a file of ``tests/lsp/profiles``
    profile: ClassVar[str]
    #: what saving does to files with CR LF: the buffer has LF only (Emacs, Kate)
    hides_crlf: ClassVar[bool] = False
    first_version: ClassVar[int] = 1

    def __init__(self) -> None:
        self.introduction: dict[str, Any] = json.loads(
            (_PROFILES / f"{self.profile}.json").read_text("utf-8")
        )
        self.capabilities: dict[str, Any] = self.introduction["capabilities"]
        self.clock = Clock()
        self.connection = Connection(self._receive, self._sent, self._answered)
        self.violations = self.connection.violations
        self.conformity = Conformity(self.capabilities, self.violations.append)
        self.window = Window(self.capabilities, self.violations.append)
        self.documents: dict[str, Document] = {}
        self.root: Path | None = None
        self._launched: tuple[Sequence[str], Mapping[str, str]] = ((), {})
        self.encoding = "utf-16"
        self.server_capabilities: dict[str, Any] = {}
        self.edits: list[tuple[dict[str, Any], dict[str, Any]]] = []
        #: what the editor takes a file for, by its ending or its whole name
        self.languages: dict[str, str] = dict(_LANGUAGES)
        #: called once, right before the next applyEdit is looked at: a person is faster
        self.interject: Callable[[], None] | None = None
        #: the buffer can't be changed: every applyEdit is answered with ``applied: false``
        self.read_only = False
        #: URIs of single buffers that can't be changed
        self.locked: set[str] = set()

    # --- session -----------------------------------------------------------------------

    async def start(
        self, command: Sequence[str], environment: Mapping[str, str], root: Path
    ) -> None:
        """Start the server for a folder and shake hands."""
        self.root = root
        self._launched = (command, environment)
        await self.connection.start(command, environment, root)
        result = await self.ask("initialize", self._initialize_params(root))
        self.server_capabilities = result["capabilities"]
        self.encoding = self.server_capabilities.get("positionEncoding", "utf-16")
        self.notify("initialized", {})

    async def stop(self) -> int:
        """Shut the server down as the specification says; returns its exit code."""
        await self.ask("shutdown", None)
        self.notify("exit", None)
        self.connection.close_stdin()
        return await self.connection.ended()

    async def restart(self, *, killed: bool = False) -> None:
        """The server ends and is started anew. What is open stays open, saved or not."""
        assert self.root is not None
        self.sync()
        if killed:
            await self.connection.kill()
        else:
            assert await self.stop() == 0
        before = self.connection.log
        self.connection = Connection(self._receive, self._sent, self._answered)
        self.connection.violations, self.connection.log = self.violations, before
        self.window.jobs.clear()
        self.window.progress.clear()
        await self.start(*self._launched, self.root)
        for document in self.documents.values():
            self._tell_of(document)

    def notify(self, method: str, params: Any) -> None:
        """Send a notification."""
        self.connection.notify(method, params)

    async def ask(self, method: str, params: Any) -> Any:
        """Send a request and wait for its result."""
        return await self.send(method, params).future

    def send(self, method: str, params: Any) -> Request:
        """Send a request. Editors sync their documents first: what the server sees is right."""
        self.sync()
        return self.connection.request(method, params)

    def cancel(self, request: Request) -> None:
        """Send ``$/cancelRequest``."""
        self.notify("$/cancelRequest", {"id": request.id})

    # --- documents ---------------------------------------------------------------------

    def open(self, path: Path) -> Document:
        """Open a file, or return it when it is open."""
        uri = path.as_uri()
        if uri in self.documents:
            return self.documents[uri]
        text = path.read_bytes().decode("utf-8") if path.exists() else ""
        hidden = self.hides_crlf and "\r\n" in text
        document = Document(
            path=path,
            uri=uri,
            language=self.languages.get(path.suffix or path.name, "plaintext"),
            text=text.replace("\r\n", "\n") if hidden else text,
            encoding=self.encoding,
            version=self.first_version,
            hidden_crlf=hidden,
        )
        self.documents[uri] = document
        self._tell_of(document)
        return document

    def _tell_of(self, document: Document) -> None:
        document.synced_text = document.text
        item = {
            "uri": document.uri,
            "languageId": document.language,
            "version": document.version,
            "text": document.text,
        }
        self.notify("textDocument/didOpen", {"textDocument": item})

    def type(self, document: Document, position: Position, text: str) -> None:
        """A person types at a position."""
        offset = offset_at(document.text, position, self.encoding)
        self._edit(document, [(offset, offset, text)])

    def replace(self, document: Document, old: str, new: str) -> None:
        """A person replaces a piece of the text."""
        start = document.text.index(old)
        self._edit(document, [(start, start + len(old), new)])

    def undo(self, document: Document) -> None:
        """Undo the last step."""
        self._edit(document, document.step_back(), undoable=False)

    def save(self, document: Document) -> None:
        """Write the document to its file."""
        document.path.write_bytes(document.on_disk().encode("utf-8"))
        document.dirty = False
        self.sync()
        self.notify("textDocument/didSave", {"textDocument": {"uri": document.uri}})

    def close(self, document: Document) -> None:
        """Close a document."""
        del self.documents[document.uri]
        self.notify("textDocument/didClose", {"textDocument": {"uri": document.uri}})

    def sync(self) -> None:
        """Tell the server at once of changes that wait. The base client has none."""

    # --- actions -----------------------------------------------------------------------

    async def actions(
        self,
        document: Document,
        where: Range,
        *,
        diagnostics: Sequence[dict[str, Any]] = (),
        automatic: bool = False,
        only: Sequence[str] | None = None,
    ) -> dict[str, dict[str, Any]]:
        """The code actions of a range, by title."""
        context: dict[str, Any] = {
            "diagnostics": list(diagnostics),
            "triggerKind": 2 if automatic else 1,
        }
        if only is not None:
            context["only"] = list(only)
        params = {"textDocument": {"uri": document.uri}, "range": where, "context": context}
        found = await self.ask("textDocument/codeAction", params) or []
        return {action["title"]: action for action in found}

    async def run(self, action: dict[str, Any]) -> Any:
        """Run a code action, or a command, and return what ``executeCommand`` answers."""
        command = action if isinstance(action["command"], str) else action["command"]
        return await self.execute(command["command"], *command.get("arguments", []))

    def take(self, action: dict[str, Any]) -> None:
        """Choose a code action that brings its edit along: the editor applies it itself."""
        answer = self.apply_edit({"edit": action["edit"]})
        assert answer["applied"], answer
        self.sync()

    async def at(self, method: str, document: Document, where: Position, **more: Any) -> Any:
        """Ask ``textDocument/METHOD`` at a position."""
        params = {"textDocument": {"uri": document.uri}, "position": where, **more}
        return await self.ask(f"textDocument/{method}", params)

    async def execute(self, command: str, *arguments: Any) -> Any:
        """Run a server command."""
        params = {"command": command, "arguments": list(arguments)}
        return await self.ask("workspace/executeCommand", params)

    async def begin(self, document: Document, where: Range, title: str) -> str:
        """Choose a code action of ours; returns the job that it started."""
        offered = await self.actions(document, where)
        assert title in offered, f"{title} is not offered, only {sorted(offered)}"
        return str((await self.run(offered[title]))["job"])

    async def finished(self, job: str) -> dict[str, Any]:
        """Wait for a job's terminal event."""
        ending = await self.until(f"the end of {job}", lambda: self.window.final(job))
        return dict(ending)

    async def until(self, what: str, look: Callable[[], Any], **options: float) -> Any:
        """Wait, message by message, until ``look`` finds something; returns it."""
        return await self.connection.until(what, look, **options)

    def press_cancel(self) -> None:
        """Press the cancel button of the progress that runs."""
        running = [
            token
            for token, values in self.window.progress.items()
            if values and values[0].get("cancellable") and values[-1]["kind"] != "end"
        ]
        assert running, "there is no progress to cancel"
        self.notify("window/workDoneProgress/cancel", {"token": running[-1]})

    # --- how this client differs -------------------------------------------------------

    def _initialize_params(self, root: Path) -> dict[str, Any]:
        here: dict[str, Any] = {
            "processId": os.getpid(),
            "rootUri": root.as_uri(),
            "rootPath": str(root),
        }
        if declared(self.capabilities, "workspace.workspaceFolders"):
            here["workspaceFolders"] = [{"uri": root.as_uri(), "name": root.name}]
        if "workDoneToken" in self.introduction:
            self.window.progress[self.introduction["workDoneToken"]] = []
        return self.introduction | here

    def _changed(self, document: Document, changes: list[dict[str, Any]]) -> None:
        """A document changed by these content changes. The base client tells it at once."""
        document.version += 1
        self._did_change(document, changes)

    def apply_edit(self, params: dict[str, Any]) -> dict[str, Any]:
        """The answer to ``workspace/applyEdit``. The base client takes the exact version only."""
        changes = params["edit"].get("documentChanges", [])
        for index, change in enumerate(changes):
            if "kind" not in change and self._stale(change):
                return {"applied": False, "failureReason": "stale", "failedChange": index}
        for change in changes:
            self._take(change)
        return {"applied": True}

    # --- shared by the clients ---------------------------------------------------------

    def _stale(self, change: dict[str, Any]) -> bool:
        identifier = change["textDocument"]
        document = self.documents.get(identifier["uri"])
        version = identifier.get("version")
        return document is not None and version is not None and document.version != version

    def _take(self, change: dict[str, Any]) -> None:
        """Apply one entry of ``documentChanges``."""
        if "kind" in change:
            path = path_of(change["uri"])
            if change["kind"] == "delete":
                self.close(self.open(path))
                path.unlink()
            elif not path.exists():
                path.touch()
            return
        document = self.open(path_of(change["textDocument"]["uri"]))
        for edit in change["edits"]:
            for place in edit["range"].values():
                if not exists(document.synced_text, place, self.encoding):
                    self.violations.append(f"an edit at a place that does not exist: {edit}")
        self._edit(document, self._edits(document, change["edits"]))

    def _edits(self, document: Document, edits: list[dict[str, Any]]) -> list[Splice]:
        """TextEdits as this editor reads them. Most take new line ends as they come."""
        return splices(document.text, edits, self.encoding)

    def _edit(self, document: Document, changes: list[Splice], *, undoable: bool = True) -> None:
        events = content_changes(document.text, changes, self.encoding)
        document.change(changes, undoable=undoable)
        self._changed(document, events)

    def _did_change(self, document: Document, changes: list[dict[str, Any]]) -> None:
        document.synced_text = document.text
        identifier = {"uri": document.uri, "version": document.version}
        params = {"textDocument": identifier, "contentChanges": changes}
        self.notify("textDocument/didChange", params)

    def _receive(self, method: str, params: Any, is_request: bool) -> Any:
        self.conformity.received(method, params, is_request)
        if method != "workspace/applyEdit":
            return self.window.handle(method, params)
        if self.interject is not None:
            interject, self.interject = self.interject, None
            interject()
        refused = {"applied": False, "failureReason": "the buffer is read-only"}
        changes = params["edit"].get("documentChanges", [])
        named = {change.get("uri") or change["textDocument"]["uri"] for change in changes}
        barred = self.read_only or bool(named & self.locked)
        result = refused if barred else self.apply_edit(params)
        self.edits.append((params, result))
        return result

    def _sent(self, method: str, params: Any) -> None:
        self.conformity.sent(method, params)

    def _answered(self, request: Request, result: Any) -> None:
        self.conformity.answered(request.method, result)
