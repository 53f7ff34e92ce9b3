"""The commands. What each needs is imported when it is used, not for ``initialize``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streetrace_lsp.lsp.register_sending import register_sending

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer


def register_commands(server: StreetraceServer) -> None:
    """Register ``streetrace.*``, but for those of chats, reviews and of programs."""

    @server.command("streetrace.action")
    def action(*given: Any) -> Any:
        from streetrace_lsp.lsp import commands

        return commands.run_action(server, *given[:1])

    @server.command("streetrace.cancel")
    def cancel(*given: Any) -> Any:
        from streetrace_lsp.lsp import commands

        return commands.cancel(server, *given[:1])

    @server.command("streetrace.apply")
    def apply(*given: Any) -> Any:
        from streetrace_lsp.lsp import apply_command

        return apply_command.apply_proposal(server, *given[:1])

    @server.command("streetrace.discard")
    def discard(*given: Any) -> Any:
        from streetrace_lsp.lsp import apply_command

        return apply_command.discard_proposal(server, *given[:1])

    @server.command("streetrace.show")
    async def show(*given: Any) -> Any:
        from streetrace_lsp.lsp import commands

        return await commands.show(server, *given[:1])

    @server.command("streetrace.model")
    async def model(*given: Any) -> Any:
        from streetrace_lsp.lsp import model_commands

        return await model_commands.switch(server, *given[:1])

    @server.command("streetrace.model.recommend")
    async def recommend(*given: Any) -> Any:
        from streetrace_lsp.lsp import model_commands

        return await model_commands.recommend(server, *given[:1])

    @server.command("streetrace.trace")
    async def trace(*given: Any) -> Any:
        from streetrace_lsp.lsp.trace import trace as show_trace

        return await show_trace(server, *given[:1])

    @server.command("streetrace.compare")
    def compare(*given: Any) -> Any:
        from streetrace_lsp.lsp import compare

        return compare.compare(server, *given[:1])

    @server.command("streetrace.model.pull")
    def pull(*given: Any) -> Any:
        from streetrace_lsp.lsp import backend_commands

        return backend_commands.pull(server, *given[:1])

    @server.command("streetrace.config.show")
    async def show_config(*given: Any) -> Any:
        from streetrace_lsp.lsp import config_commands

        return await config_commands.show(server, *given[:1])

    @server.command("streetrace.config.check")
    async def check_config(*given: Any) -> Any:
        from streetrace_lsp.lsp import config_commands

        return await config_commands.check(server, *given[:1])

    @server.command("streetrace.backend.test")
    def test(*given: Any) -> Any:
        from streetrace_lsp.lsp import backend_commands

        return backend_commands.test(server, *given[:1])

    @server.command("streetrace.init")
    async def init(*given: Any) -> Any:
        from streetrace_lsp.lsp import init_command

        return await init_command.init(server, *given[:1])

    @server.command("streetrace.usage")
    async def usage(*given: Any) -> Any:
        from streetrace_lsp.lsp import usage

        return await usage.usage(server, *given[:1])

    @server.command("streetrace.doctor")
    def doctor(*given: Any) -> Any:
        from streetrace_lsp.lsp import doctor

        return doctor.doctor(server, *given[:1])

    register_sending(server)

    @server.command("streetrace.trust")
    async def trust(*given: Any) -> Any:
        from streetrace_lsp.lsp import commands

        return await commands.trust(server, *given[:1])
