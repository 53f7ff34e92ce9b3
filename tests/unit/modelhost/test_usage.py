"""The token counts that a body itself holds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from backends.fault_wires import Reply, Wire, body_of
from streetrace_lsp.modelhost.body import reader_for
from streetrace_lsp.modelhost.usage import Counts, reported

AMAZON = "application/vnd.amazon.eventstream"


def counts(*contents: Any) -> tuple[Any, Any]:
    found = Counts()
    for content in contents:
        found.follow(content)
    return found.prompt, found.completion


@pytest.mark.parametrize("wire", ["openai", "anthropic", "gemini", "cohere", "converse", "invoke"])
@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_each_wire_tells_its_counts_in_any_pieces(wire: Wire, size: int) -> None:
    body = body_of(Reply(), wire=wire)
    reader = reader_for(AMAZON if wire in ("converse", "invoke") else "text/event-stream")
    for at in range(0, len(body), size):
        reader.feed(body[at : at + size])
    reader.end()
    assert (reader.counts.prompt, reader.counts.completion) == (7, 5)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ({"usage": {"prompt_tokens": 7, "completion_tokens": 5}}, (7, 5)),
        ({"usage": None}, (None, None)),
        ({"usage": {"prompt_tokens": 7}}, (7, None)),
        ({"x_groq": {"usage": {"prompt_tokens": 7, "completion_tokens": 5}}}, (7, 5)),
        # What was thought, counted beside the text (xAI) and within it (OpenAI).
        (
            {
                "usage": {
                    "prompt_tokens": 7,
                    "completion_tokens": 5,
                    "total_tokens": 112,
                    "completion_tokens_details": {"reasoning_tokens": 100},
                }
            },
            (7, 105),
        ),
        (
            {
                "usage": {
                    "prompt_tokens": 7,
                    "completion_tokens": 105,
                    "total_tokens": 112,
                    "completion_tokens_details": {"reasoning_tokens": 100},
                }
            },
            (7, 105),
        ),
        ({"response": {"usage": {"input_tokens": 7, "output_tokens": 5}}}, (7, 5)),
        ({"type": "message", "usage": {"input_tokens": 7, "output_tokens": 5}}, (7, 5)),
        (
            {"message": {"usage": {"input_tokens": 7, "cache_read_input_tokens": 3}}},
            (10, None),
        ),
        ([{"usageMetadata": {"promptTokenCount": 7, "candidatesTokenCount": 2}}], (7, 2)),
        (
            {
                "usageMetadata": {
                    "promptTokenCount": 7,
                    "candidatesTokenCount": 2,
                    "thoughtsTokenCount": 9,
                }
            },
            (7, 11),
        ),
        (
            {"response": {"meta": {"billed_units": {"input_tokens": 7, "output_tokens": 5}}}},
            (7, 5),
        ),
        ({"meta": {"tokens": {"input_tokens": 7.0, "output_tokens": 5.0}}}, (7.0, 5.0)),
        ({"usage": {"inputTokens": 7, "outputTokens": 5}}, (7, 5)),
        ({"metadata": {"usage": {"inputTokens": 7, "outputTokens": 5}}}, (7, 5)),
        (
            {"amazon-bedrock-invocationMetrics": {"inputTokenCount": 7, "outputTokenCount": 5}},
            (7, 5),
        ),
        ({"metrics": {"input_token_count": 7, "output_token_count": 5}}, (7, 5)),
        ({"metrics": {"latencyMs": 1}}, (None, None)),
        ({"usage": [], "meta": "x", "message": 3, "delta": {"usage": 7}}, (None, None)),
        (7, (None, None)),
        ([None, "x", []], (None, None)),
    ],
    ids=json.dumps,
)
def test_each_place_of_the_counts(content: Any, found: tuple[Any, Any]) -> None:
    assert counts(content) == found


def test_what_comes_last_counts_each_by_itself() -> None:
    begun = {"message": {"usage": {"input_tokens": 7, "output_tokens": 1}}}
    assert counts(begun) == (7, None)
    assert counts(begun, {"usage": {"output_tokens": 3}}) == (7, 3)
    assert counts(begun, {"usage": {"output_tokens": 3}}, {"usage": {"output_tokens": 5}}) == (7, 5)


@pytest.mark.parametrize(
    "wrong", [None, -1, 7.5, "7", True, [], {}, 10**30, float("inf"), float("nan")], ids=repr
)
def test_what_is_no_number_of_tokens_is_none(wrong: Any) -> None:
    assert reported(7, wrong, wrote=True) == {"prompt_tokens": 7, "completion_tokens": None}
    assert reported(wrong, 5, wrote=True) == {"prompt_tokens": None, "completion_tokens": 5}
    assert reported(wrong, wrong, wrote=True) is None


def test_nothing_is_counted_as_zero_that_cannot_be() -> None:
    assert reported(0, 5, wrote=True) == {"prompt_tokens": None, "completion_tokens": 5}
    assert reported(7, 0, wrote=True) == {"prompt_tokens": 7, "completion_tokens": None}
    assert reported(7, 0, wrote=False) == {"prompt_tokens": 7, "completion_tokens": 0}
    assert reported(0, 0, wrote=True) is None
    assert reported(7.0, 5.0, wrote=True) == {"prompt_tokens": 7, "completion_tokens": 5}
