"""What a streamed body says by itself: is each frame whole, did the model mark its end, and what
did the server count?

Libraries skip a frame that they can't read, put U+FFFD for bytes that are no UTF-8, and say
"stop" for a stream that was cut; LiteLLM says nothing else for Gemini. So the bytes are read
once more here, before any library sees them: server-sent events as the HTML standard (9.2.6)
defines them, lines of JSON, and Amazon's event stream.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from typing import Any, Final

from .event_stream import EventStreamReader
from .faults import HostFaultError
from .redact import LONGEST_READ
from .statuses import kind_of, message_in
from .usage import Counts

_LONGEST_FRAME: Final = 8 * 1024 * 1024
_SSE_STARTS: Final = (b"data:", b"event:", b"id:", b"retry:", b":")
_REASONS: Final = {
    # Anthropic
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    # OpenAI's older word
    "function_call": "tool_calls",
    # Gemini
    "safety": "content_filter",
    "recitation": "content_filter",
    "blocklist": "content_filter",
    "prohibited_content": "content_filter",
    "spii": "content_filter",
    "image_safety": "content_filter",
    # Cohere
    "complete": "stop",
    "tool_call": "tool_calls",
    "error_toxic": "content_filter",
    # Mistral, vLLM
    "model_length": "length",
    "eos": "stop",
    "eos_token": "stop",
    # Bedrock
    "guardrail_intervened": "content_filter",
    "content_filtered": "content_filter",
    "finish": "stop",
    # The Responses API
    "max_output_tokens": "length",
}


class BodyReader:
    """Follows one body. ``finish_reason`` is the model's own, in OpenAI's words, once it came;
    ``counts`` are the tokens that the server counted."""

    def __init__(self) -> None:
        self.finish_reason: str | None = None
        self.counts = Counts()
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self._pending = b""
        self._data: list[bytes] = []
        self._lines: Callable[[bytes], None] | None = None
        self._size = 0

    def feed(self, piece: bytes) -> None:
        """Raises ``HostFaultError`` (malformed, too_large) for what no reader should pass on."""
        try:
            self._decoder.decode(piece)
        except UnicodeDecodeError as error:
            raise HostFaultError("malformed", said="text that is not UTF-8") from error
        *lines, self._pending = (self._pending + piece).split(b"\n")
        if len(self._pending) > _LONGEST_FRAME:
            raise HostFaultError("too_large")
        for line in lines:
            self._line(line.rstrip(b"\r"))

    def end(self) -> None:
        """The body is over: all of it, or its last line, may be an object."""
        if self._lines == self._sse_line:
            return
        self._line(self._pending)
        if self._data:
            try:
                content = json.loads(b"\n".join(self._data))
            except ValueError:
                return
            self._object(content)

    def _line(self, line: bytes) -> None:
        if self._lines is None:
            if not line.strip():
                return
            self._lines = self._kind_of(line)
        self._lines(line)

    def _kind_of(self, first: bytes) -> Callable[[bytes], None]:
        """Events, lines of JSON, or one object over many lines: the first line tells."""
        if first.startswith(_SSE_STARTS):
            return self._sse_line
        try:
            json.loads(first)
        except ValueError:
            return self._part_line
        return self._json_line

    def _sse_line(self, line: bytes) -> None:
        if not line:
            self._dispatch()
        elif line.startswith(b"data:"):
            self._collect(line[5:].removeprefix(b" "))

    def _json_line(self, line: bytes) -> None:
        try:
            content = json.loads(line)
        except ValueError:
            return
        self._object(content)

    def _part_line(self, line: bytes) -> None:
        self._collect(line)

    def _collect(self, line: bytes) -> None:
        self._size += len(line)
        if self._size > _LONGEST_FRAME:
            raise HostFaultError("too_large")
        self._data.append(line)

    def _dispatch(self) -> None:
        if not self._data:
            return
        data, self._data, self._size = b"\n".join(self._data), [], 0
        if not data.strip() or data.strip() == b"[DONE]":
            return
        try:
            content = json.loads(data)
        except ValueError as error:
            raise HostFaultError(
                "malformed", said="a frame that is not JSON", detail=repr(data[:LONGEST_READ])
            ) from error
        self._object(content)

    def _object(self, content: Any) -> None:
        if isinstance(content, dict) and (stated := _stated(content)):
            raise stated
        self.counts.follow(content)
        reason = _finish_reason(content)
        if isinstance(reason, str) and reason:
            lowered = reason.lower()
            self.finish_reason = _REASONS.get(lowered, lowered)


class EventStreamBody(BodyReader):
    """The same for Amazon's event stream."""

    def __init__(self) -> None:
        super().__init__()
        self._messages = EventStreamReader()

    def feed(self, piece: bytes) -> None:
        """Raises ``HostFaultError``, also for an exception that the stream carries."""
        for content in self._messages.feed(piece):
            self._object(content)

    def end(self) -> None:
        """A message that is not whole is a cut, which the missing finish reason tells."""


def reader_for(content_type: str) -> BodyReader:
    """A reader for a body of this type."""
    return EventStreamBody() if "amazon.eventstream" in content_type else BodyReader()


def _stated(content: dict[str, Any]) -> HostFaultError | None:
    """The error in an object of the stream, after a status of 200."""
    error = content.get("error")
    if not error and content.get("type") != "error":
        return None
    code = error.get("code") if isinstance(error, dict) else None
    status = code if isinstance(code, int) else 500
    said = message_in(json.dumps(content))
    return HostFaultError(kind_of(status, said), said=said)


def _finish_reason(content: Any) -> Any:
    if isinstance(content, list):
        return next((r for one in reversed(content) if (r := _finish_reason(one))), None)
    if not isinstance(content, dict):
        return None
    for name, reason in (("choices", "finish_reason"), ("candidates", "finishReason")):
        choices = content.get(name)
        if isinstance(choices, list) and choices and isinstance(choices[0], dict):
            return choices[0].get(reason)
    if feedback := content.get("promptFeedback"):
        return "content_filter" if _table(feedback).get("blockReason") else None
    delta = content.get("delta")
    match content.get("type"):
        case "message_delta" if isinstance(delta, dict):
            return delta.get("stop_reason")
        case "message-end" if isinstance(delta, dict):
            return delta.get("finish_reason")
        case "response.completed":
            return "stop"
        case "response.incomplete":
            details = _table(_table(content.get("response")).get("incomplete_details"))
            return details.get("reason", "length")
        case _:
            return _bare_reason(content)


def _bare_reason(content: dict[str, Any]) -> Any:
    """The reason in an object without a type."""
    # Anthropic's whole message; Bedrock's Converse and Titan.
    for name in ("stop_reason", "stopReason", "completionReason"):
        if content.get(name):
            return content[name]
    # Bedrock's Nova and Mistral.
    outputs = content.get("outputs")
    inner = outputs[0] if isinstance(outputs, list) and outputs else content.get("messageStop")
    if isinstance(inner, dict):
        return inner.get("stopReason") or inner.get("stop_reason")
    # Replicate's prediction; Cohere's first API.
    if content.get("status") == "succeeded" and "output" in content:
        return "stop"
    return content.get("finish_reason") if content.get("is_finished") else None


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
