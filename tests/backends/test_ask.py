"""Fallbacks, pools and the cache around real requests."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from backends.asking import LeastWait
from backends.fault_server import FaultServer, Reply, body_of
from backends.routed import Person, a_person, backend
from streetrace_lsp.routing import call

PRICED = '\n[prices."demo"]\ninput = 3.0\noutput = 15.0\n'


@pytest.fixture
async def person(tmp_path: Path) -> AsyncIterator[Person]:
    async with a_person(tmp_path) as one:
        yield one


@pytest.mark.parametrize(
    ("reply", "because"),
    [
        (Reply(status=429, headers={"Retry-After": "60"}), "limiting requests"),
        (Reply(status=429, headers={"Retry-After": "0"}), "limiting requests"),
        (Reply(status=500), "a failure of its own"),
        (Reply(status=503), "busy"),
        (Reply(cut_after=0), "cut off"),
        (Reply(status=402), "no credit"),
        (Reply(status=401), None),
        (Reply(status=400), None),
        (Reply(status=404), None),
    ],
    ids=[
        *("long limit", "limit", "broken", "busy", "cut before a word", "no credit"),
        *("wrong key", "bad request", "no such model"),
    ],
)
async def test_only_faults_of_a_server_lead_to_the_next_one(
    person: Person, reply: Reply, because: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call, "_JITTER", LeastWait())
    with FaultServer(reply) as first, FaultServer(Reply(text="from the second")) as second:
        found = person.configured(
            'model = "one"\nfallbacks = ["two"]\n' + backend("one", first) + backend("two", second)
        )
        told = await person.ask(found)
    if because is None:
        assert told.error is not None
        assert second.connections == []
    else:
        assert told.text == "from the second"
        assert told.backends == ["one", "two"]
        assert because in told.asked[1].why


async def test_a_server_that_is_not_there_is_followed_by_the_fallback_and_left_alone(
    person: Person,
) -> None:
    with socket.socket() as taken, FaultServer(Reply(text="here")) as second:
        # Bound and not listening: it refuses, and nobody else gets the port.
        taken.bind(("127.0.0.1", 0))
        gone = f'api_base = "http://127.0.0.1:{taken.getsockname()[1]}/v1"\n'
        found = person.configured(
            'model = "one"\nfallbacks = ["two"]\n'
            f'[backends.one]\nprovider = "openai"\nmodel = "demo"\napi_key = "k"\n{gone}'
            + backend("two", second)
        )
        told = await person.ask(found)
        again = await person.ask(found)
    assert (told.text, told.backends) == ("here", ["one", "two"])
    assert "refused the connection" in told.asked[1].why
    assert (again.text, again.backends) == ("here", ["two"])
    assert "failed a moment ago" in again.asked[0].why


async def test_where_nobody_answers_the_first_failure_is_told_too(person: Person) -> None:
    busy = Reply(status=429, headers={"Retry-After": "60"})
    with FaultServer(busy) as first, FaultServer(Reply(status=401)) as second:
        found = person.configured(
            'model = "one"\nfallbacks = ["two"]\n' + backend("one", first) + backend("two", second)
        )
        told = await person.ask(found)
    assert told.error is not None
    assert told.error.kind == "auth"
    one, two = told.error.message.index('"one"'), told.error.message.index('"two"')
    assert one < two


async def test_nothing_is_tried_again_once_an_answer_has_begun(person: Person) -> None:
    half = Reply(text="half of it")
    half = replace(half, cut_after=len(body_of(half)) // 2)
    with FaultServer(half) as first, FaultServer() as second:
        found = person.configured(
            'model = "one"\nfallbacks = ["two"]\n' + backend("one", first) + backend("two", second)
        )
        told = await person.ask(found)
        assert told.error is not None
        assert told.error.kind == "cut"
        assert second.connections == []


async def test_an_identical_request_is_answered_from_the_cache(person: Person) -> None:
    with FaultServer(Reply(text="once", usage=(5, 5))) as server:
        found = person.configured(
            'model = "one"\n[cache]\nttl = 60\n' + backend("one", server) + PRICED
        )
        first, second = await person.ask(found), await person.ask(found)
        assert len(server.requests) == 1
        other = await person.ask(found, "one/other")
        assert len(server.requests) == 2
    assert (first.text, second.text, other.text) == ("once", "once", "once")
    assert second.paid is not None
    assert (second.paid.cached, second.paid.cost) == (True, 0)


async def test_without_a_cache_every_request_is_sent(person: Person) -> None:
    with FaultServer(Reply(text="yes")) as server:
        found = person.configured('model = "one"\n' + backend("one", server))
        await person.ask(found)
        await person.ask(found)
        assert len(server.requests) == 2


async def test_a_pool_spreads_its_load_and_passes_over_a_busy_server_at_once(
    person: Person,
) -> None:
    with FaultServer(Reply(status=429)) as busy, FaultServer(Reply(text="yes")) as other:
        found = person.configured(
            'model = "both"\n[pools]\nboth = ["one", "two"]\n'
            + backend("one", busy)
            + backend("two", other)
        )
        told = await person.ask(found)
        assert told.text == "yes"
        assert told.backends == ["one", "two"]
        # Of a pool nobody waits for a Retry: the other one is free.
        assert len(busy.requests) == 1
        assert told.asked[1].why == ""
        await person.ask(found)
        assert len(busy.requests) == 1


async def test_requests_of_the_same_moment_go_to_different_servers(person: Person) -> None:
    with FaultServer(Reply(text="a")) as one, FaultServer(Reply(text="b")) as two:
        found = person.configured(
            'model = "both"\n[pools]\nboth = ["one", "two"]\n'
            + backend("one", one)
            + backend("two", two)
        )
        await asyncio.gather(*(person.ask(found) for _ in range(6)))
        assert len(one.requests) == len(two.requests) == 3


async def test_a_fallback_without_a_key_is_named_where_nobody_answers(person: Person) -> None:
    with FaultServer(Reply(status=429, headers={"Retry-After": "60"})) as first:
        found = person.configured(
            'model = "one"\nfallbacks = ["far"]\n'
            + backend("one", first)
            + '\n[backends.far]\nprovider = "groq"\nmodel = "m"\n'
        )
        told = await person.ask(found)
    assert told.error is not None
    assert "GROQ_API_KEY" in told.error.message


async def test_answers_are_kept_for_one_key_alone(person: Person) -> None:
    with FaultServer(Reply(text="yes")) as server:
        one = backend("one", server)
        found = person.configured(
            'model = "one"\n[cache]\nttl = 60\n'
            + one
            + one.replace("one", "two").replace('api_key = "k"', 'api_key = "another"')
        )
        await person.ask(found)
        await person.ask(found, "two")
        assert len(server.requests) == 2
        await person.ask(found, "two")
        assert len(server.requests) == 2
