"""`streetrace-lsp doctor` checks a backend of every provider that can be configured."""

from __future__ import annotations

from pathlib import Path

import pytest

from attacks.test_attack_07_ambient_credentials import MODELS, NEEDED
from backends.asking import KEY
from backends.doctoring import backend, doctor, findings
from backends.fault_server import FaultServer, Reply
from program import Program
from streetrace_lsp.config.providers import PROVIDERS

# The names of the backends say nothing of the provider.
CHECKED = {
    f"b{number}": row
    for number, row in enumerate(row for row in PROVIDERS.values() if row.adapter != "replay")
}


@pytest.fixture
def program(tmp_path: Path, home: Path) -> Program:
    made = Program(tmp_path)
    made.variables |= {name: value for name, value in NEEDED.items() if "ACCESS_KEY" not in name}
    return made


def configure(program: Program, server: FaultServer) -> None:
    text = ""
    for name, row in CHECKED.items():
        program.variables[f"KEY_OF_{name.upper()}"] = KEY
        model, key = MODELS.get(row.name, "demo"), f'api_key = "${{KEY_OF_{name.upper()}}}"'
        text += backend(name, row.name, server.base, model, more=key)
    program.user(text)


def test_each_is_asked_and_told_with_variable_address_and_model(program: Program) -> None:
    with FaultServer() as server:
        configure(program, server)
        found = findings(program)
    targets = {one["target"].partition("/")[0]: one for one in found["targets"]}
    assert sorted(targets) == sorted(CHECKED)
    for name, row in CHECKED.items():
        one = targets[name]
        assert one["fault"] is None, one
        assert one["provider"] == row.title
        assert one["contacted"], one
        assert one["key"]["variable"] == f"KEY_OF_{name.upper()}"
        assert one["key"]["found"] == "set"
        assert str(server.port) in str(one["endpoint"])
    assert found["healthy"]


def test_each_key_that_is_refused_is_named_and_none_is_shown(program: Program) -> None:
    with FaultServer(Reply(status=401, message="wrong key {key}")) as server:
        configure(program, server)
        status, page = doctor(program)
    assert status == 1
    assert KEY not in page
    for name, row in CHECKED.items():
        told = page.partition(f"✗ {name}/")[2].partition("\n\n")[0]
        assert row.title in told
        assert f"KEY_OF_{name.upper()}" in told.partition("fix")[2]
