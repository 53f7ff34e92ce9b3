"""Vertex AI where google-auth is not installed, in a process that can't find it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from backends.fault_server import FaultServer
from backends.wires.google import login, service_account

PROGRAM = """
import asyncio, sys, httpx
sys.modules["google.auth"] = None
from streetrace_lsp.modelhost import faults, google_login
try:
    print(*asyncio.run(google_login.sign_in(sys.argv[1], httpx.Timeout(9))))
except faults.HostFaultError as fault:
    print(fault.facts["said"], fault.facts["next_step"])
"""


def signed_in(file: Path, content: str) -> str:
    file.write_text(content, "utf-8")
    command = [sys.executable, "-c", PROGRAM, str(file)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_a_service_account_names_the_extra_to_install(tmp_path: Path) -> None:
    said = signed_in(tmp_path / "key.json", service_account())
    assert "needs google-auth" in said
    assert "pip install 'streetrace-lsp[vertex]'" in said


def test_gclouds_login_needs_none(tmp_path: Path) -> None:
    with FaultServer() as server:
        content = login().replace("https://oauth2.googleapis.com", server.base)
        assert signed_in(tmp_path / "login.json", content) == "ya29.token project-of-the-login"
