"""Is what a server sends what LSP allows, and what this client said it can take?

The types come from lsprotocol, a part of the capability checks from pytest-lsp; the rest are
rules of the specification that neither of them looks at, and promises of this server.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

from lsprotocol import converters, types
from pytest_lsp.checks import (
    LspSpecificationWarning,
    check_params_against_client_capabilities,
)

_CONVERTER = converters.get_converter()
# Beside LSP: methods of this server, which a test about them looks at.
_OWN = "streetrace/"
_DYNAMIC = {
    "workspace/didChangeWatchedFiles": "workspace.didChangeWatchedFiles",
    "workspace/didChangeConfiguration": "workspace.didChangeConfiguration",
    "workspace/executeCommand": "workspace.executeCommand",
    "textDocument/codeAction": "textDocument.codeAction",
}
_ACTION_KINDS = ("quickfix", "refactor")


def declared(capabilities: dict[str, Any], path: str) -> Any:
    """A capability by its dotted path; None where the client says nothing of it."""
    value: Any = capabilities
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


class Conformity:
    """Collects what one server did that its client did not allow."""

    def __init__(self, capabilities: dict[str, Any], complain: Callable[[str], None]) -> None:
        self.capabilities = capabilities
        self.commands: frozenset[str] = frozenset()
        self._typed = _CONVERTER.structure(capabilities, types.ClientCapabilities)
        self._complain = complain

    def received(self, method: str, params: Any, is_request: bool) -> None:
        """A request or notification from the server."""
        if method.startswith(_OWN):
            return
        known = types.METHOD_TO_TYPES.get(method)
        if known is None:
            self._complain(f"unknown method {method}")
            return
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        typed = self._typed_as(known[0], message | ({"id": 1} if is_request else {}), method)
        if typed is not None:
            self._check_capabilities(method, typed.params)
        for complaint in _received(self.capabilities, method, params):
            self._complain(f"{method}: {complaint}")

    def sent(self, method: str, params: Any) -> None:
        """A request or notification of the client: it has to be right as well."""
        if method.startswith(_OWN):
            return
        known = types.METHOD_TO_TYPES[method]
        message = {"jsonrpc": "2.0", "method": method, "id": 1, "params": params}
        self._typed_as(known[0], message, f"the client's own {method}")
        if method == "workspace/executeCommand" and params["command"] not in self.commands:
            self._complain(f"the client ran {params['command']}, which nobody advertised")

    def answered(self, method: str, result: Any) -> None:
        """The server's result of a request."""
        if method.startswith(_OWN):
            return
        known = types.METHOD_TO_TYPES[method]
        message = {"jsonrpc": "2.0", "id": 1, "result": result}
        self._typed_as(known[1], message, f"the result of {method}")
        if method == "initialize":
            self._learn(result)
        if method == "textDocument/codeAction":
            for complaint in _actions(self.capabilities, result or [], self.commands):
                self._complain(f"code action: {complaint}")

    def _learn(self, result: dict[str, Any]) -> None:
        provided = result["capabilities"]
        provider = provided.get("executeCommandProvider") or {}
        self.commands = frozenset(provider.get("commands", ()))
        chosen = provided.get("positionEncoding", "utf-16")
        offered = declared(self.capabilities, "general.positionEncodings") or ["utf-16"]
        if chosen not in [*offered, "utf-16"]:
            self._complain(f"the server counts in {chosen}; the client offered {offered}")

    def _typed_as(self, kind: Any, message: dict[str, Any], what: str) -> Any:
        try:
            return _CONVERTER.structure(message, kind)
        except Exception as error:
            self._complain(f"{what} is not what the specification says: {error!r} in {message}")
            return None

    def _check_capabilities(self, method: str, params: Any) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error", LspSpecificationWarning)
            try:
                check_params_against_client_capabilities(self._typed, method, params)
            except LspSpecificationWarning as warning:
                self._complain(f"{method}: {warning}")


def _received(capabilities: dict[str, Any], method: str, params: Any) -> Iterator[str]:
    if method == "window/workDoneProgress/create":
        if not declared(capabilities, "window.workDoneProgress"):
            yield "not declared"
    elif method == "window/showDocument":
        if not declared(capabilities, "window.showDocument.support"):
            yield "not declared"
    elif method == "workspace/configuration":
        if not declared(capabilities, "workspace.configuration"):
            yield "not declared"
    elif method == "client/registerCapability":
        yield from _registrations(capabilities, params["registrations"])
    elif method == "workspace/applyEdit":
        yield from _edit(capabilities, params["edit"])
    elif method == "textDocument/publishDiagnostics":
        yield from _diagnostics(capabilities, params["diagnostics"])


def _registrations(capabilities: dict[str, Any], registrations: list[Any]) -> Iterator[str]:
    for registration in registrations:
        path = _DYNAMIC.get(registration["method"], "")
        if not declared(capabilities, f"{path}.dynamicRegistration"):
            yield f"no dynamic registration of {registration['method']}"


def _edit(capabilities: dict[str, Any], edit: dict[str, Any]) -> Iterator[str]:
    if edit.get("changes"):
        yield "an edit without versions"
    documents = [change for change in edit.get("documentChanges", []) if "kind" not in change]
    if len(documents) > 1:
        yield "several documents in one edit"
    made = {change["uri"] for change in edit.get("documentChanges", []) if "kind" in change}
    for change in documents:
        document = change["textDocument"]
        if document.get("version") is None and document["uri"] not in made:
            yield "an edit without the document's version"
        if not all(set(one) <= {"range", "newText", "annotationId"} for one in change["edits"]):
            yield "something else than plain text edits"
    operations = declared(capabilities, "workspace.workspaceEdit.resourceOperations") or []
    for operation in edit.get("documentChanges", []):
        if "kind" not in operation:
            continue
        options = operation.get("options") or {}
        if operation["kind"] not in operations:
            yield f"the client can't {operation['kind']}"
        safe = operation["kind"] == "delete" or options.get("ignoreIfExists")
        if options.get("overwrite") or options.get("recursive") or not safe:
            yield f"{operation['kind']} that may destroy a file"
    if edit.get("changeAnnotations") and not declared(
        capabilities, "workspace.workspaceEdit.changeAnnotationSupport"
    ):
        yield "annotations were not declared"


def _diagnostics(capabilities: dict[str, Any], diagnostics: list[Any]) -> Iterator[str]:
    can = declared(capabilities, "textDocument.publishDiagnostics") or {}
    for diagnostic in diagnostics:
        if "relatedInformation" in diagnostic and not can.get("relatedInformation"):
            yield "related information was not declared"
        if "codeDescription" in diagnostic and not can.get("codeDescriptionSupport"):
            yield "code descriptions were not declared"
        tags = (can.get("tagSupport") or {}).get("valueSet", [])
        if not set(diagnostic.get("tags", [])) <= set(tags):
            yield "tags were not declared"


def _actions(
    capabilities: dict[str, Any], actions: list[dict[str, Any]], commands: frozenset[str]
) -> Iterator[str]:
    can = declared(capabilities, "textDocument.codeAction") or {}
    for action in actions:
        title, command = action.get("title"), action.get("command")
        if isinstance(command, str):  # a bare Command: what LSP before 3.8 had
            if command not in commands:
                yield f"{title}: {command} is not advertised"
            continue
        if "codeActionLiteralSupport" not in can:
            yield f"{title}: literals were not declared, only commands can be taken"
        if "edit" in action:
            changes = action["edit"].get("documentChanges", [])
            if not changes or any(change["textDocument"]["version"] is None for change in changes):
                yield f"{title}: an edit without versions"
            continue
        if not command:
            yield f"{title}: does nothing without a resolve or an edit"
        elif command["command"] not in commands:
            yield f"{title}: {command['command']} is not advertised"
        if action.get("isPreferred"):
            yield f"{title}: preferred, so that a key press or a save could run it"
        if not str(action.get("kind", "")).startswith(_ACTION_KINDS):
            yield f"{title}: kind {action.get('kind')}"
        if "disabled" in action and not can.get("disabledSupport"):
            yield f"{title}: disabled was not declared"
        tags = (can.get("tagSupport") or {}).get("valueSet", [])
        if not set(action.get("tags") or []) <= set(tags):
            yield f"{title}: tags were not declared"
