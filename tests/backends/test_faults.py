"""Each way in which a backend fails, and what its user is told."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from backends.asking import (
    ANTHROPIC,
    BEDROCK,
    COHERE,
    GEMINI,
    OLLAMA,
    OPENAI,
    WIRES,
    Wire,
    answer,
    ask,
    call,
)
from backends.certificates import self_signed
from backends.fault_aws import event
from backends.fault_server import EMPTY, HTML, FaultServer, Reply
from streetrace_lsp.routing.chat_call import Deadlines
from streetrace_lsp.routing.events import BackendError
from streetrace_lsp.routing.host import ModelHost

pytestmark = pytest.mark.asyncio(loop_scope="session")

every_wire = pytest.mark.parametrize("wire", [*WIRES, BEDROCK], ids=lambda wire: wire.name)

# The reply, the kind of fault, and a word of the message that says what happened.
STATUSES = {
    "wrong key": (Reply(status=401, message="no such key"), "auth", "no such key"),
    "forbidden": (Reply(status=403, message="not for you"), "auth", "not for you"),
    "unknown model": (Reply(status=404, message="model not found"), "not_found", 'demo"'),
    "bad request": (Reply(status=400, message="bad temperature"), "request", "bad temperature"),
    "too many": (Reply(status=429, headers={"Retry-After": "7"}), "rate_limit", "429"),
    "broken": (Reply(status=500, message="out of luck"), "server", "out of luck"),
    "bad gateway": (
        Reply(status=502, body=b"<html><h1>Bad gateway</h1>", content_type="text/html"),
        "server",
        "a web page",
    ),
    "busy": (Reply(status=503, message="server busy"), "server", "busy"),
    "overflow": (
        Reply(status=400, message="maximum context length is 8192 tokens"),
        "context",
        "too long",
    ),
    "filtered": (
        Reply(status=400, message="blocked by the content filter"),
        "content_filter",
        "content filter",
    ),
    "web page": (HTML, "malformed", "a web page"),
}

# Bytes that are no frame of the wire, in the middle of a good stream.
BAD_FRAMES = {
    OLLAMA: b'{"message": {"content": "x"}, "do\n',
    OPENAI: b'data: {"choices": [{"del\n\n',
    ANTHROPIC: b'event: content_block_delta\ndata: {"type": "content_bl\n\n',
    GEMINI: b'data: {"candidates": [{\n\n',
    COHERE: b'{"type": "content-del\n',
    # A message whose checksum is not its own.
    BEDROCK: event("contentBlockDelta", {"delta": {"text": "x"}})[:-1] + b"?",
}
BAD_BYTES = {
    OLLAMA: b'{"message": {"content": "\xff\xfe"}, "done": false}\n',
    OPENAI: b'data: {"choices": [{"index": 0, "delta": {"content": "\xff"}}]}\n\n',
    ANTHROPIC: b'data: {"type": "content_block_delta", "index": 0, '
    b'"delta": {"type": "text_delta", "text": "\xff"}}\n\n',
    GEMINI: b'data: {"candidates": [{"content": {"parts": [{"text": "\xff"}]}}]}\n\n',
    COHERE: b'{"type": "content-delta", "delta": {"message": {"content": {"text": "\xff"}}}}\n',
    BEDROCK: b"\xff\xfe" * 16,
}


def said(error: BackendError | None) -> BackendError:
    """The error, once it names the backend and what to do next."""
    assert error is not None
    assert "mine" in error.message
    assert error.next_step
    return error


@every_wire
@pytest.mark.parametrize("name", STATUSES)
async def test_a_status_is_explained(
    wire: Wire, name: str, host: ModelHost, server: FaultServer
) -> None:
    reply, kind, word = STATUSES[name]
    server.script(reply)
    error = said((await ask(host, wire, server)).error)
    assert error.kind == kind
    assert word in error.sentence
    # One retry policy, and it is not the library's.
    assert len(server.requests) == 1


@every_wire
async def test_retry_after_is_passed_on(wire: Wire, host: ModelHost, server: FaultServer) -> None:
    server.script(Reply(status=429, headers={"Retry-After": "7"}))
    assert said((await ask(host, wire, server)).error).retry_after == 7


@every_wire
async def test_a_malformed_frame_ends_the_reply(
    wire: Wire, host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(raw_after=(2, BAD_FRAMES[wire])))
    found = await ask(host, wire, server)
    assert found.finished is None
    assert said(found.error).kind == "malformed"


@every_wire
async def test_bytes_that_are_not_utf8_end_the_reply(
    wire: Wire, host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(raw_after=(2, BAD_BYTES[wire])))
    found = await ask(host, wire, server)
    assert found.finished is None
    assert "\ufffd" not in found.text
    assert said(found.error).kind == "malformed"


@every_wire
async def test_an_error_inside_the_stream_is_the_servers(
    wire: Wire, host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(stream_error="the graphics card fell out"))
    found = await ask(host, wire, server)
    assert found.finished is None
    error = said(found.error)
    assert error.kind == "server"
    assert "the graphics card fell out" in error.message


@every_wire
async def test_a_stream_that_ends_without_a_finish_is_cut(
    wire: Wire, host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(finish=None))
    found = await ask(host, wire, server)
    assert found.finished is None
    assert found.text == "Hello, world."
    assert said(found.error).kind == "cut"


@every_wire
async def test_a_connection_that_is_reset_is_a_cut(
    wire: Wire, host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(text="x" * 4000, cut_after=900, reset=True))
    found = await ask(host, wire, server)
    assert found.finished is None
    assert said(found.error).kind == "cut"


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
async def test_nothing_at_all_is_a_cut(wire: Wire, host: ModelHost, server: FaultServer) -> None:
    server.script(Reply(body=b""))
    found = await ask(host, wire, server)
    assert found.finished is None
    assert said(found.error).kind == "cut"


async def test_nothing_at_all_from_bedrock_is_its_failure(
    host: ModelHost, server: FaultServer
) -> None:
    server.script(Reply(body=b""))
    found = await ask(host, BEDROCK, server)
    assert found.finished is None
    assert said(found.error).kind == "server"


@every_wire
async def test_a_refused_connection_says_how_to_start(wire: Wire, host: ModelHost) -> None:
    with FaultServer() as gone:
        asked = call(wire, gone, local=True)
    error = said((await answer(host.stream(asked))).error)
    assert error.kind == "connect"
    assert "refused" in error.message
    # Last, since an editor may have one line for all of it.
    assert error.next_step.endswith(f"(Asked: 127.0.0.1:{gone.port})")
    assert "tart" in error.next_step


async def test_ollama_says_its_own_command(host: ModelHost) -> None:
    with FaultServer() as gone:
        asked = call(OLLAMA, gone)
    error = said((await answer(host.stream(asked))).error)
    assert "`ollama serve`" in error.next_step


async def test_ollama_says_how_to_get_a_model(host: ModelHost, server: FaultServer) -> None:
    server.script(Reply(status=404, message='model "demo" not found, try pulling it first'))
    error = said((await ask(host, OLLAMA, server)).error)
    assert "`ollama pull demo`" in error.next_step


@every_wire
async def test_a_name_that_does_not_resolve_is_named(
    wire: Wire, host: ModelHost, server: FaultServer
) -> None:
    # RFC 6761 (6.4): names under .invalid never resolve.
    found = await ask(
        host, wire, server, api_base="http://models.invalid/v1", origins=(("models.invalid", 80),)
    )
    error = said(found.error)
    assert error.kind == "dns"
    assert '"models.invalid"' in error.message


@every_wire
async def test_plain_http_where_tls_is_expected_is_a_tls_failure(
    wire: Wire, host: ModelHost, server: FaultServer
) -> None:
    found = await ask(host, wire, server, api_base=f"https://127.0.0.1:{server.port}/v1")
    assert said(found.error).kind == "tls"


@every_wire
async def test_a_certificate_that_nobody_signed_is_refused(
    wire: Wire, host: ModelHost, tmp_path: Path
) -> None:
    with FaultServer(tls=self_signed(tmp_path)) as server:
        found = await ask(host, wire, server)
        assert server.requests == []
    error = said(found.error)
    assert error.kind == "tls"
    assert "self-signed" in error.message
    assert "SSL_CERT_FILE" in error.next_step
    assert "verif" not in error.next_step


@pytest.fixture
def silent() -> Iterator[int]:
    """A port whose queue of connections is full: nobody accepts, nobody refuses."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        port = listening.getsockname()[1]
        waiting = []
        for _ in range(4):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
            waiting.append(one)
        yield port
        for one in waiting:
            one.close()


@every_wire
async def test_a_connection_that_nobody_accepts_is_given_up(
    wire: Wire, silent: int, host: ModelHost, server: FaultServer
) -> None:
    found = await ask(
        host,
        wire,
        server,
        api_base=f"http://127.0.0.1:{silent}",
        origins=(("127.0.0.1", silent),),
        deadlines=Deadlines(connect=0.2, total=20),
    )
    error = said(found.error)
    assert error.kind == "connect"
    assert "did not accept" in error.message


@every_wire
async def test_the_next_request_works(wire: Wire, host: ModelHost, server: FaultServer) -> None:
    server.script(Reply(cut_after=10), EMPTY)
    await ask(host, wire, server)
    assert (await ask(host, wire, server)).error is None
