"""What a person sees in an editor: messages, questions, progress, diagnostics, finished jobs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lsp.clients.conformity import declared
from lsp.clients.wire import METHOD_NOT_FOUND, ResponseError


def path_of(uri: str) -> Path:
    """The file that a ``file:`` URI names."""
    return Path(unquote(urlsplit(uri).path))


@dataclass
class Window:
    """Everything the server showed, in the order it came.

    ``answer`` is the button that the person presses when asked; None dismisses the question. A
    function decides by the question's parameters.
    """

    capabilities: dict[str, Any]
    complain: Callable[[str], None]
    answer: str | Callable[[dict[str, Any]], str | None] | None = None
    messages: list[str] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    documents: list[tuple[str, str]] = field(default_factory=list)
    #: the parameters of each ``window/showDocument``
    led: list[dict[str, Any]] = field(default_factory=list)
    diagnostics: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    progress: dict[str | int, list[dict[str, Any]]] = field(default_factory=dict)
    jobs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    #: pieces of models' replies that a program asked for
    parts: list[dict[str, Any]] = field(default_factory=list)
    #: pieces of answers in chats that a program asked for
    chat_parts: list[dict[str, Any]] = field(default_factory=list)
    registrations: list[dict[str, Any]] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    #: what showing a document does besides: an editor opens the file
    on_show_document: Callable[[Path], Any] = lambda path: None
    #: requests that this client answers with "method not found"
    unknown: frozenset[str] = frozenset()

    def handle(self, method: str, params: Any) -> Any:
        """The client's answer to a request, or None for a notification."""
        handler = {
            "window/showMessage": self._show_message,
            "window/logMessage": lambda params: self.logged.append(params["message"]),
            "window/showMessageRequest": self._ask,
            "window/showDocument": self._show_document,
            "window/workDoneProgress/create": self._create_progress,
            "$/progress": self._progress,
            "$/logTrace": lambda params: self.logged.append(params["message"]),
            "telemetry/event": lambda params: self.complain("telemetry"),
            "textDocument/publishDiagnostics": self._diagnostics,
            "client/registerCapability": self._register,
            "workspace/configuration": self._configuration,
            "workspace/workspaceFolders": lambda params: None,
            "workspace/codeLens/refresh": lambda params: None,
            "workspace/inlayHint/refresh": lambda params: None,
            "workspace/diagnostic/refresh": lambda params: None,
            "streetrace/job": self._job,
            "streetrace/model/part": self.parts.append,
            "streetrace/chat/part": self.chat_parts.append,
        }.get(method)
        if handler is None or method in self.unknown:
            raise ResponseError(METHOD_NOT_FOUND, f"unknown method {method}")
        return handler(params)

    def words(self) -> str:
        """Everything a person could read so far, as one text."""
        asked = [question["message"] for question in self.questions]
        jobs = [event.get("message") or "" for events in self.jobs.values() for event in events]
        values = [value for values in self.progress.values() for value in values]
        steps = [str(value.get("message") or value.get("title") or "") for value in values]
        shown = [text for _, text in self.documents]
        found = [one["message"] for several in self.diagnostics.values() for one in several]
        return "\n".join([*self.messages, *asked, *jobs, *steps, *shown, *found])

    def final(self, job: str) -> dict[str, Any] | None:
        """The terminal event of a job, once it came."""
        return next((event for event in self.jobs.get(job, []) if event["final"]), None)

    def _show_message(self, params: dict[str, Any]) -> None:
        self.messages.append(params["message"])

    def _ask(self, params: dict[str, Any]) -> dict[str, str] | None:
        self.questions.append(params)
        wanted = self.answer(params) if callable(self.answer) else self.answer
        for action in params.get("actions", []):
            if action["title"] == wanted:
                return dict(action)
        return None

    def _show_document(self, params: dict[str, Any]) -> dict[str, bool]:
        path = path_of(params["uri"])
        text = path.read_text("utf-8") if path.is_file() else ""
        self.documents.append((params["uri"], text))
        self.led.append(params)
        self.on_show_document(path)
        return {"success": path.is_file()}

    def _create_progress(self, params: dict[str, Any]) -> None:
        if params["token"] in self.progress:
            self.complain(f"progress token {params['token']} was made twice")
        self.progress[params["token"]] = []

    def _progress(self, params: dict[str, Any]) -> None:
        seen = self.progress.get(params["token"])
        kind = params["value"]["kind"]
        if seen is None:
            self.complain(f"progress with an unknown token: {params}")
        elif (kind == "begin") != (not seen) or (seen and seen[-1]["kind"] == "end"):
            self.complain(f"progress out of order: {kind} after {seen}")
        else:
            seen.append(params["value"])

    def _diagnostics(self, params: dict[str, Any]) -> None:
        self.diagnostics[params["uri"]] = params["diagnostics"]

    def _register(self, params: dict[str, Any]) -> None:
        if not declared(self.capabilities, "workspace.didChangeWatchedFiles.dynamicRegistration"):
            raise ResponseError(METHOD_NOT_FOUND, "no dynamic registration here")
        self.registrations += params["registrations"]

    def _configuration(self, params: dict[str, Any]) -> list[Any]:
        return [declared(self.settings, item.get("section") or "") for item in params["items"]]

    def _job(self, params: dict[str, Any]) -> None:
        events = self.jobs.setdefault(params["job"], [])
        if events and events[-1]["final"]:
            self.complain(f"{params['state']} after the last event of job {params['job']}")
        finals = {"applied", "answered", "proposed", "refused", "failed", "cancelled"}
        if params["final"] != (params["state"] in finals):
            self.complain(f"final is {params['final']} for {params['state']}")
        if params["final"] and not params.get("message"):
            self.complain(f"a job ended without a word: {params}")
        events.append(params)
