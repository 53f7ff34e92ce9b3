"""Budgets before a request, and its record after it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, closing
from pathlib import Path

import pytest

from backends.asking import QUESTION
from backends.fault_server import FaultServer, Reply
from backends.routed import Person, Routed, a_person, backend
from program import Program
from streetrace_lsp.config.configuration import Configuration
from streetrace_lsp.ledger.entries import Record
from streetrace_lsp.ledger.errors import OverBudgetError
from streetrace_lsp.ledger.ledger import Ledger
from streetrace_lsp.routing.ask import Prepared, Told, ask
from streetrace_lsp.routing.events import Finished
from streetrace_lsp.routing.route import route
from streetrace_lsp.routing.spending import Purpose, UnknownPriceError
from streetrace_lsp.routing.targets import Target

PRICED = '\n[prices."demo"]\ninput = 3.0\noutput = 15.0\n'


@pytest.fixture
async def person(tmp_path: Path) -> AsyncIterator[Person]:
    async with a_person(tmp_path) as one:
        yield one


async def rows(person: Person) -> list[tuple[int, int, int]]:
    totals = await person.session.ledger.totals(0.0, "model")
    return [(total.requests, total.failed, total.cost) for total in totals]


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


async def test_a_cancel_while_the_record_is_written_is_obeyed_and_the_record_kept(
    person: Person,
) -> None:
    with FaultServer(Reply(text="yes", usage=(1000, 200))) as server:
        found = person.configured('model = "one"\n' + backend("one", server) + PRICED)
        await person.session.ledger.totals(0.0, "model")
        finished = asyncio.Event()

        async def consume() -> None:
            async with aclosing(events_of(person, found)) as events:
                async for event in events:
                    if isinstance(event, Finished):
                        finished.set()

        # Another program writes: our record has to wait.
        ledger = person.folder / "state/usage.sqlite3"
        with closing(sqlite3.connect(ledger, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            consuming = asyncio.create_task(consume())
            await finished.wait()
            consuming.cancel()
            with pytest.raises(asyncio.CancelledError):
                await consuming
            other.execute("ROLLBACK")
        await asyncio.gather(*person.session.bookings)
    assert await rows(person) == [(1, 0, 1000 * 3000 + 200 * 15000)]


def events_of(person: Person, found: Configuration) -> AsyncGenerator[Told]:
    async def prepare(target: Target) -> Prepared:
        return Prepared(target, QUESTION, 1000)

    return ask(person.session, Purpose(found, "ask"), route(found, "ask"), prepare)


async def test_a_cancel_at_the_last_event_keeps_the_record_and_frees_the_budget(
    person: Person,
) -> None:
    with FaultServer(Reply(text="yes", usage=(1000, 200))) as server:
        found = person.configured(
            'model = "one"\n[budget]\nday = 0.02\n'
            + backend("one", server, "max_tokens = 300\n")
            + PRICED
        )

        async with aclosing(events_of(person, found)) as events:
            async for event in events:
                if isinstance(event, Finished):
                    break
        await asyncio.gather(*person.session.bookings)
        assert await rows(person) == [(1, 0, 1000 * 3000 + 200 * 15000)]
        spent = await person.session.ledger.spent("person", "day")
        assert spent.reserved == 0


async def test_a_fallback_that_its_budget_stops_is_passed_over(person: Person) -> None:
    dear = '\n[prices."two/demo"]\ninput = 9000\noutput = 9000\n'
    with (
        FaultServer(Reply(status=429, headers={"Retry-After": "60"})) as first,
        FaultServer() as second,
        FaultServer(Reply(text="free")) as third,
    ):
        found = person.configured(
            'model = "one"\nfallbacks = ["two", "three"]\n[budget]\nday = 0.01\n'
            + backend("one", first)
            + backend("two", second)
            + backend("three", third)
            + dear
        )
        told = await person.ask(found)
        assert told.text == "free"
        assert second.connections == []
        assert 'Backend "one"' in told.asked[-1].why, "the first choice is what was wanted"


async def test_with_nothing_left_not_even_a_price_is_asked_for(tmp_path: Path) -> None:
    with FaultServer(Reply(text="yes")) as server:
        server.pages["/model/info"] = {"data": []}
        program = Program(tmp_path).user(
            'model = "team/x"\n[budget]\nday = 0.01\n'
            f'[backends.team]\nprovider = "litellm_proxy"\napi_base = "{server.base}"\n'
        )
        ledger = Ledger(tmp_path / "state", lambda _: None)
        await ledger.record(
            Record("", "fix", "b", "openai", "m", "done", 1, 1, 10_000_000, None, None, "")
        )
        await ledger.close()
        (program.project / "a.py").write_text("a = 1\n", "utf-8")
        done = await asyncio.to_thread(program.run, "run", "explain", "a.py:1")
        assert done.returncode == 2
        assert "$0.01 a day does not allow this call" in done.stderr
        assert server.connections == []


async def test_what_is_stopped_at_a_server_that_costs_nothing_costs_nothing(
    person: Person,
) -> None:
    with FaultServer(Reply(text="a b c d", chunk=2, hold_after=2, usage=None)) as server:
        found = person.configured('model = "one"\n' + backend("one", server))
        asking = asyncio.ensure_future(person.ask(found))
        await server.until(lambda: server.held > 0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        server.release()
    await asyncio.gather(*person.session.bookings)
    (total,) = await person.session.ledger.totals(0.0, "model")
    assert (total.requests, total.cancelled, total.cost, total.unknown) == (1, 1, 0, 0)
