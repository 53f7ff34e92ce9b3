"""``streetrace/chat/*``, registered; what they need is imported when they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer

CREATE = "streetrace/chat/create"
READ = "streetrace/chat/read"
LIST = "streetrace/chat/list"
SEND = "streetrace/chat/send"
REGENERATE = "streetrace/chat/regenerate"
CONTINUE = "streetrace/chat/continue"
COMPACT = "streetrace/chat/compact"
MODEL = "streetrace/chat/model"
FORK = "streetrace/chat/fork"
APPLY = "streetrace/chat/apply"
INSERT = "streetrace/chat/insert"
CREATE_FILE = "streetrace/chat/createFile"
PART = "streetrace/chat/part"


def register_chat_requests(server: StreetraceServer) -> None:
    """Adds the requests to ``server``."""

    @server.feature(CREATE)
    def create(params: Any) -> dict[str, Any]:
        from streetrace_lsp.lsp import chat_requests

        return chat_requests.create(server, params)

    @server.feature(READ)
    def read(params: Any) -> dict[str, Any]:
        from streetrace_lsp.lsp import chat_requests

        return chat_requests.read_chat(server, params)

    @server.feature(LIST)
    async def list_chats(params: Any) -> dict[str, Any]:
        from streetrace_lsp.lsp import chat_requests

        return await chat_requests.list_chats(server, params)

    @server.feature(SEND)
    async def send(params: Any) -> dict[str, Any]:
        from streetrace_lsp.lsp import chat_stream

        return await chat_stream.send(server, params)

    @server.feature(REGENERATE)
    async def regenerate(params: Any) -> dict[str, Any]:
        from streetrace_lsp.lsp import chat_stream

        return await chat_stream.again(server, "regenerate", params)

    @server.feature(CONTINUE)
    async def go_on(params: Any) -> dict[str, Any]:
        from streetrace_lsp.lsp import chat_stream

        return await chat_stream.again(server, "continue", params)

    @server.feature(COMPACT)
    async def compact(params: Any) -> dict[str, Any]:
        from streetrace_lsp.lsp import chat_stream

        return await chat_stream.again(server, "compact", params)

    @server.feature(MODEL)
    async def model(params: Any) -> dict[str, Any]:
        from streetrace_lsp.lsp import chat_requests

        return await chat_requests.model(server, params)

    @server.feature(FORK)
    def fork(params: Any) -> dict[str, Any]:
        from streetrace_lsp.lsp import chat_requests

        return chat_requests.fork(server, params)

    @server.feature(APPLY)
    async def apply(params: Any) -> dict[str, Any]:
        from streetrace_lsp.lsp import chat_code_requests

        return await chat_code_requests.apply(server, params)

    @server.feature(INSERT)
    async def insert(params: Any) -> dict[str, Any]:
        from streetrace_lsp.lsp import chat_code_requests

        return await chat_code_requests.insert(server, params)

    @server.feature(CREATE_FILE)
    async def create_file(params: Any) -> dict[str, Any]:
        from streetrace_lsp.lsp import chat_code_requests

        return await chat_code_requests.create_file(server, params)
