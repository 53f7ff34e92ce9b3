"""docs/protocol.md lists exactly the commands and methods that the code has."""

from __future__ import annotations

import re
from pathlib import Path

from streetrace_lsp.lsp.jobs import JOB
from streetrace_lsp.lsp.server import create

PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"


def test_every_command_and_custom_method_is_documented_and_no_other(tmp_path: Path) -> None:
    server = create(lambda: tmp_path / "config", lambda: tmp_path / "state")
    text = PAGE.read_text(encoding="utf-8")

    commands = set(server.protocol.fm.commands)
    assert set(re.findall(r"^\| `(streetrace\.[a-z.]+)` \|", text, re.M)) == commands

    custom = {name for name in server.protocol.fm.features if name.startswith("streetrace/")}
    assert set(re.findall(r"^### `(streetrace/[a-zA-Z/]+)`", text, re.M)) == custom | {JOB}


def test_every_final_state_is_documented() -> None:
    from typing import get_args

    from streetrace_lsp.lsp.jobs import Final

    finals = PAGE.read_text(encoding="utf-8").split("Final states:")[1].split("\n\n")[0]
    assert set(re.findall(r"`(\w+)` \(|`(cancelled)`", finals)) == {
        (state, "") if state != "cancelled" else ("", "cancelled") for state in get_args(Final)
    }
