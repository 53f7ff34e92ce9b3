"""The replay adapter: answers a recorded request with its recorded reply, and nothing else."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from . import recordings
from .faults import HostFaultError
from .sink import Sink
from .wire import ChatFrame


async def chat(request: ChatFrame, sink: Sink) -> dict[str, Any]:
    """Streams the recorded chunks. Raises ``HostFaultError`` (replay_miss) without a recording."""
    folder = Path(request["recordings"] or "")
    if request["recordings"] is None:
        raise _miss(
            "Replay has no folder of recordings.", "Name one in the backend's `recordings`."
        )
    how = (
        "Record it with `streetrace-lsp run … --record "
        f"{folder}` on a real model, or use the recorded code and instruction."
    )
    try:
        known = recordings.load(folder)
    except recordings.UnreadableRecordingError as error:
        raise _miss(f"Replay cannot read its recordings: {error}.", how) from error
    found = recordings.find(known, request["model"], request["messages"])
    if found is None:
        said = f"Replay has no recording of this request in {folder}"
        near = recordings.nearest(known, request["model"], request["messages"])
        said += f"; the nearest, {near[0].path.name}: {near[1]}." if near else ", which is empty."
        raise _miss(said, how)
    for chunk in found.reasoning:
        sink.reasoning(chunk)
        await asyncio.sleep(0)
    pause = found.seconds / max(len(found.chunks), 1)
    for chunk in found.chunks:
        await asyncio.sleep(pause)
        sink.text(chunk)
    for index, call in enumerate(found.tool_calls):
        sink.tool_call(index, call["id"], call["name"], call["arguments"])
        await asyncio.sleep(0)
    usage = found.usage
    return {
        "reason": found.finish_reason,
        "marker": True,
        "usage": {
            "prompt_tokens": usage.get("prompt_tokens"),
            "completion_tokens": usage.get("completion_tokens"),
        }
        if usage
        else None,
    }


def _miss(said: str, how: str) -> HostFaultError:
    return HostFaultError("replay_miss", said=said, next_step=how)
