"""A pool of two real model servers, one of which is killed under load and comes back."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from backends.asked import Asked, asked
from backends.llama import LlamaServer, literal_grammar, running_llama_server
from configured_project import Workspace
from streetrace_lsp.config.configuration import Configuration
from streetrace_lsp.ledger.ledger import Ledger
from streetrace_lsp.routing.ask import Asking, Told
from streetrace_lsp.routing.events import BackendError, Text
from streetrace_lsp.routing.host import ModelHost
from streetrace_lsp.routing.launch import LocalServers
from streetrace_lsp.routing.pool import LONGEST_PAUSE, Balancer
from streetrace_lsp.routing.session import Session

pytestmark = [pytest.mark.llama, pytest.mark.asyncio(loop_scope="session")]

# A token each: long enough to be killed in the middle of.
ANSWER = "The quick brown fox jumps over the lazy dog. " * 7
# As many as are asked at once, and in all. A server works on two, and the others wait there.
AT_ONCE, REQUESTS = 8, 24


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Load:
    """Many requests, and what is known of them while they run."""

    def __init__(self, session: Session, configuration: Configuration) -> None:
        self._session = session
        self._configuration = configuration
        self._changed = asyncio.Event()
        self.sent: Counter[str] = Counter()
        self.begun: Counter[str] = Counter()

    async def run(self, requests: int) -> list[Asked]:
        limit = asyncio.Semaphore(AT_ONCE)

        async def one() -> Asked:
            async with limit:
                return await asked(self._session, self._configuration, heard=self._hear)

        return await asyncio.gather(*(one() for _ in range(requests)))

    async def until_begun(self, backend: str) -> None:
        """Waits until a server is in the middle of an answer and has been asked for more."""
        while not (self.begun[backend] and self.sent[backend] >= AT_ONCE // 2):
            self._changed.clear()
            await self._changed.wait()

    def _hear(self, told: Told, so_far: Asked) -> None:
        backend = so_far.backends[-1]
        if isinstance(told, Asking):
            self.sent[backend] += 1
        elif isinstance(told, Text):
            self.begun[backend] += 1
        self._changed.set()


@pytest.fixture
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaServer]:
    with running_llama_server(tmp_path_factory.mktemp("first")) as server:
        yield server


@pytest.fixture
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaServer]:
    with running_llama_server(tmp_path_factory.mktemp("second")) as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture(loop_scope="session")
async def session(host: ModelHost, tmp_path: Path, clock: Clock) -> AsyncIterator[Session]:
    log: list[str] = []
    ledger = Ledger(tmp_path / "state", log.append)
    servers = LocalServers(log=log.append)
    yield Session(host, ledger, servers, Balancer(clock))
    await ledger.close()


@pytest.fixture
def configuration(first: LlamaServer, second: LlamaServer, tmp_path: Path) -> Configuration:
    text = (
        'model = "pool"\n[backends.pool]\nprovider = "openai"\nmodel = "tiny"\n'
        f'endpoints = ["{first.url}", "{second.url}"]\n'
        f"extra_body.grammar = '{literal_grammar(ANSWER)}'\n"
    )
    (tmp_path / "place").mkdir()
    return Workspace(tmp_path / "place").user(text).load()


def label(server: LlamaServer) -> str:
    return f"pool @ 127.0.0.1:{server.origin[1]}"


async def test_a_killed_server_loses_only_what_it_was_in_the_middle_of(
    first: LlamaServer,
    second: LlamaServer,
    session: Session,
    configuration: Configuration,
    clock: Clock,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    load = Load(session, configuration)
    running = asyncio.create_task(load.run(REQUESTS))
    await load.until_begun(label(first))
    assert load.sent[label(second)] >= AT_ONCE // 2 - 1, "the load was not shared"
    first.kill()
    answers = await running

    lost = [answer for answer in answers if answer.error is not None]
    for answer in lost:
        assert isinstance(answer.error, BackendError)
        assert answer.error.kind == "cut"
        assert answer.backends == [label(first)]
        assert answer.text, "a request was lost that had not begun to stream"
    whole = [answer for answer in answers if answer.error is None]
    assert all(answer.text == ANSWER for answer in whole)
    # A server works on two at a time.
    assert len(lost) <= 2
    moved = [answer for answer in whole if answer.backends == [label(first), label(second)]]
    assert moved, "no request was waiting at the killed server"

    # Where the dead one was, somebody counts who comes.
    visits: list[None] = []

    def visit(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visits.append(None)
        writer.close()

    grave = await asyncio.start_server(visit, *first.origin)
    async with grave:
        clock.now += 1
        meanwhile = await Load(session, configuration).run(AT_ONCE)
    assert {backend for answer in meanwhile for backend in answer.backends} == {label(second)}
    assert all(answer.text == ANSWER for answer in meanwhile)
    assert visits == []

    folder = tmp_path_factory.mktemp("again")
    with running_llama_server(folder, port=first.origin[1]):
        clock.now += LONGEST_PAUSE
        later = await Load(session, configuration).run(AT_ONCE)
    assert all(answer.text == ANSWER for answer in later)
    assert {backend for answer in later for backend in answer.backends} == {
        label(first),
        label(second),
    }


async def test_one_request_at_a_time_goes_to_each_in_turn(
    first: LlamaServer, second: LlamaServer, session: Session, configuration: Configuration
) -> None:
    turns = [(await asked(session, configuration)).backends for _ in range(4)]
    assert turns[:2] == turns[2:]
    assert {backend for turn in turns for backend in turn} == {label(first), label(second)}


async def test_a_server_that_was_never_there_costs_no_request(
    first: LlamaServer, second: LlamaServer, session: Session, configuration: Configuration
) -> None:
    first.kill()
    answers = await Load(session, configuration).run(AT_ONCE)
    assert all(answer.text == ANSWER for answer in answers)
    assert {answer.backends[-1] for answer in answers} == {label(second)}


async def test_a_killed_first_choice_is_followed_by_its_fallback_until_it_returns(
    first: LlamaServer,
    second: LlamaServer,
    session: Session,
    clock: Clock,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    (tmp_path / "chain").mkdir()
    grammar = f"extra_body.grammar = '{literal_grammar(ANSWER)}'"
    chain = Workspace(tmp_path / "chain").user(
        'model = "one"\nfallbacks = ["two"]\n'
        + "".join(
            f'[backends.{name}]\nprovider = "openai"\nmodel = "tiny"\n'
            f'api_base = "{server.url}"\n{grammar}\n'
            for name, server in (("one", first), ("two", second))
        )
    )
    configuration = chain.load()
    assert (await asked(session, configuration)).backends == ["one"]
    first.kill()
    told = await asked(session, configuration)
    assert (told.backends, told.text) == (["one", "two"], ANSWER)
    assert "refused the connection" in told.asked[1].why
    clock.now += 1
    again = await asked(session, configuration)
    assert (again.backends, again.text) == (["two"], ANSWER)
    assert "failed a moment ago" in again.asked[0].why
    with running_llama_server(tmp_path_factory.mktemp("again"), port=first.origin[1]):
        clock.now += LONGEST_PAUSE
        later = await asked(session, configuration)
    assert (later.backends, later.text) == (["one"], ANSWER)
    assert later.asked[0].why == ""
