"""How the fault server spells one scripted reply in each provider's wire format."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from backends.fault_aws import Converse, Invoke
from backends.fault_pull import Pull

Wire = Literal[
    "openai", "ollama", "anthropic", "gemini", "cohere", "converse", "invoke", "replicate", "pull"
]


@dataclass(frozen=True)
class Called:
    """A tool call that the model makes; ``arguments`` is a JSON object as text."""

    name: str
    arguments: str
    id: str = ""


@dataclass(frozen=True)
class Reply:
    """What to answer one request with. Every default gives a well-behaved short stream."""

    text: str = "Hello, world."
    # Code points of text in each chunk.
    chunk: int = 4
    # Chunks per second by the loop's clock; None sends everything at once.
    rate: float | None = None
    reasoning: str = ""
    # Tool calls after the text, their arguments in chunks of the same size where the wire has
    # pieces of them.
    calls: tuple[Called, ...] = ()
    # None leaves out the finish marker (and Ollama's `done`), but ends the response cleanly.
    finish: str | None = "stop"
    usage: tuple[int, int] | None = (7, 5)
    # Stop after so many chunks of text (0: before the headers; Replicate: so many looks at what
    # became of the prediction) until `release()`.
    hold_after: int | None = None
    # Close the connection after so many bytes of the body (see `body_of`).
    cut_after: int | None = None
    # Reset the connection instead of closing it.
    reset: bool = False
    # Insert these bytes as a frame of their own after so many chunks.
    raw_after: tuple[int, bytes] | None = None
    # An error object inside the stream, after the text.
    stream_error: str | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    # The message of an error status. "{key}" becomes the key that the client sent.
    message: str = "scripted error"
    # The whole body, verbatim, instead of any of the above.
    body: bytes | None = None
    content_type: str | None = None
    # Answer 307 to this URL; path and query of the request are appended when it ends with "*".
    redirect: str | None = None
    # "close" sends no length and no chunks: the end of the connection is the end of the body.
    framing: Literal["chunked", "close"] = "chunked"


HTML = Reply(body=b"<!DOCTYPE html><html><body>Log in</body></html>", content_type="text/html")
EMPTY = Reply(text="")
INVALID_UTF8 = Reply(raw_after=(1, b'data: {"choices": [{"delta": {"content": "\xff\xfe"}}]}\n\n'))
MALFORMED = Reply(raw_after=(1, b'data: {"choices": [{"del\n\n'))


def body_of(reply: Reply, *, wire: Wire = "openai", model: str = "demo") -> bytes:
    """The bytes of the streamed body: the positions that `cut_after` counts."""
    return b"".join(frame for frame, _ in frames(reply, wire, model))


def frames(reply: Reply, wire: Wire, model: str) -> Iterator[tuple[bytes, int]]:
    """The frames of a streamed reply, each with the number of chunks of text up to its end."""
    spell = _SPELLINGS[wire]
    sent = 0
    yield from ((frame, sent) for frame in spell.begin(reply, model))
    raw_after, raw = reply.raw_after or (None, b"")
    for text, reasoning in _pieces(reply):
        if raw_after == sent:
            yield raw, sent
        sent += 1
        yield spell.piece(text, reasoning, model), sent
    for number, call in enumerate(reply.calls):
        pieces = [call.arguments[at : at + reply.chunk] for at in _steps(call.arguments, reply)]
        for frame in spell.call(number, call, pieces, model):
            sent += 1
            yield frame, sent
    if raw_after is not None and raw_after >= sent:
        yield raw, sent
    if reply.stream_error is not None:
        yield spell.error(reply.stream_error), sent
        return
    yield from ((frame, sent) for frame in spell.end(reply, model))


def whole(reply: Reply, wire: Wire, model: str) -> dict[str, Any]:
    """The body of a reply that was not asked to stream."""
    if wire == "ollama":
        return {**_ollama(model, reply.text), **_ollama_end(reply)}
    if wire == "anthropic":
        return {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": model,
            "content": [{"type": "text", "text": reply.text}],
            "stop_reason": "end_turn",
            "usage": {"input_tokens": 7, "output_tokens": 5},
        }
    if wire == "gemini":
        return _gemini(reply.text, "STOP")
    message = {"role": "assistant", "content": reply.text}
    return {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": reply.finish}],
        "usage": _usage(reply),
    }


def _pieces(reply: Reply) -> Iterator[tuple[str, str]]:
    for at in range(0, len(reply.reasoning), reply.chunk):
        yield "", reply.reasoning[at : at + reply.chunk]
    for at in range(0, len(reply.text), reply.chunk):
        yield reply.text[at : at + reply.chunk], ""


def _steps(text: str, reply: Reply) -> range:
    return range(0, len(text), reply.chunk)


def _ended(reply: Reply, words: dict[str, str], called: str) -> str:
    """The word of a wire for the reason; ``called`` is its word after tool calls."""
    assert reply.finish is not None
    if reply.calls and reply.finish == "stop":
        return called
    return words.get(reply.finish, reply.finish)


def _usage(reply: Reply) -> dict[str, int] | None:
    if reply.usage is None:
        return None
    prompt, completion = reply.usage
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }


def _sse(content: Any, event: str = "") -> bytes:
    head = f"event: {event}\n" if event else ""
    return f"{head}data: {json.dumps(content)}\n\n".encode()


class _OpenAI:
    def begin(self, reply: Reply, model: str) -> Iterator[bytes]:
        yield self._chunk({"role": "assistant", "content": ""}, model)

    def piece(self, text: str, reasoning: str, model: str) -> bytes:
        delta = {"reasoning_content": reasoning} if reasoning else {"content": text}
        return self._chunk(delta, model)

    def call(self, number: int, call: Called, pieces: list[str], model: str) -> Iterator[bytes]:
        named: dict[str, Any] = {"id": call.id or f"c{number}", "type": "function"}
        named["function"] = {"name": call.name, "arguments": ""}
        yield self._chunk({"tool_calls": [{"index": number, **named}]}, model)
        for piece in pieces:
            delta = {"index": number, "function": {"arguments": piece}}
            yield self._chunk({"tool_calls": [delta]}, model)

    def error(self, message: str) -> bytes:
        return _sse({"error": {"message": message, "type": "server_error", "code": 500}})

    def end(self, reply: Reply, model: str) -> Iterator[bytes]:
        if reply.finish is None:
            return
        yield self._chunk({}, model, _ended(reply, {}, "tool_calls"))
        if reply.usage is not None:
            yield _sse({**self._frame(model), "choices": [], "usage": _usage(reply)})
        yield b"data: [DONE]\n\n"

    def _chunk(self, delta: dict[str, Any], model: str, finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _sse({**self._frame(model), "choices": [choice]})

    def _frame(self, model: str) -> dict[str, Any]:
        return {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": model}


class _Ollama:
    def begin(self, reply: Reply, model: str) -> Iterator[bytes]:
        yield from ()

    def piece(self, text: str, reasoning: str, model: str) -> bytes:
        part = _ollama(model, text)
        if reasoning:
            part["message"]["thinking"] = reasoning
        return _line({**part, "done": False})

    def call(self, number: int, call: Called, pieces: list[str], model: str) -> Iterator[bytes]:
        part = _ollama(model, "")
        said = {"name": call.name, "arguments": json.loads(call.arguments)}
        part["message"]["tool_calls"] = [{"function": said}]
        yield _line({**part, "done": False})

    def error(self, message: str) -> bytes:
        return _line({"error": message})

    def end(self, reply: Reply, model: str) -> Iterator[bytes]:
        if reply.finish is not None:
            yield _line({**_ollama(model, ""), **_ollama_end(reply)})


class _Anthropic:
    def begin(self, reply: Reply, model: str) -> Iterator[bytes]:
        message = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": model,
            "content": [],
            "usage": {"input_tokens": 7, "output_tokens": 1},
        }
        yield _sse({"type": "message_start", "message": message}, "message_start")
        block = {"type": "text", "text": ""}
        yield self._event("content_block_start", index=0, content_block=block)

    def piece(self, text: str, reasoning: str, model: str) -> bytes:
        delta = {"type": "text_delta", "text": text}
        if reasoning:
            delta = {"type": "thinking_delta", "thinking": reasoning}
        return self._event("content_block_delta", index=0, delta=delta)

    def call(self, number: int, call: Called, pieces: list[str], model: str) -> Iterator[bytes]:
        yield self._event("content_block_stop", index=number)
        block = {"type": "tool_use", "id": call.id or f"c{number}", "name": call.name, "input": {}}
        yield self._event("content_block_start", index=number + 1, content_block=block)
        for piece in ["", *pieces]:
            delta = {"type": "input_json_delta", "partial_json": piece}
            yield self._event("content_block_delta", index=number + 1, delta=delta)

    def error(self, message: str) -> bytes:
        return self._event("error", error={"type": "overloaded_error", "message": message})

    def end(self, reply: Reply, model: str) -> Iterator[bytes]:
        if reply.finish is None:
            return
        reason = _ended(reply, {"stop": "end_turn", "length": "max_tokens"}, "tool_use")
        yield self._event("content_block_stop", index=len(reply.calls))
        yield self._event(
            "message_delta", delta={"stop_reason": reason}, usage={"output_tokens": 5}
        )
        yield self._event("message_stop")

    def _event(self, kind: str, **content: Any) -> bytes:
        return _sse({"type": kind, **content}, kind)


class _Gemini:
    def begin(self, reply: Reply, model: str) -> Iterator[bytes]:
        yield from ()

    def piece(self, text: str, reasoning: str, model: str) -> bytes:
        return _sse(_gemini(text or reasoning, None, thought=bool(reasoning)))

    def call(self, number: int, call: Called, pieces: list[str], model: str) -> Iterator[bytes]:
        said = {"name": call.name, "args": json.loads(call.arguments)}
        content = _gemini("", None)
        content["candidates"][0]["content"]["parts"] = [{"functionCall": said}]
        yield _sse(content)

    def error(self, message: str) -> bytes:
        return _sse({"error": {"code": 500, "message": message, "status": "INTERNAL"}})

    def end(self, reply: Reply, model: str) -> Iterator[bytes]:
        if reply.finish is not None:
            reasons = {"stop": "STOP", "length": "MAX_TOKENS", "content_filter": "SAFETY"}
            yield _sse(_gemini("", reasons.get(reply.finish, reply.finish)))


class _Cohere:
    """Lines of JSON, as Cohere sends them to a client that accepts application/json."""

    def begin(self, reply: Reply, model: str) -> Iterator[bytes]:
        yield _line({"type": "message-start", "id": "c1"})

    def piece(self, text: str, reasoning: str, model: str) -> bytes:
        content = {"thinking": reasoning} if reasoning else {"text": text}
        return _line(
            {"type": "content-delta", "index": 0, "delta": {"message": {"content": content}}}
        )

    def call(self, number: int, call: Called, pieces: list[str], model: str) -> Iterator[bytes]:
        said = {"name": call.name, "arguments": ""}
        named = {"id": call.id or f"c{number}", "type": "function", "function": said}
        yield self._call("start", number, named)
        for piece in pieces:
            yield self._call("delta", number, {"function": {"arguments": piece}})
        yield _line({"type": "tool-call-end", "index": number})

    def _call(self, kind: str, number: int, content: Any) -> bytes:
        delta = {"message": {"tool_calls": content}}
        return _line({"type": f"tool-call-{kind}", "index": number, "delta": delta})

    def error(self, message: str) -> bytes:
        return _line({"type": "error", "message": message})

    def end(self, reply: Reply, model: str) -> Iterator[bytes]:
        if reply.finish is None:
            return
        reason = _ended(reply, {"stop": "COMPLETE", "length": "MAX_TOKENS"}, "TOOL_CALL")
        tokens = {"input_tokens": 7, "output_tokens": 5}
        delta = {"finish_reason": reason, "usage": {"tokens": tokens, "billed_units": tokens}}
        yield _line({"type": "message-end", "delta": delta})


_SPELLINGS: dict[str, Any] = {
    "openai": _OpenAI(),
    "ollama": _Ollama(),
    "anthropic": _Anthropic(),
    "gemini": _Gemini(),
    "cohere": _Cohere(),
    "converse": Converse(),
    "invoke": Invoke(),
    "pull": Pull(),
}


def _line(content: Any) -> bytes:
    return json.dumps(content).encode() + b"\n"


def _ollama(model: str, text: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    return {"model": model, "created_at": "2026-01-01T00:00:00Z", "message": message}


def _ollama_end(reply: Reply) -> dict[str, Any]:
    end: dict[str, Any] = {"done": True, "done_reason": reply.finish}
    if reply.usage is not None:
        end |= {"prompt_eval_count": reply.usage[0], "eval_count": reply.usage[1]}
    return end


def _gemini(text: str, finish: str | None, *, thought: bool = False) -> dict[str, Any]:
    part: dict[str, Any] = {"text": text, **({"thought": True} if thought else {})}
    candidate: dict[str, Any] = {"content": {"role": "model", "parts": [part]}, "index": 0}
    if finish is not None:
        candidate["finishReason"] = finish
    counts = {"promptTokenCount": 7, "candidatesTokenCount": 5, "totalTokenCount": 12}
    return {"candidates": [candidate], "usageMetadata": counts}
