"""Fixtures that the tests of every editor share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from backends.fault_server import FaultServer, Reply
from backends.llama import literal_grammar, llama_server
from editors.held import Held, HeldRecordings, HeldStream
from editors.project import REPLY, Project, toml

__all__ = ["llama_server"]

Play = Callable[..., None]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project without a configuration yet, and a person's empty home folder."""
    return Project.make(tmp_path)


@pytest.fixture(params=["replay", pytest.param("llama", marks=pytest.mark.llama)])
def play(request: pytest.FixtureRequest, configured: Project, start: Callable[..., Any]) -> Play:
    """Runs a scenario on a backend that answers everything with one reply.

    Replay needs recordings: the scenario is run on a scripted server first, which was asked
    exactly what the recordings will be. ``configured`` and ``start`` are the editor's own.
    """

    def on_replay(
        scenario: Callable[[Any, Project], None], reply: str, more: str = "", *files: str
    ) -> None:
        with FaultServer(Reply(text=reply)) as model:
            configured.use_two(f'provider = "ollama"\napi_base = "{model.base}"\n{more}')
            configured.trust()
            rehearsal = start(*files)
            scenario(rehearsal, configured)
            rehearsal.close()
        configured.record(model, reply)
        configured.clear()
        configured.use_two(f'provider = "replay"\nrecordings = "recordings"\n{more}')
        configured.trust()
        scenario(start(*files), configured)

    def on_llama(
        scenario: Callable[[Any, Project], None], reply: str, more: str = "", *files: str
    ) -> None:
        server = request.getfixturevalue("llama_server")
        configured.use_two(
            f'provider = "openai"\napi_base = "{server.url}"\n{more}',
            f"[backends.demo.extra_body]\ngrammar = {toml(literal_grammar(reply))}\n",
        )
        configured.trust()
        scenario(start(*files), configured)

    return on_llama if request.param == "llama" else on_replay


@pytest.fixture(params=["replay", pytest.param("llama", marks=pytest.mark.llama)])
def held(request: pytest.FixtureRequest, configured: Project) -> Iterator[Held]:
    """The model of a trusted project; its first answer, to *Fix*, hangs until it is released."""
    model: HeldRecordings | HeldStream
    if request.param == "replay":
        configured.use_replay()
        model = HeldRecordings(configured.folder / "recordings")
    else:
        server = request.getfixturevalue("llama_server")
        model = HeldStream(server.origin)
        configured.use_openai(model.url, model="tiny", grammar=literal_grammar(REPLY))
    configured.trust()
    yield model
    model.release()
    if isinstance(model, HeldStream):
        model.close()
