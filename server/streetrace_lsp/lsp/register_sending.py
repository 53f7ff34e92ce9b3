"""The commands about what is sent: a look at it before, and the message for staged changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer


def register_sending(server: StreetraceServer) -> None:
    """Register them. What they need is imported when they are used."""

    @server.command("streetrace.prompt.preview")
    async def preview(*given: Any) -> Any:
        from streetrace_lsp.lsp import preview_command

        return await preview_command.preview(server, *given[:1])

    @server.command("streetrace.commit")
    def commit(*given: Any) -> Any:
        from streetrace_lsp.lsp import commit_command

        return commit_command.commit(server, *given[:1])
