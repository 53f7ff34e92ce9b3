"""Amazon's event stream (application/vnd.amazon.eventstream), read along for what a body says.

A message is a prelude (total length, length of the headers, CRC-32 of those), headers, a payload
and the CRC-32 of everything before it; numbers are big-endian. `InvokeModelWithResponseStream`
wraps the model's own event in ``{"bytes": BASE64}``; `ConverseStream` does not.
"""

from __future__ import annotations

import base64
import binascii
import json
import struct
import zlib
from collections.abc import Iterator
from typing import Any, Final

from .faults import HostFaultError
from .statuses import kind_of, message_in

_PRELUDE: Final = struct.Struct(">III")
_NUMBER: Final = struct.Struct(">I")
_LONGEST: Final = 16 * 1024 * 1024
# The value lengths of header types 0 to 9; 6 and 7 (bytes, text) say theirs in two bytes.
_FIXED: Final = {0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16}
_STATUSES: Final = {
    "accessDeniedException": 403,
    "internalServerException": 500,
    "modelStreamErrorException": 500,
    "modelTimeoutException": 500,
    "resourceNotFoundException": 404,
    "serviceUnavailableException": 503,
    "throttlingException": 429,
    "validationException": 400,
}


class EventStreamReader:
    """Follows one body; ``feed`` gives the objects of the messages that became whole."""

    def __init__(self) -> None:
        self._pending = b""

    def feed(self, piece: bytes) -> Iterator[dict[str, Any]]:
        """Raises ``HostFaultError``: malformed, or the exception that a message carries."""
        self._pending += piece
        while len(self._pending) >= _PRELUDE.size:
            total, heads, crc = _PRELUDE.unpack_from(self._pending)
            if zlib.crc32(self._pending[:8]) != crc or not 16 + heads <= total <= _LONGEST:
                raise _malformed("a frame with a wrong checksum")
            if len(self._pending) < total:
                return
            message, self._pending = self._pending[:total], self._pending[total:]
            if zlib.crc32(message[:-4]) != _NUMBER.unpack(message[-4:])[0]:
                raise _malformed("a frame with a wrong checksum")
            yield _content(_headers(message[12 : 12 + heads]), message[12 + heads : -4])


def _content(headers: dict[str, str], payload: bytes) -> dict[str, Any]:
    if headers.get(":message-type") in ("exception", "error"):
        kind = headers.get(":exception-type") or headers.get(":error-code") or ""
        status = _STATUSES.get(kind[:1].lower() + kind[1:], 500)
        said = message_in(payload.decode("utf-8", "replace")) or kind
        raise HostFaultError(kind_of(status, said), said=said, status=status, detail=kind)
    try:
        content = json.loads(payload or b"{}")
        if isinstance(content, dict) and isinstance(content.get("bytes"), str):
            content = json.loads(base64.b64decode(content["bytes"]))
    except (ValueError, binascii.Error):
        raise _malformed("a frame that is not JSON") from None
    return content if isinstance(content, dict) else {}


def _headers(data: bytes) -> dict[str, str]:
    found, at = {}, 0
    try:
        while at < len(data):
            name = data[at + 1 : at + 1 + data[at]].decode()
            at += 1 + data[at]
            kind, at = data[at], at + 1
            if kind in _FIXED:
                at += _FIXED[kind]
                continue
            length = int.from_bytes(data[at : at + 2], "big")
            found[name] = data[at + 2 : at + 2 + length].decode("utf-8", "replace")
            at += 2 + length
    except (IndexError, UnicodeDecodeError):
        raise _malformed("a frame with unreadable headers") from None
    return found


def _malformed(said: str) -> HostFaultError:
    return HostFaultError("malformed", said=said)
