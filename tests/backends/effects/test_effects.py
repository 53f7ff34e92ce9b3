"""Every key of the configuration has an effect: what is seen with it is not seen without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from backends.effects.row import Row
from backends.effects.rows import ROWS
from backends.effects.scene import FIRST, Scene
from backends.fault_server import FaultServer
from streetrace_lsp.routing.host import ModelHost

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def assert_has_its_effect(row: Row, place: Path, home: Path, host: ModelHost) -> None:
    """Sees twice, each time with servers, folders and a history that nothing happened in."""
    assert row.seen != row.otherwise, "this proves nothing"
    found = []
    for name, toml in zip(("with", "without"), row.configurations(), strict=True):
        folder = place / name
        folder.mkdir(parents=True)
        with FaultServer() as first, FaultServer() as second:
            first.script(*row.replies)
            for file, text in row.files.items():
                path = home / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text.replace(FIRST, first.base), "utf-8")
                path.chmod(0o600)
            scene = Scene(folder, home, toml, row.environ, host, first, second)
            found.append(await row.see(scene))
    assert found == [row.seen, row.otherwise]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
async def test_a_key_does_what_nothing_does_without_it(
    row: Row, tmp_path: Path, home: Path, host: ModelHost
) -> None:
    await assert_has_its_effect(row, tmp_path, home, host)
