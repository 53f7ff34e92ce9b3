"""While models write, the editor does not wait: other requests are answered as when idle."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from statistics import median

import pytest

from bench.model_server import ModelServer
from bench.rounds import p99, undisturbed
from bench.streams import STREAMS, Streams
from bench.table import Row, Table
from lsp.machine import Machine

pytestmark = pytest.mark.bench

LIMIT = 2.0
_ROUNDS = 8
_IDLE = 1.0
_LOADED = 1.5
_RATE = 300
_CHUNK = 4
# LiteLLM itself reads some 2,400 chunks a second on a core of its own, and fewer on a busy
# machine; it is at its full speed then. Below this there would be no load to speak of.
_LEAST = 400


def _text(chunks: int) -> str:
    # Every chunk differs from the next: LiteLLM gives up a model that repeats itself.
    return "".join(f"{number % 1000:03d} " for number in range(chunks))


@pytest.fixture
def models() -> Iterator[ModelServer]:
    """Writes 300 chunks a second into every stream, longer than anybody listens."""
    reply = {"text": _text(_RATE * 60), "chunk": _CHUNK, "rate": _RATE}
    with ModelServer(reply) as server:
        yield server


@pytest.fixture
def undisturbed_clock() -> Iterator[None]:
    """No garbage collection of the measuring process between question and answer."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def _configure(machine: Machine, models: ModelServer) -> None:
    machine.configure_user(
        'model = "ollama/demo"\n'
        f'[backends.ollama]\nprovider = "ollama"\napi_base = "{models.ollama}"\n'
        f'[backends.litellm]\nprovider = "openai"\napi_base = "{models.openai}"\n'
    )


# Replay is not among them: it has no pace, and writes all of a recording at once.
@pytest.mark.usefixtures("undisturbed_clock")
@pytest.mark.parametrize("adapter", ["ollama", "litellm"])
def test_requests_are_answered_while_eight_models_write(
    adapter: str, machine: Machine, models: ModelServer, table: Table
) -> None:
    _configure(machine, models)
    model = f"{adapter}/demo"
    idle, loaded, rates = [], [], []
    with Streams(machine) as streams:
        streams.start(model)  # imports, first calls
        streams.stop()
        for _ in range(_ROUNDS):
            models.quiet()
            idle.append(p99(streams.pings(_IDLE)))
            streams.start(model)
            before, begun = streams.characters(), time.perf_counter()
            loaded.append(p99(streams.pings(_LOADED)))
            written = streams.characters() - before
            rates.append(written / _CHUNK / (time.perf_counter() - begun))
            streams.stop()
    assert median(rates) > _LEAST, f"only {median(rates):.0f} chunks/s arrived"
    table.judge(
        Row(
            f"ping p99 beside {STREAMS} streams, {adapter}",
            undisturbed(loaded) * 1000,
            undisturbed(idle) * 1000,
            "ms",
            LIMIT,
            f"to idle, lower quartile of {_ROUNDS}; {median(rates):,.0f} chunks/s arrived",
        )
    )
