"""Every test runs on a machine of its own: empty HOME, no keys, no proxies, no settings."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# What a program needs to run here at all. STREETRACE_TEST_* steers the tests themselves.
_KEPT = {"PATH", "LANG", "LC_ALL", "LC_CTYPE", "TERM", "TZ", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT"}
_KEPT_BEGINNINGS = ("STREETRACE_TEST_", "PYTEST_", "COVERAGE_", "HYPOTHESIS_")

# A slow machine is no defect of the code.
_PATIENT = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", _PATIENT, max_examples=60)
settings.register_profile("deep", _PATIENT, max_examples=2000)
settings.load_profile(os.environ.get("STREETRACE_TEST_HYPOTHESIS", "quick"))


def pytest_configure() -> None:
    """Give children the usual signals, also where the suite itself runs behind `nohup` or `&`.

    What is ignored is inherited; what has a handler is the default again in a child (execve(2)).
    """
    for name in ("SIGINT", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


def _leave_only_what_is_needed(patch: pytest.MonkeyPatch, home: Path) -> None:
    for name in list(os.environ):
        if name.upper() not in _KEPT and not name.upper().startswith(_KEPT_BEGINNINGS):
            patch.delenv(name)
    folders = {
        "HOME": home,
        "USERPROFILE": home,
        "XDG_CONFIG_HOME": home / ".config",
        "XDG_STATE_HOME": home / ".local" / "state",
        "XDG_DATA_HOME": home / ".local" / "share",
        "XDG_CACHE_HOME": home / ".cache",
    }
    for name, folder in folders.items():
        patch.setenv(name, str(folder))


@pytest.fixture(scope="session", autouse=True)
def clean_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The same for what lives longer than one test, such as a server for a whole module."""
    with pytest.MonkeyPatch.context() as patch:
        _leave_only_what_is_needed(patch, tmp_path_factory.mktemp("session-home"))
        yield


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, also in the environment."""
    folder = tmp_path_factory.mktemp("home")
    _leave_only_what_is_needed(monkeypatch, folder)
    return folder
