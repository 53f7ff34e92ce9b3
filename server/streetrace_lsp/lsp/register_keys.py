"""``streetrace/key*``, registered; what they need is imported when they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer

KEYS = "streetrace/keys"
# A request of the server to the client.
KEY = "streetrace/key"


def register_keys(server: StreetraceServer) -> None:
    """Adds the notification to ``server``."""

    @server.feature(KEYS)
    def keys(params: Any) -> None:
        from streetrace_lsp.lsp import keys_told

        keys_told.told(server, params)
