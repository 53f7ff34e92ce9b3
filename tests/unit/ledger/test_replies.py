"""Answers that are kept for the very same request."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from streetrace_lsp.ledger import CachedReply, Ledger, cache_key

REPLY = CachedReply("an answer", "stop", "opus", 10, 20)

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
tables = st.dictionaries(st.text(), values, max_size=5)


async def test_an_answer_comes_back_whole(ledger: Ledger, clock: Any) -> None:
    await ledger.keep("k", REPLY, ttl=60)
    found = await ledger.cached("k")
    assert found == CachedReply("an answer", "stop", "opus", 10, 20, made=clock.now)
    assert await ledger.cached("another") is None


async def test_an_answer_may_be_any_text(ledger: Ledger) -> None:
    text = "\x00 half \ud83d, \U0001f600\r\n"
    await ledger.keep("k", CachedReply(text, "stop", "m", 10**30), ttl=60)
    found = await ledger.cached("k")
    assert found is not None
    assert found.text == text


async def test_an_answer_expires(ledger: Ledger, clock: Any) -> None:
    await ledger.keep("k", REPLY, ttl=60)
    assert await ledger.cached("k", clock.now + 59) is not None
    assert await ledger.cached("k", clock.now + 60) is None


async def test_a_newer_answer_takes_the_place(ledger: Ledger) -> None:
    await ledger.keep("k", REPLY, ttl=60)
    await ledger.keep("k", CachedReply("another", "stop", "opus"), ttl=60)
    found = await ledger.cached("k")
    assert found is not None
    assert found.text == "another"


async def test_an_answer_can_be_forgotten(ledger: Ledger) -> None:
    await ledger.keep("k", REPLY, ttl=60)
    await ledger.forget_cached("k")
    assert await ledger.cached("k") is None


async def test_the_oldest_answers_make_room(folder: Path, clock: Any) -> None:
    ledger = Ledger(folder, print, clock=clock, cache_bytes=100)
    for number in range(5):
        clock.now += 1
        await ledger.keep(str(number), CachedReply("x" * 30, "stop", "m"), ttl=60)
    kept = [await ledger.cached(str(number)) is not None for number in range(5)]
    assert kept == [False, False, True, True, True]
    await ledger.keep("large", CachedReply("x" * 101, "stop", "m"), ttl=60)
    assert await ledger.cached("large") is None
    assert await ledger.cached("4") is not None
    await ledger.close()


def key(options: dict[str, Any], **other: Any) -> str:
    request: dict[str, Any] = {
        "provider": "openai",
        "api_base": None,
        "model": "m",
        "messages": [{"role": "user", "content": "hi"}],
    }
    return cache_key(**{**request, **other}, options=options)


@given(tables)
def test_the_order_of_options_and_those_not_sent_do_not_count(options: dict[str, Any]) -> None:
    turned = dict(reversed(options.items()))
    sent = {name: value for name, value in options.items() if value is not None}
    assert key(options) == key(turned) == key(sent)


@given(tables, tables)
def test_other_options_are_another_request(one: dict[str, Any], other: dict[str, Any]) -> None:
    same = key(one) == key(other)
    # repr, because 1, 1.0 and True are equal and not the same to a backend.
    assert not same or repr(_canonical(one)) == repr(_canonical(other))


def test_whatever_decides_the_answer_is_in_the_key() -> None:
    others: list[dict[str, Any]] = [
        {"provider": "azure"},
        {"api_base": "http://127.0.0.1:1"},
        {"model": "n"},
        {"messages": [{"role": "system", "content": "hi"}]},
        {"messages": []},
        {"extra_body": {"seed": 1}},
    ]
    keys = {key({}), key({"temperature": 0.5}), *(key({}, **other) for other in others)}
    assert len(keys) == len(others) + 2
    assert all(len(found) == 64 for found in keys)


def _canonical(value: Any, *, top: bool = True) -> Any:
    if isinstance(value, dict):
        pairs = [(k, _canonical(v, top=False)) for k, v in value.items()]
        sent = [pair for pair in pairs if not top or value[pair[0]] is not None]
        return sorted(sent, key=lambda pair: pair[0])
    return [_canonical(v, top=False) for v in value] if isinstance(value, list) else value
