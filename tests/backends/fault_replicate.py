"""How the fault server answers as Replicate does: a prediction, asked for again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backends.fault_wires import Reply


def prediction(reply: Reply, place: str, polls: int) -> dict[str, Any]:
    """The object found at ``place``: just begun, then half written, then whole."""
    pieces = [reply.text[at : at + reply.chunk] for at in range(0, len(reply.text), reply.chunk)]
    found: dict[str, Any] = {"id": "p1", "error": None, "urls": {"get": place}}
    if polls == 0:
        return {**found, "status": "starting", "output": None}
    if polls == 1:
        return {**found, "status": "processing", "output": pieces[: len(pieces) // 2]}
    if reply.stream_error is not None:
        return {**found, "status": "failed", "output": pieces, "error": reply.stream_error}
    ended = "canceled" if reply.finish is None else "succeeded"
    return {**found, "status": ended, "output": pieces}
