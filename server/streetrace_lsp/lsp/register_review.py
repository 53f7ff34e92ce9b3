"""The commands and requests about applied edits; what each needs is imported when it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer


LIST, TEXTS = "streetrace/review/list", "streetrace/review/texts"
CHANGED = "streetrace/review/changed"


def register_review(server: StreetraceServer) -> None:
    """Register ``streetrace.review.*`` and ``streetrace/review/*``."""

    @server.feature(LIST)
    def list_reviews(params: Any) -> dict[str, Any]:
        from streetrace_lsp.lsp import review_requests

        return review_requests.list_reviews(server, params)

    @server.feature(TEXTS)
    def texts(params: Any) -> dict[str, Any]:
        from streetrace_lsp.lsp import review_requests

        return review_requests.texts(server, params)

    @server.command("streetrace.review.keep")
    async def keep(*given: Any) -> Any:
        from streetrace_lsp.lsp import review_commands

        return await review_commands.keep(server, *given[:1])

    @server.command("streetrace.review.undo")
    def undo(*given: Any) -> Any:
        from streetrace_lsp.lsp import review_undo

        return review_undo.undo(server, *given[:1])

    @server.command("streetrace.review.next")
    async def following(*given: Any) -> Any:
        from streetrace_lsp.lsp import review_commands

        return await review_commands.go(server, *given[:1], forward=True)

    @server.command("streetrace.review.previous")
    async def previous(*given: Any) -> Any:
        from streetrace_lsp.lsp import review_commands

        return await review_commands.go(server, *given[:1], forward=False)

    @server.command("streetrace.review.show")
    async def show(*given: Any) -> Any:
        from streetrace_lsp.lsp import review_commands

        return await review_commands.show(server, *given[:1])
