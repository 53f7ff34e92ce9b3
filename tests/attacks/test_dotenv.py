"""Attacks 10 and 11: what a `.env` may not do, also in a trusted project."""

from __future__ import annotations

from pathlib import Path

import pytest

from attacks.canaries import listening
from attacks.terminal import Terminal
from backends.certificates import self_signed
from backends.fault_server import FaultServer
from lsp.machine import Machine


@pytest.mark.parametrize("provider", ["openai", "ollama"])
def test_attack_10_dotenv_turns_no_verification_off_and_sets_no_proxy(
    terminal: Terminal, machine: Machine, tmp_path: Path, provider: str
) -> None:
    with FaultServer(tls=self_signed(tmp_path)) as server, FaultServer() as trap:
        names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy", "all_proxy")
        lines = [f"{name}={trap.base}" for name in names]
        lines += ["SSL_VERIFY=False", f"SSL_CERT_FILE={tmp_path / 'certificate.pem'}"]
        lines += [f"REQUESTS_CA_BUNDLE={tmp_path / 'certificate.pem'}", "NO_PROXY="]
        machine.write(".env", "\n".join(lines) + "\n")
        machine.configure(listening(server, provider))
        done = terminal.explain()
        assert done.returncode != 0
        assert "certificate" in done.stderr
        assert "ca_bundle" in done.stderr
        assert server.requests == []
        assert trap.connections == []


@pytest.mark.parametrize(
    "value", ["${GITHUB_TOKEN}", '"${GITHUB_TOKEN}"', "$GITHUB_TOKEN", "$(printenv GITHUB_TOKEN)"]
)
def test_attack_11_a_value_of_dotenv_stays_literal(
    terminal: Terminal, machine: Machine, faults: FaultServer, value: str
) -> None:
    machine.write(".env", f"TEAM_KEY={value}\n")
    machine.configure(listening(faults, "ollama").replace("OLLAMA_API_KEY", "TEAM_KEY"))
    done = terminal.explain()
    assert done.returncode == 0, done.stderr
    assert [request.key for request in faults.requests] == [value.strip('"')]
