"""The real LiteLLM Proxy on loopback, with mock answers, offline."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

ANSWER = "Both sides of the proxy agree: ‘yes’."
MODEL = "team-model"
# Never answers: for the cut that the proxy hides.
BEHIND = "behind-the-proxy"
# Answers on the proxy's Anthropic route, where mocks don't stream.
CLAUDE = "claude-behind-the-proxy"

# It takes about 20 s here, most of it imports; a loaded machine may need far longer.
_READY_WITHIN = 180.0
_POLL_EVERY = 0.2


@dataclass(frozen=True)
class Proxy:
    """A running proxy. `key` is its master key."""

    port: int
    key: str

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def running_proxy(
    folder: Path, upstream: str, mocks: Mapping[str, str] | None = None
) -> Iterator[Proxy]:
    """Starts the proxy and waits until it is ready; `upstream` is an OpenAI base behind it.

    `mocks` are further models by name, each with the answer that it gives to everything.
    """
    proxy = Proxy(_free_port(), f"sk-{secrets.token_hex(24)}")
    config = folder / "config.yaml"
    # JSON is YAML.
    config.write_text(json.dumps(_config(proxy.key, upstream, mocks or {})), encoding="utf-8")
    log = folder / "proxy.log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [
                *(Path(sys.executable).with_name("litellm").as_posix(), "--config", str(config)),
                *("--host", "127.0.0.1", "--port", str(proxy.port)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=written,
            env=_environment(folder),
            cwd=folder,
        )
    try:
        _wait_until_ready(proxy, process, log)
        yield proxy
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _config(key: str, upstream: str, mocks: Mapping[str, str]) -> dict[str, object]:
    mock = {"model": "openai/mock", "api_key": "none"}
    behind = {"model": "openai/demo", "api_key": "none", "api_base": upstream, "max_retries": 0}
    claude = {**behind, "model": "anthropic/demo", "api_base": upstream.removesuffix("/v1")}
    return {
        "model_list": [
            *(
                {"model_name": name, "litellm_params": {**mock, "mock_response": answer}}
                for name, answer in {MODEL: ANSWER, **mocks}.items()
            ),
            {"model_name": BEHIND, "litellm_params": behind},
            {"model_name": CLAUDE, "litellm_params": claude},
        ],
        "general_settings": {"master_key": key},
        "litellm_settings": {"telemetry": False, "num_retries": 0},
        "router_settings": {"num_retries": 0, "disable_cooldowns": True},
    }


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    return {
        **kept,
        "HOME": str(folder),
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_MODE": "PRODUCTION",
        "LITELLM_TELEMETRY": "False",
        "PYTHON_DOTENV_DISABLED": "1",
        "NO_PROXY": "*",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(proxy: Proxy, process: subprocess.Popen[bytes], log: Path) -> None:
    # Ends on readiness, on the end of the process, or at the deadline.
    timer = threading.Event()
    deadline = threading.Timer(_READY_WITHIN, timer.set)
    deadline.start()
    try:
        while not timer.wait(_POLL_EVERY):
            assert process.poll() is None, log.read_text("utf-8", "replace")[-3000:]
            if _ready(proxy):
                return
    finally:
        deadline.cancel()
    raise AssertionError(f"not ready within {_READY_WITHIN} s: {log.read_text()[-3000:]}")


def _ready(proxy: Proxy) -> bool:
    asked = Request(f"{proxy.base}/health/readiness", method="GET")  # noqa: S310
    try:
        with urlopen(asked, timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
