"""A server that does only what it is told: the counterpart of the clients' own tests.

Commands: ``tiny.text URI`` answers with its copy of a document; ``tiny.call METHOD PARAMS``
sends a request to the client and answers with what came back; ``tiny.later METHOD PARAMS``
answers, and sends the request then; ``tiny.tell METHOD PARAMS`` sends a notification. It is plain
JSON-RPC: pygls would count lines in its own way.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from lsp.clients.text import synced

COMMANDS = ["tiny.text", "tiny.call", "tiny.later", "tiny.tell"]


class TinyServer:
    """One session over stdin and stdout."""

    def __init__(self) -> None:
        self.encoding = "utf-16"
        self.documents: dict[str, dict[str, Any]] = {}
        self.changes: list[int] = []
        self.calls = 0
        self.later: list[dict[str, Any]] = []

    def serve(self) -> None:
        """Handle messages until ``exit``."""
        while (message := self._read()).get("method") != "exit":
            self._handle(message)

    def _handle(self, message: dict[str, Any]) -> None:
        params: Any = message.get("params")
        if "method" not in message:
            return  # the answer to what was sent later
        if "id" in message:
            result = getattr(self, "_" + message["method"].replace("/", "_"))(params)
            self._write({"id": message["id"], "result": result})
            while self.later:
                self._write(self.later.pop())
        elif message["method"] == "textDocument/didOpen":
            item = params["textDocument"]
            self.documents[item["uri"]] = {"text": item["text"], "version": item["version"]}
        elif message["method"] == "textDocument/didChange":
            events = params["contentChanges"]
            copy = self.documents[params["textDocument"]["uri"]]
            copy["text"] = synced(copy["text"], events, self.encoding)
            copy["version"] = params["textDocument"]["version"]
            self.changes.append(len(events))

    def _initialize(self, params: dict[str, Any]) -> dict[str, Any]:
        general = params["capabilities"].get("general", {})
        self.encoding = general.get("positionEncodings", ["utf-16"])[0]
        capabilities = {
            "positionEncoding": self.encoding,
            "textDocumentSync": {"openClose": True, "change": 2},
            "executeCommandProvider": {"commands": COMMANDS},
        }
        return {"capabilities": capabilities}

    def _shutdown(self, params: None) -> None:
        return None

    def _workspace_executeCommand(self, params: dict[str, Any]) -> Any:  # noqa: N802
        command, given = params["command"], params["arguments"]
        if command == "tiny.text":
            return {**self.documents[given[0]], "changes": self.changes}
        message = {"method": given[0], "params": given[1]}
        if command == "tiny.tell":
            self._write(message)
            return None
        self.calls += 1
        message["id"] = f"tiny-{self.calls}"
        if command == "tiny.later":
            self.later.append(message)
            return None
        self._write(message)
        while "method" in (answer := self._read()):
            self._handle(answer)
        return {key: answer[key] for key in ("result", "error") if key in answer}

    def _read(self) -> dict[str, Any]:
        length = 0
        while header := sys.stdin.buffer.readline().strip():
            length = int(header.split(b":")[1])
        return dict(json.loads(sys.stdin.buffer.read(length))) if length else {"method": "exit"}

    def _write(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    TinyServer().serve()
