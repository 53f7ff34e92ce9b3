"""``streetrace/status``, registered; what it needs is imported when it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer

STATUS = "streetrace/status"


def register_status(server: StreetraceServer) -> None:
    """Adds the request to ``server``."""

    @server.feature(STATUS)
    def status(params: Any) -> dict[str, Any]:
        from streetrace_lsp.lsp import status_request

        return status_request.status(server, params)
