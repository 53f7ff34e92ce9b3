"""Visual Studio Code with this project's own extension, as far as it speaks to the server."""

from __future__ import annotations

import copy
from typing import Any

from lsp.clients.vscode import VSCode
from lsp.clients.wire import ResponseError

REQUEST_FAILED = -32803


class Extension(VSCode):
    """It shows reviews itself, asks for instructions, and holds ``keys`` for the server."""

    def __init__(self) -> None:
        super().__init__()
        self.introduction = copy.deepcopy(self.introduction)
        self.capabilities = self.introduction["capabilities"]
        ours = {"input": True, "review": True, "keys": True, "endings": True}
        self.capabilities["experimental"] = {"streetrace": ours}
        #: the keys in its store, by name; None: the store fails
        self.keys: dict[str, str] | None = {}
        #: the names of the keys that the server asked for
        self.keys_asked: list[str] = []
        #: how often it heard that there is something else to review
        self.review_changes = 0

    def _receive(self, method: str, params: Any, is_request: bool) -> Any:
        if method == "streetrace/review/changed":
            assert (params, is_request) == ({}, False)
            self.review_changes += 1
            return None
        if method == "streetrace/key":
            assert is_request
            return self._key(params)
        return super()._receive(method, params, is_request)

    def hold(self, **keys: str) -> None:
        """A person stores these keys, and no others; the server is told of their names."""
        self.keys = keys
        self.notify("streetrace/keys", {"version": 1, "names": sorted(keys)})

    def _key(self, params: dict[str, Any]) -> dict[str, str | None]:
        assert set(params) == {"version", "name"}
        self.keys_asked.append(params["name"])
        if self.keys is None:
            raise ResponseError(REQUEST_FAILED, "the store is locked")
        return {"key": self.keys.get(params["name"])}
