"""May a model be asked whose price nobody knows, although a budget holds?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from streetrace_lsp.lsp.trust import pick
from streetrace_lsp.requests.display import escape_controls

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer

ASK_ANYWAY = "Ask it anyway"
DO_NOT_ASK = "Do not ask it"


async def ask_price(server: StreetraceServer, what: str) -> bool | None:
    """Whether to go on; None when nobody answered. ``what`` is a sentence that says why."""
    return await server.questions.once(("price", what), partial(_ask, server, what))


async def _ask(server: StreetraceServer, what: str) -> bool | None:
    said = f"{escape_controls(what)} Ask it, for the rest of this session?"
    chosen = await pick(server, said, (ASK_ANYWAY, DO_NOT_ASK))
    return None if chosen not in {ASK_ANYWAY, DO_NOT_ASK} else chosen == ASK_ANYWAY
