"""Fallbacks, budgets, the cache and the ledger around real requests."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from backends.fault_server import FaultServer, Reply, body_of
from backends.routed import Person, Routed, a_person
from streetrace_lsp.ledger.errors import OverBudgetError
from streetrace_lsp.routing.spending import UnknownPriceError

PRICED = '\n[prices."demo"]\ninput = 3.0\noutput = 15.0\n'


@pytest.fixture
async def person(tmp_path: Path) -> AsyncIterator[Person]:
    async with a_person(tmp_path) as one:
        yield one


def backend(name: str, server: FaultServer, more: str = "") -> str:
    return (
        f'\n[backends.{name}]\nprovider = "openai"\nmodel = "demo"\n'
        f'api_base = "{server.openai}"\napi_key = "k"\n{more}'
    )


async def rows(person: Person) -> list[tuple[int, int, int]]:
    totals = await person.session.ledger.totals(0.0, "model")
    return [(total.requests, total.failed, total.cost) for total in totals]


@pytest.mark.parametrize(
    ("reply", "because"),
    [
        (Reply(status=429, headers={"Retry-After": "60"}), "limiting requests"),
        (Reply(status=401), None),
        (Reply(status=400), None),
        (Reply(status=404), None),
    ],
    ids=["busy", "wrong key", "bad request", "no such model"],
)
async def test_only_faults_of_a_server_lead_to_the_next_one(
    person: Person, reply: Reply, because: str | None
) -> None:
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


async def test_the_cost_is_told_and_kept(person: Person) -> None:
    with FaultServer(Reply(text="yes", usage=(1000, 200))) as server:
        found = person.configured('model = "one"\n' + backend("one", server) + PRICED)
        told = await person.ask(found)
    assert told.paid is not None
    assert told.paid.cost == 1000 * 3000 + 200 * 15000
    assert await rows(person) == [(1, 0, told.paid.cost)]


async def test_a_budget_of_a_cent_stops_the_next_call_before_any_connection(
    person: Person,
) -> None:
    with FaultServer(Reply(text="yes", usage=(1000, 450))) as server:
        found = person.configured(
            'model = "one"\n[budget]\nday = 0.01\n'
            + backend("one", server, "max_tokens = 300\n")
            + PRICED
        )
        first = await person.ask(found)
        assert first.paid is not None
        assert first.paid.cost == 9_750_000
        connections = len(server.connections)
        with pytest.raises(OverBudgetError, match=r"\$0\.01 a day"):
            await person.ask(found)
        assert len(server.connections) == connections
        assert len(server.requests) == 1


async def test_of_ten_at_once_no_more_are_sent_than_the_budget_holds(person: Person) -> None:
    # Each reserves 1,250 tokens of prompt and 100 of answer: $0.00525.
    with FaultServer(Reply(text="yes", usage=(1000, 100), hold_after=1)) as server:
        found = person.configured(
            'model = "one"\n[budget]\nday = 0.01\n'
            + backend("one", server, "max_tokens = 100\n")
            + PRICED
        )
        asking = [asyncio.create_task(person.ask(found)) for _ in range(10)]
        await server.until(lambda: server.held == 1)
        done, _ = await asyncio.wait(asking, return_when=asyncio.FIRST_EXCEPTION)
        assert all(isinstance(task.exception(), OverBudgetError) for task in done)
        server.release()
        ended = await asyncio.gather(*asking, return_exceptions=True)
    assert sum(isinstance(one, Routed) for one in ended) == 1
    assert sum(isinstance(one, OverBudgetError) for one in ended) == 9
    assert len(server.requests) == 1


@pytest.mark.parametrize("policy", ["", 'unknown_price = "refuse"\n'])
async def test_a_price_that_nobody_knows_stops_the_call_where_nobody_can_be_asked(
    person: Person, policy: str
) -> None:
    with FaultServer() as server:
        found = person.configured(f'model = "one"\n[budget]\nday = 5\n{policy}' + gateway(server))
        with pytest.raises(UnknownPriceError) as stopped:
            await person.ask(found)
        assert '[prices."mystery"]' in stopped.value.next_step
        assert server.connections == []


@pytest.mark.parametrize(("answer", "sent"), [(True, 2), (False, 0), (None, 0)])
async def test_a_price_that_nobody_knows_is_asked_about_once(
    person: Person, answer: bool | None, sent: int
) -> None:
    asked: list[str] = []

    async def ask_price(what: str) -> bool | None:
        asked.append(what)
        return answer

    person.session.ask_price = ask_price
    with FaultServer(Reply(text="yes", usage=(10, 10))) as server:
        found = person.configured('model = "one"\n[budget]\nday = 5\n' + gateway(server))
        for _ in range(2):
            if answer:
                told = await person.ask(found)
                assert told.paid is not None
                assert told.paid.cost is None, "an unknown price is not zero"
            else:
                with pytest.raises(UnknownPriceError):
                    await person.ask(found)
        chats = [request for request in server.requests if "completions" in request.path]
        assert len(chats) == sent
    assert len(asked) == (1 if answer else 2)
    assert "mystery" in asked[0]


def gateway(server: FaultServer) -> str:
    """A gateway whose names nobody else knows."""
    return (
        '\n[backends.one]\nprovider = "litellm_proxy"\nmodel = "mystery"\n'
        f'api_base = "{server.base}"\napi_key = "k"\n'
    )


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
