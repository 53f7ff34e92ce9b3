"""Which origins the model host's guard lets through."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from streetrace_lsp.modelhost.guard import Guard, RefusedOriginError, RefusedProgramError

API = ("api.example", 443)


@pytest.fixture
def guard() -> Guard:
    return Guard()


@pytest.fixture
def tcp() -> Iterator[socket.socket]:
    with socket.socket() as made:
        yield made


@pytest.mark.parametrize("host", ["api.example", "API.Example", "api.example."])
def test_a_granted_origin_is_let_through(guard: Guard, host: str) -> None:
    with guard.grant([API]):
        guard.check(host, 443)


@pytest.mark.parametrize(
    ("host", "port"),
    [("api.example", 80), ("api.example", 8443), ("example", 443), ("api.example.evil", 443)],
)
def test_host_and_port_both_count(guard: Guard, host: str, port: int) -> None:
    with guard.grant([API]), pytest.raises(RefusedOriginError, match=f"{host}:{port}"):
        guard.check(host, port)


def test_a_grant_ends_with_the_last_request_that_holds_it(guard: Guard) -> None:
    with guard.grant([API]):
        with guard.grant([API]):
            pass
        guard.check(*API)
    with pytest.raises(RefusedOriginError):
        guard.check(*API)


def test_an_address_is_let_through_for_the_name_it_came_from(
    guard: Guard, tcp: socket.socket
) -> None:
    with guard.grant([API]):
        guard.resolved("api.example", 443, ["192.0.2.7"])
        guard.audit("socket.connect", (tcp, ("192.0.2.7", 443)))
        for elsewhere in (("192.0.2.7", 80), ("192.0.2.8", 443)):
            with pytest.raises(RefusedOriginError):
                guard.audit("socket.connect", (tcp, elsewhere))
    with pytest.raises(RefusedOriginError):
        guard.audit("socket.connect", (tcp, ("192.0.2.7", 443)))


@pytest.mark.parametrize("host", ["::1", "[::1]", "::1%lo"])
def test_ipv6_spellings_are_one_host(guard: Guard, host: str) -> None:
    with guard.grant([("::1", 11434)]):
        guard.check(host, 11434)


@pytest.mark.parametrize("name", ["planted.example", b"planted.example"])
@pytest.mark.parametrize("event", ["socket.getaddrinfo", "socket.gethostbyname"])
def test_a_foreign_name_is_not_looked_up(guard: Guard, event: str, name: str | bytes) -> None:
    with guard.grant([API]), pytest.raises(RefusedOriginError, match=r"planted\.example"):
        guard.audit(event, (name, 443, 0, 0, 0))


@pytest.mark.parametrize("port", [443, "443", None, "https"])
def test_a_granted_name_is_looked_up(guard: Guard, port: object) -> None:
    with guard.grant([API]):
        guard.audit("socket.getaddrinfo", ("api.example", port, 0, 0, 0))


def test_datagrams_are_connections_too(guard: Guard) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as made, pytest.raises(RefusedOriginError):
        guard.audit("socket.sendto", (made, ("192.0.2.53", 53)))


def test_local_sockets_are_refused(guard: Guard) -> None:
    # Not every system can make one.
    local = SimpleNamespace(family=getattr(socket, "AF_UNIX", -1))
    with pytest.raises(RefusedOriginError):
        guard.audit("socket.connect", (local, "/run/docker.sock"))


@pytest.mark.parametrize(
    "event", ["subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork"]
)
def test_no_program_is_started(guard: Guard, event: str) -> None:
    with guard.grant([API]), pytest.raises(RefusedProgramError):
        guard.audit(event, ("program",))


def test_other_events_pass(guard: Guard) -> None:
    guard.audit("open", ("file", "r", 0))


def test_refusals_are_told() -> None:
    told: list[str] = []
    guard = Guard(told.append)
    with pytest.raises(RefusedOriginError):
        guard.audit("socket.getaddrinfo", ("planted.example", 443, 0, 0, 0))
    assert told == ["refused by the model host: planted.example:443"]
