"""A network that hangs: addresses that take whatever comes and never say a word."""

from __future__ import annotations

import selectors
import shutil
import socket
import subprocess
import threading
from pathlib import Path

# Run in front of a program: root of a network and of mounts of its own, without being root.
UNSHARE = ("unshare", "--map-root-user", "--mount", "--net", "--")
ADDRESS = "127.66.0.1"
PROXY_PORT = 3128
# Where LiteLLM fetches its price map and its tokenizers.
_HOSTS = (
    "raw.githubusercontent.com",
    "huggingface.co",
    "openaipublic.blob.core.windows.net",
)


def namespaces() -> bool:
    """Whether this machine lets a program have a network and mounts of its own."""
    if shutil.which(UNSHARE[0]) is None:
        return False
    return subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode == 0


def cut_off(folder: Path) -> None:
    """Leave this process's own network nothing but loopback.

    The hosts that LiteLLM goes to resolve to ``ADDRESS``, and so does the name server.
    """
    names, resolver = folder / "hosts", folder / "resolv.conf"
    lines = ["127.0.0.1 localhost", *(f"{ADDRESS} {host}" for host in _HOSTS)]
    names.write_text("\n".join([*lines, ""]))
    resolver.write_text(f"nameserver {ADDRESS}\n")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["mount", "--bind", str(names), "/etc/hosts"], check=True)
    subprocess.run(["mount", "--bind", str(resolver), "/etc/resolv.conf"], check=True)


class Silence:
    """Takes connections on ``ports`` (0: any free one), and datagrams on the port ``asked``."""

    def __init__(self, address: str, ports: tuple[int, ...], asked: int | None = None) -> None:
        #: what came, in words
        self.heard: list[str] = []
        #: set whenever something comes
        self.news = threading.Event()
        self._open: list[socket.socket] = []
        self._ready = selectors.DefaultSelector()
        self.ports = [self._listen(address, port) for port in ports]
        if asked is not None:
            taking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            taking.bind((address, asked))
            self._ready.register(taking, selectors.EVENT_READ, self._question)
        threading.Thread(target=self._run, daemon=True).start()

    def _listen(self, address: str, port: int) -> int:
        listening = socket.create_server((address, port))
        self._ready.register(listening, selectors.EVENT_READ, self._connection)
        return int(listening.getsockname()[1])

    def _run(self) -> None:
        while True:
            for key, _ in self._ready.select():
                self.heard.append(key.data(key.fileobj))
                self.news.set()

    def _connection(self, listening: socket.socket) -> str:
        connection, _ = listening.accept()
        self._open.append(connection)
        return f"a connection to port {listening.getsockname()[1]}"

    def _question(self, taking: socket.socket) -> str:
        return f"a question for a name: {taking.recv(4096)!r}"
