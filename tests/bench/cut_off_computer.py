"""The server on a computer without a network, in a process of its own.

``python -m bench.cut_off_computer hung|refused own|shared HOME``. With ``hung`` the hosts that
LiteLLM goes to unasked, the name server and the proxies of the server's environment take
connections and never say a word; with ``refused`` they refuse at once: what it is otherwise.
``own`` runs in a network namespace of its own. Where the machine allows none, ``shared``: only
the proxies hang or refuse.

Each line on standard input is a thing to do; the answer is a line, mostly its seconds.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.model_server import ModelServer
from bench.session import SERVER, Session
from bench.silence import ADDRESS, PROXY_PORT, Silence, cut_off
from lsp.machine import Machine

# A name for which LiteLLM downloads a tokenizer.
_LLAMA = "llama-3-demo"
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_SAMPLE = "def f(x):\n    return x\n"

#: what the plain library does to run into the silence; else the bench would show nothing
CONTROLS = {
    "price map": ({}, "import litellm"),
    "tokenizer": (
        {"LITELLM_LOCAL_MODEL_COST_MAP": "True"},
        f"import litellm; litellm.token_counter(model='openai/{_LLAMA}', text='hello')",
    ),
}


class _Computer:
    """The server in its surroundings."""

    def __init__(self, machine: Machine, silence: Silence | None, proxy: str, *, own: bool) -> None:
        self._machine = machine
        self._silence = silence
        self._proxied = machine.environment | dict.fromkeys(_PROXIES, proxy)
        # Where names hang, the controls show that; elsewhere only the proxies do.
        self._plain = machine.environment if own else self._proxied
        self._session: Session | None = None
        self._uri = ""
        self._ended: set[str] = set()

    def do(self, what: str) -> str:
        """Do what a line says; returns the answer."""
        word, _, rest = what.partition(" ")
        known: dict[str, Callable[[str], str]] = {
            "start_up": self._start_up,
            "first_call": self._first_call,
            "call": self._call,
            "control": self._control,
            "heard": lambda _: json.dumps(self._silence.heard if self._silence else []),
        }
        return known[word](rest)

    def close(self) -> None:
        """End the server."""
        if self._session is not None:
            self._session.__exit__(None, None, None)
            self._session = None

    def _spawn(self) -> Session:
        self._ended.clear()
        log = self._machine.home / "server.log"
        return Session(SERVER, self._proxied, self._machine.root, log=log, notified=self._notified)

    def _notified(self, method: str, params: Any) -> None:
        if method == "streetrace/job" and params["final"]:
            assert params["state"] == "answered", params
            self._ended.add(params["job"])

    def _start_up(self, _: str) -> str:
        with self._spawn() as session:
            return str(session.initialize())

    def _first_call(self, _: str) -> str:
        self.close()
        self._session = self._spawn()
        self._session.initialize()
        self._uri = self._session.open(self._machine.root / "a.py", _SAMPLE)
        self._explain(self._session, "cloud")
        return str(time.perf_counter() - self._session.spawned)

    def _call(self, backend: str) -> str:
        assert self._session is not None
        begun = time.perf_counter()
        self._explain(self._session, backend)
        return str(time.perf_counter() - begun)

    def _explain(self, session: Session, backend: str) -> None:
        model = {"cloud": f"cloud/{_LLAMA}", "local": "local/demo"}[backend]
        job = session.start_job(self._uri, "explain", model)
        session.wait(lambda: job in self._ended)

    def _control(self, name: str) -> str:
        silence = self._silence
        assert silence is not None
        variables, code = CONTROLS[name]
        silence.news.clear()
        quiet = subprocess.DEVNULL
        command = [sys.executable, "-I", "-c", code]
        library = subprocess.Popen(command, env=self._plain | variables, stdout=quiet, stderr=quiet)

        def until_its_end() -> None:
            library.wait()
            silence.news.set()

        ended = threading.Thread(target=until_its_end)
        ended.start()
        silence.news.wait()
        hangs = bool(silence.heard)
        library.kill()
        ended.join()
        silence.heard.clear()
        return "hangs" if hangs else "does not"


def _configure(machine: Machine, models: ModelServer) -> None:
    backends = (("cloud", "openai"), ("local", "ollama"))
    tables = [
        f'[backends.{name}]\nprovider = "{provider}"\napi_base = "{models.base(provider)}"\n'
        for name, provider in backends
    ]
    machine.configure_user("\n".join([f'model = "cloud/{_LLAMA}"\n', *tables]))


def _main(how: str, network: str, home: Path) -> None:
    hung, own = how == "hung", network == "own"
    silence, proxy = None, "http://127.0.0.1:9"
    if own:
        cut_off(home)
        proxy = f"http://{ADDRESS}:{PROXY_PORT}"
        silence = Silence(ADDRESS, (80, 443, PROXY_PORT), 53) if hung else None
    elif hung:
        silence = Silence("127.0.0.1", (0,))
        proxy = f"http://127.0.0.1:{silence.ports[0]}"
    machine = Machine.create(home, home / "project")
    with ModelServer({}) as models:
        _configure(machine, models)
        computer = _Computer(machine, silence, proxy, own=own)
        for line in sys.stdin:
            print(computer.do(line.strip()), flush=True)
        computer.close()


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
