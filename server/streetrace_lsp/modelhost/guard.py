"""Which origins may be reached: only those that a request in flight was granted.

A library may be told to redirect, to look something up, to read a file that names a host. None
of it matters here: sockets and name look-ups are refused at the interpreter's own audit events
(PEP 578), which no library can go round in Python. Programs are never started from here either.
"""

from __future__ import annotations

import ipaddress
import socket
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

_CONNECTS: Final = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_LOOKUPS: Final = frozenset({"socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"})
_PROGRAMS: Final = frozenset(
    {
        "subprocess.Popen",
        "os.system",
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.posix_spawn",
        "os.spawn",
        "os.startfile",
        "pty.spawn",
    }
)
# Found in the text of an error whose chain a library has cut off.
MARK: Final = "refused by the model host"

Origin = tuple[str, int]


class RefusedOriginError(PermissionError):
    """A connection or look-up that no request in flight was granted."""

    def __init__(self, host: str, port: int | None) -> None:
        super().__init__(f"{MARK}: {host}:{port}")
        self.host = host
        self.port = port


class RefusedProgramError(PermissionError):
    """An attempt to start a program."""


class Guard:
    """The grants of the requests in flight, and the addresses that they resolved to."""

    def __init__(self, on_refusal: Callable[[str], None] = lambda _: None) -> None:
        self._on_refusal = on_refusal
        self._granted: Counter[Origin] = Counter()
        self._targets: Counter[Origin] = Counter()
        self._resolved: dict[Origin, set[str]] = {}
        self._lock = threading.Lock()

    @contextmanager
    def grant(
        self, origins: Iterable[Origin], sockets: Iterable[Origin] | None = None
    ) -> Iterator[None]:
        """Allows requests to ``origins`` for as long as the block runs.

        ``sockets``: where connections may be opened for them, where that is not the same
        because a proxy stands between.
        """
        targets = [(_host(host), int(port)) for host, port in origins]
        granted = targets if sockets is None else [(_host(host), port) for host, port in sockets]
        with self._lock:
            self._granted.update(granted)
            self._targets.update(targets)
        try:
            yield
        finally:
            with self._lock:
                self._granted.subtract(granted)
                self._targets.subtract(targets)
                self._granted, self._targets = +self._granted, +self._targets

    def check_target(self, host: str, port: int | None) -> None:
        """Raises ``RefusedOriginError`` unless a request may be meant for this origin."""
        if self._targets[(_host(host), port or 0)] == 0:
            raise RefusedOriginError(host, port)

    def check(self, host: str, port: int | None) -> None:
        """Raises ``RefusedOriginError`` unless a connection may be opened there, by name or
        address."""
        name = _host(host)
        if port is not None and self._granted[(name, port)] > 0:
            return
        # A name may be looked up without a port; the connection that follows is checked again.
        if port is None and any(host == name for host, _ in self._granted):
            return
        for origin in self._resolved.get((name, port or 0), ()):
            if self._granted[(origin, port or 0)] > 0:
                return
        raise RefusedOriginError(host, port)

    def resolved(self, host: str, port: int | None, addresses: Iterable[str]) -> None:
        """Ties the addresses that a granted name resolved to, to that name."""
        name = _host(host)
        with self._lock:
            ports = [port] if port else [p for h, p in self._granted if h == name]
            for address in addresses:
                for one in ports:
                    self._resolved.setdefault((_host(address), one), set()).add(name)

    def audit(self, event: str, args: tuple[Any, ...]) -> None:
        """The audit hook; an exception from here aborts the operation."""
        try:
            self._judge(event, args)
        except PermissionError as refusal:
            # Libraries swallow it, so the log is where it can be seen.
            self._on_refusal(str(refusal))
            raise

    def _judge(self, event: str, args: tuple[Any, ...]) -> None:
        if event in _CONNECTS:
            self._connect(args[0], args[1])
        elif event == "socket.getaddrinfo":
            self._lookup(args[0], args[1])
        elif event in _LOOKUPS:
            name = args[0][0] if isinstance(args[0], tuple) else args[0]
            self._lookup(name, None)
        elif event in _PROGRAMS:
            raise RefusedProgramError(f"{MARK}: a program ({args[0] if args else event})")

    def _connect(self, sock: socket.socket, address: Any) -> None:
        if sock.family not in (socket.AF_INET, socket.AF_INET6):
            raise RefusedOriginError(str(address), None)
        if address is None:  # sendmsg on a connected socket, checked when it was connected
            return
        self.check(str(address[0]), int(address[1]))

    def _lookup(self, host: Any, port: Any) -> None:
        if host is None:
            return
        host = _text(host)
        try:
            number = int(port) if port else None
        except ValueError:  # a service name; the connection is checked by number
            number = None
        if _is_address(host):
            return
        self.check(host, number)


def install(guard: Guard) -> None:
    """Puts ``guard`` in force for the rest of this process's life."""
    original = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        found = original(host, port, *args, **kwargs)
        if host is not None:
            number = port if isinstance(port, int) else None
            guard.resolved(_text(host), number, [str(entry[4][0]) for entry in found])
        return found

    socket.getaddrinfo = getaddrinfo
    sys.addaudithook(guard.audit)


def _text(host: Any) -> str:
    # anyio hands names over as bytes.
    return host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else str(host)


def _host(host: str) -> str:
    return host.strip("[]").split("%", 1)[0].rstrip(".").lower()


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(_host(host))
    except ValueError:
        return False
    return True
