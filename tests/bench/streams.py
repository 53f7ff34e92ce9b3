"""Eight models writing into one server, and how long an unrelated request takes meanwhile."""

from __future__ import annotations

import re
import time
from typing import Any

from bench.session import SERVER, Session
from lsp.machine import Machine

STREAMS = 8
_SAMPLE = "def f(x):\n    return x\n"
_WRITTEN = re.compile(r"([\d,]+) characters")
_NOWHERE = {
    "textDocument": {"uri": "file:///nowhere/at_all.py"},
    "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}},
    "context": {"diagnostics": []},
}
# 200 requests a second: more than a person's typing and moving about makes.
_PAUSE = 0.005


class Streams:
    """A server with eight documents open, and a job on each; a context manager."""

    def __init__(self, machine: Machine) -> None:
        self._written: dict[str, int] = {}
        self._ended: dict[str, dict[str, Any]] = {}
        self._jobs: list[str] = []
        log = machine.home / "server.log"
        self._session = Session(
            SERVER, machine.environment, machine.root, log=log, notified=self._notified
        )
        self._session.initialize()
        paths = [machine.root / f"part_{number}.py" for number in range(STREAMS)]
        uris = [self._session.open(path, _SAMPLE) for path in paths]
        self._work = [(uri, ("fix", "explain")[number % 2]) for number, uri in enumerate(uris)]

    def __enter__(self) -> Streams:
        return self

    def __exit__(self, *error: object) -> None:
        self._session.__exit__(None, None, None)

    def start(self, model: str) -> None:
        """Start the jobs, edits and answers in turn; wait until all stream."""
        self._written.clear()
        self._jobs = [self._session.start_job(uri, action, model) for uri, action in self._work]
        self._session.wait(lambda: len(self._written) == STREAMS or bool(self._over()))
        assert self._over() == []

    def stop(self) -> None:
        """Cancel the jobs. Every one must still have been running."""
        assert self._over() == [], "a stream ended while it was measured"
        self._session.execute("streetrace.cancel")
        self._session.wait(lambda: len(self._over()) == STREAMS)
        assert {ending["state"] for ending in self._over()} == {"cancelled"}, self._over()

    def characters(self) -> int:
        """How much has arrived in the server, as its progress says; at most 0.1 s old."""
        return sum(self._written.values())

    def pings(self, seconds: float) -> list[float]:
        """Ask something that needs no document, again and again; the seconds of each answer."""
        taken = []
        now = time.perf_counter()
        end = now + seconds
        while now < end:
            self._session.ask("textDocument/codeAction", _NOWHERE)
            taken.append(time.perf_counter() - now)
            self._session.listen(now + _PAUSE)
            now = time.perf_counter()
        return taken

    def _over(self) -> list[dict[str, Any]]:
        return [self._ended[job] for job in self._jobs if job in self._ended]

    def _notified(self, method: str, params: Any) -> None:
        if method == "$/progress":
            found = _WRITTEN.search(params["value"].get("message") or "")
            if found:
                self._written[params["token"]] = int(found[1].replace(",", ""))
        elif method == "streetrace/job" and params["final"]:
            self._ended[params["job"]] = params
