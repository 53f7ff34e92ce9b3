"""Registers what chats have: commands, and folding by turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer


def register_chat(server: StreetraceServer) -> None:
    """Register the commands; what each needs is imported when it is used."""

    @server.command("streetrace.chat.new")
    async def new(*given: Any) -> Any:
        from streetrace_lsp.lsp import chat_commands

        return await chat_commands.new(server, *given[:1])

    @server.command("streetrace.chat.send")
    def send(*given: Any) -> Any:
        from streetrace_lsp.lsp import chat_commands

        return chat_commands.ask(server, "send", *given[:1])

    @server.command("streetrace.chat.regenerate")
    def regenerate(*given: Any) -> Any:
        from streetrace_lsp.lsp import chat_commands

        return chat_commands.ask(server, "regenerate", *given[:1])

    @server.command("streetrace.chat.continue")
    def go_on(*given: Any) -> Any:
        from streetrace_lsp.lsp import chat_commands

        return chat_commands.ask(server, "continue", *given[:1])

    @server.command("streetrace.chat.compact")
    def compact(*given: Any) -> Any:
        from streetrace_lsp.lsp import chat_commands

        return chat_commands.ask(server, "compact", *given[:1])

    @server.command("streetrace.chat.stop")
    def stop(*given: Any) -> Any:
        from streetrace_lsp.lsp import chat_commands

        return chat_commands.stop(server, *given[:1])

    @server.command("streetrace.chat.show")
    def show(*given: Any) -> Any:
        from streetrace_lsp.lsp import chat_commands

        return chat_commands.show(server, *given[:1])
