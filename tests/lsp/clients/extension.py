"""Visual Studio Code with this project's own extension, as far as it speaks to the server."""

from __future__ import annotations

import copy
from typing import Any

from lsp.clients.vscode import VSCode


class Extension(VSCode):
    """It shows reviews itself, asks for instructions, and holds ``keys`` for the server."""

    def __init__(self) -> None:
        super().__init__()
        self.introduction = copy.deepcopy(self.introduction)
        self.capabilities = self.introduction["capabilities"]
        ours = {"input": True, "review": True, "keys": True}
        self.capabilities["experimental"] = {"streetrace": ours}
        #: how often it heard that there is something else to review
        self.review_changes = 0

    def _receive(self, method: str, params: Any, is_request: bool) -> Any:
        if method == "streetrace/review/changed":
            assert (params, is_request) == ({}, False)
            self.review_changes += 1
            return None
        return super()._receive(method, params, is_request)
