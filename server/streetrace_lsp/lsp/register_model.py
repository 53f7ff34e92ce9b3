"""``streetrace/model/*``, registered; what they need is imported when they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer

COMPLETE = "streetrace/model/complete"
LIST = "streetrace/model/list"
PART = "streetrace/model/part"


def register_model(server: StreetraceServer) -> None:
    """Adds the requests to ``server``."""

    @server.feature(COMPLETE)
    async def complete(params: Any) -> dict[str, Any]:
        from streetrace_lsp.lsp import model_requests

        return await model_requests.complete(server, params)

    @server.feature(LIST)
    async def list_models(params: Any) -> dict[str, Any]:
        from streetrace_lsp.lsp import model_requests

        return await model_requests.list_models(server, params)
