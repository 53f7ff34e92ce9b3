"""A stream that is cut at any byte is never taken for a whole answer."""

from __future__ import annotations

import dataclasses

import pytest

from backends.asking import ANTHROPIC, COHERE, GEMINI, OLLAMA, OPENAI, Wire, ask
from backends.fault_server import FaultServer, Reply, body_of
from streetrace_lsp.routing.host import ModelHost

pytestmark = pytest.mark.asyncio(loop_scope="session")

TEXT = "x = ‘é’\n"
# What the wire says at the end of a reply, in the order of the bytes.
MARKERS = {
    OLLAMA: b'"done": true',
    OPENAI: b'"finish_reason": "stop"',
    ANTHROPIC: b'"stop_reason": "end_turn"',
    GEMINI: b'"finishReason": "STOP"',
    COHERE: b'"finish_reason": "COMPLETE"',
}


@pytest.mark.parametrize("framing", ["chunked", "close"])
@pytest.mark.parametrize("wire", MARKERS, ids=lambda wire: wire.name)
async def test_a_cut_before_the_marker_is_never_an_end(
    wire: Wire, framing: str, host: ModelHost, server: FaultServer
) -> None:
    reply = Reply(text=TEXT, chunk=len(TEXT), usage=None, framing=framing)  # type: ignore[arg-type]
    body = body_of(reply, wire=wire.name)  # type: ignore[arg-type]
    marked = body.index(MARKERS[wire]) + len(MARKERS[wire])
    # At every byte where only the end of the connection ends the body, which is where a cut is
    # silent; elsewhere, and for the further wires of LiteLLM, at fewer.
    step = 1 if wire is OLLAMA or (wire is OPENAI and framing == "close") else 7
    for cut in range(1, len(body), step):
        server.script(dataclasses.replace(reply, cut_after=cut))
        found = await ask(host, wire, server)
        assert TEXT.startswith(found.text), cut
        if found.finished is None:
            assert found.error is not None
            assert found.error.kind in {"cut", "malformed"}, (cut, found.error)
        else:
            assert cut >= marked, cut
            assert found.text == TEXT
            assert found.finished.marker
