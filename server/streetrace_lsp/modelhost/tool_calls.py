"""The tool calls of one reply: pieces put together, and told as calls only when they are whole."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

from .faults import HostFaultError

# How a reply ends that may hold whole calls. After any other end the last one may lack its rest.
_GOOD_ENDINGS = frozenset({"stop", "tool_calls"})


@dataclass(slots=True)
class Call:
    """One call as far as it came; ``arguments`` is the JSON that the model writes.

    ``given``: the id that the server gave it, or empty.
    """

    number: int
    id: str
    given: str
    name: str
    arguments: str = ""


class ToolCalls:
    """The calls of one reply, in the order in which they began."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._open: dict[int, Call] = {}

    def __len__(self) -> int:
        return len(self._calls)

    def add(self, index: int, call_id: str, name: str, arguments: str) -> Call:
        """Adds a piece to the call that it belongs to, and returns that.

        ``index`` is the server's number for the call. Where the next one has the same number, a
        name with another id begins it; another id alone does not, as some servers make one up for
        each piece. A call without an id gets one.
        """
        call = self._open.get(index)
        if call is None or (name and call_id and call_id != call.given):
            known_as = call_id or f"call_{uuid.uuid4().hex}"
            call = Call(len(self._calls), known_as, call_id, name)
            self._calls.append(call)
            self._open[index] = call
        call.name = call.name or name
        call.arguments += arguments
        return call

    def ended(self, reason: str) -> tuple[str, list[dict[str, Any]]]:
        """The reason of a reply that ended for ``reason``, and its calls: id, name, arguments.

        A reply that ended too early has none, since its last call may not be whole. Raises
        ``HostFaultError`` (tool_call) where the server says that all is there and it is not:
        behind a gateway a cut looks so.
        """
        if reason not in _GOOD_ENDINGS:
            return reason, []
        if reason == "tool_calls" and not self._calls:
            raise HostFaultError("tool_call", said="announced a tool call and sent none")
        told = [_whole(call) for call in self._calls]
        return ("tool_calls" if told else reason), told


def _whole(call: Call) -> dict[str, Any]:
    # Some servers send nothing for a tool without parameters.
    arguments = call.arguments if call.arguments.strip() else "{}"
    if not call.name:
        raise HostFaultError("tool_call", said="sent a tool call without a name")
    try:
        read = json.loads(arguments)
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise HostFaultError(
            "tool_call", said=f"sent a call of “{call.name}” whose arguments are no JSON object"
        )
    return {"id": call.id, "name": call.name, "arguments": arguments}
