"""One editor's session with a server, measured: blocking, and as little of its own as possible."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

_HERE = Path(__file__).parent
_INTRODUCTION = _HERE.parent / "lsp" / "profiles" / "vscode-1.139.json"
_PIECE = 1 << 16
# Nothing is measured with it: it only ends a bench that would hang for ever.
DEADLINE = 120.0

SERVER = (sys.executable, "-I", "-m", "streetrace_lsp")
REFERENCE = (sys.executable, "-I", str(_HERE / "minimal_server.py"))

# What a person answers who wants nothing changed: every document stays as it is.
_ANSWERS: dict[str, Any] = {
    "workspace/applyEdit": {"applied": False, "failureReason": "the buffer is read-only"},
    "window/showDocument": {"success": True},
    "workspace/configuration": [],
}


class Session:
    """A server process and the messages to and from it; a context manager that ends it.

    ``notified(method, params)`` gets every notification.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        root: Path,
        *,
        log: Path,
        notified: Callable[[str, Any], None] = lambda method, params: None,
    ) -> None:
        self._root = root
        self._notified = notified
        self._pending = bytearray()
        self._answers: dict[int, dict[str, Any]] = {}
        self._last = 0
        self.log = log
        with log.open("wb") as stderr:
            self.spawned = time.perf_counter()
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=dict(environment),
                cwd=root,
                bufsize=0,
            )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._to, self._from = self.process.stdin.fileno(), self.process.stdout.fileno()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()

    def initialize(self) -> float:
        """Shake hands as VS Code does; returns the seconds from the spawn to the answer."""
        introduction = json.loads(_INTRODUCTION.read_text("utf-8"))
        folder = {"uri": self._root.as_uri(), "name": self._root.name}
        here = {"processId": os.getpid(), "rootUri": folder["uri"], "workspaceFolders": [folder]}
        self.ask("initialize", introduction | here)
        answered = time.perf_counter()
        self.notify("initialized", {})
        return answered - self.spawned

    def settle(self) -> None:
        """Return when everything sent so far was handled: no server knows this request."""
        assert "error" in self._exchange("bench/barrier", None)

    def ask(self, method: str, params: Any) -> Any:
        """Send a request, handle what comes, and return the result."""
        answer = self._exchange(method, params)
        assert "error" not in answer, f"{method}: {answer['error']}; see {self.log}"
        return answer["result"]

    def notify(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def open(self, path: Path, text: str) -> str:
        """Open a document; returns its URI."""
        uri = path.as_uri()
        item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return uri

    def change(self, uri: str, version: int, line: str) -> None:
        """Type a line at the beginning of a document."""
        start = {"line": 0, "character": 0}
        change = {"range": {"start": start, "end": start}, "text": line}
        identifier = {"uri": uri, "version": version}
        params = {"textDocument": identifier, "contentChanges": [change]}
        self.notify("textDocument/didChange", params)

    def start_job(self, uri: str, action: str, model: str) -> str:
        """Start an action on the first two lines of a document; returns the job."""
        where = {"start": {"line": 0, "character": 0}, "end": {"line": 2, "character": 0}}
        given = {"uri": uri, "range": where, "action": action, "model": model}
        return str(self.execute("streetrace.action", given)["job"])

    def execute(self, command: str, *arguments: Any) -> Any:
        """Run a command of the server and return what it answers."""
        params = {"command": command, "arguments": list(arguments)}
        return self.ask("workspace/executeCommand", params)

    def wait(self, happened: Callable[[], bool], deadline: float = DEADLINE) -> None:
        """Handle messages until something that they bring about has happened."""
        end = time.perf_counter() + deadline
        while not happened():
            left = end - time.perf_counter()
            assert left > 0, f"this never happened; see {self.log}"
            self._read(left)

    def listen(self, until: float) -> None:
        """Handle messages until that moment of ``time.perf_counter``."""
        while (left := until - time.perf_counter()) > 0:
            self._read(left)

    def _exchange(self, method: str, params: Any) -> dict[str, Any]:
        self._last += 1
        number = self._last
        self._send({"id": number, "method": method, "params": params})
        self.wait(lambda: number in self._answers)
        return self._answers.pop(number)

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        data = memoryview(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        while data:
            data = data[os.write(self._to, data) :]

    def _read(self, seconds: float) -> None:
        if not select.select([self._from], [], [], seconds)[0]:
            return
        data = os.read(self._from, _PIECE)
        assert data, f"the server has ended; see {self.log}"
        self._pending += data
        while (start := self._pending.find(b"\r\n\r\n") + 4) >= 4:
            head = bytes(self._pending[: start - 4]).split(b"\r\n")
            fields = dict(line.split(b": ", 1) for line in head)
            end = start + int(fields[b"Content-Length"])
            if len(self._pending) < end:
                return
            message = json.loads(self._pending[start:end])
            del self._pending[:end]
            self._handle(message)

    def _handle(self, message: dict[str, Any]) -> None:
        if "method" not in message:
            self._answers[message["id"]] = message
        elif "id" in message:
            self._send({"id": message["id"], "result": _ANSWERS.get(message["method"])})
        else:
            self._notified(message["method"], message.get("params"))
