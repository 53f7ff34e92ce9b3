"""How the fault server spells a reply as Amazon Bedrock does: in messages of an event stream.

Both of its operations: ConverseStream, and InvokeModelWithResponseStream, which carries the
events of Anthropic's wire.
"""

from __future__ import annotations

import base64
import json
import struct
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backends.fault_wires import Called, Reply

CONTENT_TYPE = "application/vnd.amazon.eventstream"
_TEXT = 7


def message(payload: Any, **headers: str) -> bytes:
    """One message with its two checksums; the header ``a_b`` is sent as ``:a-b``."""
    body = json.dumps(payload).encode()
    head = b"".join(_header(f":{name.replace('_', '-')}", text) for name, text in headers.items())
    prelude = struct.pack(">II", 16 + len(head) + len(body), len(head))
    whole = prelude + struct.pack(">I", zlib.crc32(prelude)) + head + body
    return whole + struct.pack(">I", zlib.crc32(whole))


def event(kind: str, payload: Any) -> bytes:
    return message(payload, event_type=kind, content_type="application/json", message_type="event")


def exception(kind: str, said: str) -> bytes:
    return message(
        {"message": said},
        exception_type=kind,
        content_type="application/json",
        message_type="exception",
    )


def _header(name: str, text: str) -> bytes:
    value = text.encode()
    return bytes([len(name)]) + name.encode() + struct.pack(">BH", _TEXT, len(value)) + value


class Converse:
    def begin(self, reply: Reply, model: str) -> Iterator[bytes]:
        yield event("messageStart", {"role": "assistant"})

    def piece(self, text: str, reasoning: str, model: str) -> bytes:
        delta = {"reasoningContent": {"text": reasoning}} if reasoning else {"text": text}
        return event("contentBlockDelta", {"contentBlockIndex": 0, "delta": delta})

    def call(self, number: int, call: Called, pieces: list[str], model: str) -> Iterator[bytes]:
        yield event("contentBlockStop", {"contentBlockIndex": number})
        tool = {"toolUse": {"toolUseId": call.id or f"c{number}", "name": call.name}}
        yield event("contentBlockStart", {"contentBlockIndex": number + 1, "start": tool})
        for piece in pieces:
            delta = {"toolUse": {"input": piece}}
            yield event("contentBlockDelta", {"contentBlockIndex": number + 1, "delta": delta})

    def error(self, said: str) -> bytes:
        return exception("modelStreamErrorException", said)

    def end(self, reply: Reply, model: str) -> Iterator[bytes]:
        if reply.finish is None:
            return
        called = {"stop": "tool_use"} if reply.calls else {}
        words = {"stop": "end_turn", "length": "max_tokens", **called}
        reason = words.get(reply.finish, reply.finish)
        yield event("contentBlockStop", {"contentBlockIndex": len(reply.calls)})
        yield event("messageStop", {"stopReason": reason})
        if reply.usage is not None:
            asked, answered = reply.usage
            tokens = {"inputTokens": asked, "outputTokens": answered}
            usage = {**tokens, "totalTokens": asked + answered}
            yield event("metadata", {"usage": usage, "metrics": {"latencyMs": 1}})


class Invoke:
    """Anthropic's events, each inside a chunk."""

    def begin(self, reply: Reply, model: str) -> Iterator[bytes]:
        usage = {"input_tokens": 7, "output_tokens": 1}
        begun = {"id": "msg_1", "type": "message", "role": "assistant", "content": []}
        yield _chunk(type="message_start", message={**begun, "model": model, "usage": usage})
        yield _chunk(
            type="content_block_start", index=0, content_block={"type": "text", "text": ""}
        )

    def piece(self, text: str, reasoning: str, model: str) -> bytes:
        delta = {"type": "text_delta", "text": text}
        if reasoning:
            delta = {"type": "thinking_delta", "thinking": reasoning}
        return _chunk(type="content_block_delta", index=0, delta=delta)

    def error(self, said: str) -> bytes:
        return exception("modelStreamErrorException", said)

    def end(self, reply: Reply, model: str) -> Iterator[bytes]:
        if reply.finish is None:
            return
        reason = {"stop": "end_turn", "length": "max_tokens"}.get(reply.finish, reply.finish)
        yield _chunk(type="content_block_stop", index=0)
        usage = {"output_tokens": 5}
        yield _chunk(type="message_delta", delta={"stop_reason": reason}, usage=usage)
        yield _chunk(type="message_stop")


def _chunk(**content: Any) -> bytes:
    return event("chunk", {"bytes": base64.b64encode(json.dumps(content).encode()).decode()})
