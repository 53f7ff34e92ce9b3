"""How the fault server spells the progress of Ollama's `/api/pull` (docs/api.md)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backends.fault_wires import Reply


class Pull:
    """Each chunk of the reply's text is one line of progress."""

    def begin(self, reply: Reply, model: str) -> Iterator[bytes]:
        self._total, self._completed = len(reply.text), 0
        yield _line({"status": "pulling manifest"})

    def piece(self, text: str, reasoning: str, model: str) -> bytes:
        self._completed += len(text)
        layer = {"status": "pulling abc123", "digest": "sha256:abc123"}
        return _line({**layer, "total": self._total, "completed": self._completed})

    def error(self, message: str) -> bytes:
        return _line({"error": message})

    def end(self, reply: Reply, model: str) -> Iterator[bytes]:
        if reply.finish is not None:
            yield _line({"status": "verifying sha256 digest"})
            yield _line({"status": "success"})


def _line(content: object) -> bytes:
    return json.dumps(content).encode() + b"\n"
