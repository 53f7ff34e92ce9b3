"""``streetrace/commit/message``, registered; what it needs is imported when it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer

MESSAGE = "streetrace/commit/message"


def register_commit_request(server: StreetraceServer) -> None:
    """Adds the request to ``server``."""

    @server.feature(MESSAGE)
    async def message(params: Any) -> dict[str, Any]:
        from streetrace_lsp.lsp import commit_request

        return await commit_request.message(server, params)
