"""The way out, once more as the whole program goes it: a child process and files alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from backends.asking import KEY
from backends.certificates import Authority
from backends.fault_server import FaultServer, Reply
from backends.networked import BACKENDS, BOTH, HOST, LOGIN, PLAIN, proxied


@pytest.mark.parametrize("backend", BOTH)
def test_the_command_line_goes_through_the_proxy(
    backend: str, secure: FaultServer, authority: Authority, home: Path, tmp_path: Path
) -> None:
    """The whole program as a child process, configured by files alone."""
    secure.default = Reply(text="It adds.")
    project, folder = tmp_path / "project", tmp_path / "config"
    (project / ".git").mkdir(parents=True)
    folder.mkdir()
    (project / "code.py").write_text("def f(a, b):\n    return a + b\n")
    with proxied(secure, login=PLAIN) as proxy, proxied(secure) as planted:
        # Without a trusted project file a `.env` is not read at all; with one it is.
        (project / ".streetrace.toml").write_text('model = "mine/demo"\n')
        (project / ".env").write_text(f"HTTPS_PROXY={planted.url}\nSSL_VERIFY=False\n")
        config = folder / "config.toml"
        backends = f'[backends.mine]\n{BACKENDS[backend]}\napi_key = "${{MY_KEY}}"\n'
        config.write_text(
            f'{backends}[network]\nproxy = "{proxy.url_with(LOGIN)}"\nca_bundle = "{authority.pem}"'
        )
        config.chmod(0o600)
        done = _run(project, folder, "trust", "--yes", ".")
        assert done.returncode == 0, done.stderr
        done = _run(project, folder, "run", "explain", "code.py:1")
        assert done.returncode == 0, done.stderr
        assert done.stdout == b"It adds.\n"
        assert proxy.tunnels == [f"{HOST}:443"]

        config.write_text(f'{backends}[network]\nproxy = "{proxy.url_with(LOGIN)}"\n')
        done = _run(project, folder, "run", "explain", "code.py:1")
        assert done.returncode == 1
        assert b"ca_bundle" in done.stderr
        assert b"s3cr" not in done.stdout + done.stderr
        assert planted.connections == 0


@pytest.mark.parametrize("backend", BOTH)
@pytest.mark.parametrize("command", ["models", "doctor"])
def test_lists_and_probes_go_through_the_proxy(
    command: str,
    backend: str,
    secure: FaultServer,
    authority: Authority,
    home: Path,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    with proxied(secure) as proxy:
        backends = f'[backends.mine]\n{BACKENDS[backend]}\napi_key = "${{MY_KEY}}"\n'
        (folder / "config.toml").write_text(
            f'model = "mine/demo"\n{backends}[network]\nca_bundle = "{authority.pem}"\n'
            f'proxy = "{proxy.url}"\nno_proxy = []\n'
        )
        done = _run(tmp_path, folder, command)
        assert b"demo" in done.stdout, done.stderr
        assert set(proxy.tunnels) == {f"{HOST}:443"}
    assert secure.requests


def _run(project: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    state = str(folder.parent / "state")
    variables = {"STREETRACE_STATE_DIR": state, "STREETRACE_CONFIG_DIR": str(folder), "CI": "1"}
    return subprocess.run(
        [sys.executable, "-I", "-m", "streetrace_lsp", *arguments],
        cwd=project,
        env={**os.environ, **variables, "MY_KEY": KEY},
        capture_output=True,
        timeout=120,
        check=False,
    )
