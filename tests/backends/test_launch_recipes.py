"""The recipes with `launch`, word for word: what is started, and the request that then comes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from backends.asked import asked
from backends.documented import LAUNCHED
from backends.fault_server import FaultServer
from backends.wires.asked import assert_is_the_rows
from backends.wires.row import MESSAGES, SETTINGS, Row
from configured_project import Workspace
from streetrace_lsp.ledger.ledger import Ledger
from streetrace_lsp.routing.ask import Prepared
from streetrace_lsp.routing.host import ModelHost
from streetrace_lsp.routing.launch import LocalServers
from streetrace_lsp.routing.session import Session
from streetrace_lsp.routing.targets import Target

pytestmark = pytest.mark.asyncio(loop_scope="session")

# In the place of the program that the recipe names: it notes its arguments, and what comes to its
# port goes to the test's server.
PROGRAM = """#!{python} -I
import asyncio, json, pathlib, sys
pathlib.Path({noted!r}).write_text(json.dumps(sys.argv[1:]))
async def pour(reader, writer):
    while piece := await reader.read(65536):
        writer.write(piece)
        await writer.drain()
    writer.close()
async def joined(reader, writer):
    to = await asyncio.open_connection("127.0.0.1", {port})
    await asyncio.gather(pour(reader, to[1]), pour(to[0], writer))
async def main():
    at = int(sys.argv[sys.argv.index("--port") + 1])
    async with await asyncio.start_server(joined, "127.0.0.1", at) as server:
        await server.serve_forever()
asyncio.run(main())
"""


@pytest_asyncio.fixture(loop_scope="session")
async def session(host: ModelHost, tmp_path: Path) -> AsyncIterator[Session]:
    ledger = Ledger(tmp_path / "ledger", print)
    running = Session(host, ledger, LocalServers(log=print))
    yield running
    await running.servers.close()
    await ledger.close()


@pytest.mark.parametrize("row", LAUNCHED, ids=lambda row: row.name)
async def test_the_request_of_a_recipe(
    row: Row,
    session: Session,
    server: FaultServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server.pages["/health"] = {"status": "ok"}
    programs, noted = tmp_path / "bin", tmp_path / "arguments.json"
    programs.mkdir()
    program = PROGRAM.format(python=sys.executable, noted=str(noted), port=server.port)
    for name in ("llama-server", "vllm"):
        (programs / name).write_text(program, "utf-8")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    models = tmp_path / "models"
    recipe = row.recipe.replace("/home/me/models", str(models))
    # A file, or the folder of one.
    for path in (models / "qwen2.5-coder-7b-q4_k_m.gguf", models / "Qwen2.5-Coder-7B-Instruct/x"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    workspace = Workspace(tmp_path, {**SETTINGS, "OPENAI_API_KEY": "canary-of-the-cloud"})

    async def prepare(target: Target) -> Prepared:
        return Prepared(target, MESSAGES, 10)

    found = await asked(session, workspace.user(recipe).load(), prepare=prepare)
    assert found.error is None, found.error
    assert found.text == "Hello, world."
    assert found.finished is not None
    assert found.finished.marker
    request = assert_is_the_rows(row, server)
    started = json.loads(noted.read_text("utf-8"))
    port = started[started.index("--port") + 1]
    # At the address that was given to the program, and at no other.
    assert request.headers["host"] == row.origin.partition("://")[2].format(port=port)
    assert [word for word in started if str(models) in word]
    assert not any("{" in word for word in started)
