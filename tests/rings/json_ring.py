"""A keyring back end of the tests: a JSON file, which the real keyring package loads by its
configuration. It notes each time that a value is taken, as a real one would ask the user."""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError, PasswordSetError


class JsonRing(KeyringBackend):
    priority = 5

    def set_password(self, service: str, username: str, password: str) -> None:
        if "STREETRACE_TEST_RING_LOCKED" in os.environ:
            raise PasswordSetError("locked, and it was told " + password)
        self._write({**self._read(), f"{service}/{username}": password})

    def get_password(self, service: str, username: str) -> str | None:
        with _file("taken").open("a") as taken:
            taken.write(f"{username}\n")
        return self._read().get(f"{service}/{username}")

    def delete_password(self, service: str, username: str) -> None:
        kept = self._read()
        if kept.pop(f"{service}/{username}", None) is None:
            raise PasswordDeleteError("not there")
        self._write(kept)

    def _read(self) -> dict[str, str]:
        path = _file("ring.json")
        return dict(json.loads(path.read_text())) if path.exists() else {}

    def _write(self, content: dict[str, str]) -> None:
        _file("ring.json").write_text(json.dumps(content))


def _file(name: str) -> Path:
    return Path(os.environ["STREETRACE_TEST_RING"]) / name
