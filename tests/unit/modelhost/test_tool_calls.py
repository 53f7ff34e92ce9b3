"""Pieces of tool calls, as servers number and name them, become calls."""

from __future__ import annotations

import pytest

from streetrace_lsp.modelhost.faults import HostFaultError
from streetrace_lsp.modelhost.tool_calls import ToolCalls

A, B = '{"a": 1}', '{"b": 2}'


def calls(*pieces: tuple[int, str, str, str], reason: str = "tool_calls") -> list[tuple[str, str]]:
    """Name and arguments of what comes of pieces: number, id, name, arguments."""
    found = ToolCalls()
    for piece in pieces:
        found.add(*piece)
    _, told = found.ended(reason)
    assert all(call["id"] for call in told)
    assert len({call["id"] for call in told}) == len(told)
    return [(call["name"], call["arguments"]) for call in told]


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param(
            [(0, "1", "f", A[:3]), (1, "2", "g", B[:4]), (0, "", "", A[3:]), (1, "", "", B[4:])],
            id="pieces of two calls mixed",
        ),
        pytest.param([(0, "1", "f", A), (0, "2", "g", B)], id="one number for all"),
        pytest.param([(0, "", "f", A), (1, "", "g", B)], id="no ids"),
        pytest.param(
            [(0, "1", "f", A[:3]), (0, "9", "", A[3:]), (1, "2", "g", B)],
            id="an id of its own for each piece",
        ),
        pytest.param(
            [(0, "1", "f", A[:3]), (0, "1", "f", A[3:]), (1, "2", "g", B)],
            id="the name in each piece",
        ),
        pytest.param([(3, "1", "f", A), (7, "2", "g", B)], id="numbers with gaps"),
    ],
)
def test_two_calls(pieces: list[tuple[int, str, str, str]]) -> None:
    assert calls(*pieces) == [("f", A), ("g", B)]


def test_calls_at_a_plain_end_are_why_it_ended() -> None:
    found = ToolCalls()
    found.add(0, "1", "f", A)
    reason, told = found.ended("stop")
    assert (reason, len(told)) == ("tool_calls", 1)
    assert ToolCalls().ended("stop") == ("stop", [])


@pytest.mark.parametrize("reason", ["length", "content_filter", "refusal", "odd"])
def test_an_early_end_has_no_calls(reason: str) -> None:
    found = ToolCalls()
    found.add(0, "1", "f", A)
    assert found.ended(reason) == (reason, [])


@pytest.mark.parametrize("arguments", ['{"a": ', "[]", "1", '"a"', A + A])
def test_arguments_that_are_no_object_are_no_call(arguments: str) -> None:
    with pytest.raises(HostFaultError, match="tool_call: sent a call of “f”"):
        calls((0, "1", "f", arguments))


def test_a_call_without_a_name_is_none() -> None:
    with pytest.raises(HostFaultError, match="without a name"):
        calls((0, "1", "", A))
