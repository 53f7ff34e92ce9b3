"""tools/offline: what runs in it has this machine's loopback, and nothing else."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).resolve().parents[2] / "tools" / "offline"
# 192.0.2.1 and 2001:db8::1 are for documentation (RFC 5737, RFC 3849): nobody is there.
LOOK = """
import errno, json, socket
with socket.create_server(("127.0.0.1", 0)) as listening:
    socket.create_connection(listening.getsockname(), 5).close()
found = ["loopback"]
for family, host in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
    with socket.socket(family, socket.SOCK_STREAM) as one:
        one.settimeout(5)
        found.append(errno.errorcode[one.connect_ex((host, 443))])
print(json.dumps(found))
"""


def run(*command: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = None if path is None else {"PATH": path}
    return subprocess.run(
        [TOOL, *command], capture_output=True, text=True, check=False, env=environment
    )


def test_there_is_loopback_and_nothing_else() -> None:
    looked = run(sys.executable, "-I", "-c", LOOK)
    assert looked.returncode == 0, looked.stderr
    first, *others = json.loads(looked.stdout)
    assert first == "loopback"
    assert set(others) <= {"ENETUNREACH", "EADDRNOTAVAIL"}


def test_the_commands_status_is_passed_on() -> None:
    assert run("bash", "-c", "exit 7").returncode == 7


def test_where_it_can_not_work_it_says_so(tmp_path: Path) -> None:
    for name in ("bash", "env"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    told = run("true", path=str(tmp_path))
    assert told.returncode == 1
    assert "unshare is missing" in told.stderr
