"""The frames between the server and the model host, and how they are read and written.

A frame is four bytes, the length of what follows (big-endian), and that many bytes of JSON.

From the server: ``{"op": "chat", "id", …ChatFrame}``, ``{"op": "cancel", "id"}``, ``{"op": "ping",
"id"}`` (answered by ``{"ev": "pong"}``, also while the child is busy),
``{"op": "models", "id", …ChatFrame}``, ``{"op": "prewarm", "id", "adapter"}``,
``{"op": "list" | "ready" | "pull", "id", …ChatFrame}`` (see ``listing``), and ``{"op": "embed",
"id", …ChatFrame}`` (see ``embedding``). The end of the pipe ends the child.

From the child, each with the ``id`` it answers: ``{"ev": "text" | "reasoning", "text"}``,
``{"ev": "tool_call", "index", "call", "name", "arguments"}`` (a piece of a call's arguments, and
which call it is), and as the last one ``{"ev": "finished", "reason", "usage", "tool_calls",
"first_token", "duration", …}`` (the last two in seconds from when the request left, or null),
``{"ev": "error", …Fault}``, ``{"ev": "models", "names"}``, ``{"ev": "warm"}``,
``{"ev": "cancelled"}``, ``{"ev": "listed", "models": [ListedFrame]}`` (of a LiteLLM Proxy
``"rows"`` instead), ``{"ev": "ready"}``, ``{"ev": "embedded", "vectors"}`` or
``{"ev": "pulled"}``; before that one come ``{"ev": "pulling", "status", "completed", "total"}``.
"""

from __future__ import annotations

import json
import struct
from typing import Any, Final, NotRequired, TypedDict

LENGTH: Final = struct.Struct(">I")
# Far above a prompt that any model takes; a length beyond it means that the pipe is out of step.
LARGEST: Final = 256 * 1024 * 1024


class NetworkFrame(TypedDict):
    """How to get out: proxies (scheme://host:port) for https and http, and their logins, each
    user name and password; the hosts that need none; files for TLS.

    ``named`` tells which variable of the user's shell a setting was taken from, by its key; what
    is not in it comes from the user's own configuration.
    """

    proxy: str | None
    login: list[str] | None
    http_proxy: str | None
    http_login: list[str] | None
    no_proxy: list[str]
    ca_bundle: str | None
    client_cert: str | None
    client_key: str | None
    named: dict[str, str]


class ToolsFrame(TypedDict):
    """What the model may call. ``functions``: each ``name``, ``description`` and ``parameters``,
    a JSON Schema. ``choice``: ``auto``, ``none``, ``required``, or ``{"name"}`` of one of them.
    """

    functions: list[dict[str, Any]]
    choice: str | dict[str, str]


class ChatFrame(TypedDict):
    """One request for a reply, as the child needs it. Keys travel here and nowhere else.

    ``messages`` are in the form of OpenAI's chat completions, tool calls and their results too.
    """

    adapter: str
    backend: str
    provider: str
    model: str
    messages: list[dict[str, Any]]
    tools: ToolsFrame | None
    api_base: str | None
    key: str | None
    credentials: dict[str, str]
    origins: list[list[Any]]
    headers: dict[str, str]
    extra_body: dict[str, Any]
    options: dict[str, Any]
    recordings: str | None
    connect_timeout: float
    total_timeout: float
    network: NetworkFrame | None


class ListedFrame(TypedDict):
    """One model of a server: window in tokens, prices in dollars per million tokens, size in bytes.

    ``None`` where the server said nothing.
    """

    name: str
    context_window: int | None
    input_price: float | None
    output_price: float | None
    loaded: bool | None
    size: int | None


class Usage(TypedDict):
    """Token counts as the backend reported them; ``None`` where it said nothing."""

    prompt_tokens: int | None
    completion_tokens: int | None


class Fault(TypedDict):
    """What went wrong, as plain facts. The server makes the sentence out of them.

    ``detail`` is redacted by the child already; it is for the log.
    """

    kind: str
    status: NotRequired[int | None]
    retry_after: NotRequired[float | None]
    host: NotRequired[str | None]
    port: NotRequired[int | None]
    said: NotRequired[str]
    next_step: NotRequired[str]
    detail: NotRequired[str]


def encode(frame: Any) -> bytes:
    """The bytes of one frame, length first."""
    # Model output may hold lone surrogates; ASCII escapes carry them through unharmed.
    body = json.dumps(frame, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    return LENGTH.pack(len(body)) + body


class FrameReader:
    """Cuts frames out of whatever pieces a pipe delivers."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> list[dict[str, Any]]:
        """The frames that ``data`` completes.

        Raises ``ValueError`` when the bytes can't be frames.
        """
        self._pending += data
        frames: list[dict[str, Any]] = []
        start = 0
        while len(self._pending) - start >= LENGTH.size:
            (length,) = LENGTH.unpack_from(self._pending, start)
            if length > LARGEST:
                raise ValueError(f"a frame of {length} bytes")
            end = start + LENGTH.size + length
            if len(self._pending) < end:
                break
            frame = json.loads(self._pending[start + LENGTH.size : end])
            if not isinstance(frame, dict):
                raise ValueError("a frame that is no object")
            frames.append(frame)
            start = end
        del self._pending[:start]
        return frames
