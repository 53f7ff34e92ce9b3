"""Registers what chats have: commands, and folding by turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer


def register_chat(server: StreetraceServer) -> None:
    """Register the commands; what each needs is imported when it is used."""

    @server.command("streetrace.chat.new")
    async def new(*given: Any) -> Any:
        from streetrace_lsp.lsp import chat_files

        return await chat_files.new(server, *given[:1])

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

    @server.command("streetrace.chat.fork")
    async def fork(*given: Any) -> Any:
        from streetrace_lsp.lsp import chat_files

        return await chat_files.fork(server, *given[:1])

    @server.command("streetrace.chat.open")
    async def open_chat(*given: Any) -> Any:
        from streetrace_lsp.lsp import chat_files

        return await chat_files.open_chat(server, *given[:1])

    @server.command("streetrace.chat.model")
    async def model(*given: Any) -> Any:
        from streetrace_lsp.lsp import chat_files

        return await chat_files.model(server, *given[:1])

    @server.command("streetrace.chat.apply")
    async def apply(*given: Any) -> Any:
        from streetrace_lsp.lsp import chat_code_commands

        return await chat_code_commands.apply_code(server, *given[:1])

    @server.command("streetrace.chat.insert")
    def insert(*given: Any) -> Any:
        from streetrace_lsp.lsp import chat_code_commands

        return chat_code_commands.insert_code(server, *given[:1])

    @server.command("streetrace.chat.create")
    def create(*given: Any) -> Any:
        from streetrace_lsp.lsp import chat_code_commands

        return chat_code_commands.create_file(server, *given[:1])

    @server.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)
    def folding(params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
        from streetrace_lsp.lsp import chat_help

        return chat_help.folding(server, params)
