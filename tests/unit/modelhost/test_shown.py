"""No fact of a frame holds a piece of a key, wherever in a message the key stands."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any, cast

import httpx
import pytest

from backends.fault_aws import exception
from streetrace_lsp.modelhost.body import reader_for
from streetrace_lsp.modelhost.classify import classify
from streetrace_lsp.modelhost.faults import HostFaultError
from streetrace_lsp.modelhost.google_login import _granted
from streetrace_lsp.modelhost.ollama_adapter import _object
from streetrace_lsp.modelhost.shown import shown_fault, shown_names
from streetrace_lsp.modelhost.transport import Exchange
from streetrace_lsp.modelhost.wire import ChatFrame

PIECE = 8
KEY = f"sk-{secrets.token_hex(50)}"
PIECES = frozenset(KEY[at : at + PIECE] for at in range(len(KEY) - PIECE + 1))
LONGEST = 2500


def request(**changes: Any) -> ChatFrame:
    fields: dict[str, Any] = {
        "key": KEY,
        "credentials": {},
        "headers": {},
        "network": None,
    }
    return cast(ChatFrame, {**fields, **changes})


def failed(error: Exception, exchange: Exchange | None = None) -> dict[str, Any]:
    return dict(classify(error, exchange or Exchange()).facts)


def answered(said: str, spell: Callable[[str], Any]) -> dict[str, Any]:
    """A status of 401 whose body a library put into its exception, and that into another."""
    body = json.dumps(spell(said))
    exchange = Exchange(status=401, body=body)
    inner = ValueError(f"Error code: 401 - {json.loads(body)}")
    outer = RuntimeError(f"litellm.AuthenticationError: OpenAIException - {said}")
    outer.__cause__ = inner
    return failed(outer, exchange)


def streamed(body: bytes, kind: str = "text/event-stream") -> dict[str, Any]:
    try:
        reader_for(kind).feed(body)
    except HostFaultError as fault:
        return failed(fault)
    raise AssertionError("no fault")


def ollama(line: bytes) -> dict[str, Any]:
    try:
        _object(line)
    except HostFaultError as fault:
        return failed(fault)
    raise AssertionError("no fault")


def google(said: str) -> dict[str, Any]:
    content = {"error": "invalid_grant", "error_description": said}
    try:
        _granted(httpx.Response(400, json=content), {"refresh_token": KEY})
    except HostFaultError as fault:
        return failed(fault)
    raise AssertionError("no fault")


def libraries(said: str) -> dict[str, Any]:
    """What no body tells: a library's own words, and those of what it wraps."""
    try:
        try:
            raise ConnectionError(f"first {said}")
        except ConnectionError as error:
            raise ValueError(f"then {said}") from error
    except ValueError as error:
        return failed(error)


SHAPES: dict[str, Callable[[str], dict[str, Any]]] = {
    "openai": lambda said: answered(said, lambda s: {"error": {"message": s, "code": 401}}),
    "anthropic": lambda said: answered(
        said, lambda s: {"type": "error", "error": {"type": "authentication_error", "message": s}}
    ),
    "gemini": lambda said: answered(said, lambda s: [{"error": {"code": 401, "message": s}}]),
    "ollama": lambda said: answered(said, lambda s: {"error": s}),
    "fastapi": lambda said: answered(said, lambda s: {"detail": [{"loc": ["body"], "msg": s}]}),
    "bedrock": lambda said: answered(said, lambda s: {"message": s}),
    "plain": lambda said: failed(ValueError(), Exchange(status=502, body=said)),
    "openai's stream": lambda said: streamed(
        f"data: {json.dumps({'error': {'message': said, 'code': 500}})}\n\n".encode()
    ),
    "anthropic's stream": lambda said: streamed(
        f"data: {json.dumps({'type': 'error', 'error': {'message': said}})}\n\n".encode()
    ),
    "bedrock's stream": lambda said: streamed(
        exception("modelStreamErrorException", said), "application/vnd.amazon.eventstream"
    ),
    "a bad event": lambda said: streamed(f"data: {said}\n\n".encode()),
    "ollama's stream": lambda said: ollama(json.dumps({"error": said}).encode()),
    "a bad line": lambda said: ollama(said.encode()),
    "a line that is no reply": lambda said: ollama(json.dumps([said]).encode()),
    "google's sign-in": google,
    "a library": libraries,
}


def texts(content: Any) -> Iterator[str]:
    match content:
        case str():
            yield content
        case dict():
            for value in content.values():
                yield from texts(value)
        case list():
            for value in content:
                yield from texts(value)


def left(content: Any) -> set[str]:
    """The pieces of the key in any text of ``content``."""
    return {
        text[at : at + PIECE]
        for text in texts(content)
        for at in range(len(text) - PIECE + 1)
        if text[at : at + PIECE] in PIECES
    }


@pytest.mark.parametrize("shape", SHAPES)
def test_no_piece_of_a_key_is_shown_wherever_it_stands(shape: str) -> None:
    for place in range(LONGEST - len(KEY) + 1):
        said = "z" * place + KEY + "y" * (LONGEST - len(KEY) - place)
        facts = shown_fault(SHAPES[shape](said), request())
        assert len(facts["said"]) <= 300
        assert len(facts["detail"]) <= 2000
        assert left(facts) == set(), (place, facts)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_key_that_is_repeated_leaves_no_piece_at_the_end_of_what_is_read(shape: str) -> None:
    for place in range(0, len(KEY), 13):
        facts = shown_fault(SHAPES[shape]("z" * place + KEY * 1000), request())
        assert left(facts) == set()


def test_a_piece_that_a_library_left_is_not_shown() -> None:
    facts = {"kind": "unknown", "said": f"input_value='{KEY[:25]}...{KEY[-25:]}'", "detail": ""}
    assert shown_fault(facts, request())["said"] == "input_value='•••...•••'"


def test_our_own_words_are_whole() -> None:
    facts = {"kind": "replay_miss", "said": "x" * 1000, "next_step": "y" * 1000}
    assert shown_fault(facts, request()) == facts


def test_names_are_without_keys_and_with_placeholders() -> None:
    found = {"rows": [{"model_name": KEY * 9, "n": 1.5}, {"model_name": "ollama/demo-model"}]}
    shown = shown_names(found, request(headers={"X-Title": "demo-model"}))
    assert left(shown) == set()
    assert shown["rows"][1] == {"model_name": "ollama/demo-model"}
    assert shown["rows"][0]["n"] == 1.5


@pytest.mark.parametrize("piece", ["\\", "%25", "&#0", "s", "sk-", KEY[:-1]])
def test_a_text_made_to_be_slow_is_not(piece: str) -> None:
    # Without its bounds the search takes minutes, and pytest's own limit ends it.
    facts = {"kind": "unknown", "said": piece * (70_000 // len(piece)), "detail": ""}
    shown = shown_fault(facts, request(key=f"/{KEY}"))
    assert len(shown["said"]) <= 300
    assert left(shown) == set()
