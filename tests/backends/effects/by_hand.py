"""What is seen in other ways than by one request to a configured server."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from backends.asking import QUESTION
from backends.certificates import Authority
from backends.effects.scene import Came, Scene, asked
from backends.fault_server import FaultServer
from backends.networked import HOST, proxied
from backends.routed import Person
from streetrace_lsp.modelhost.recordings import record
from streetrace_lsp.routing.host import ModelHost


async def led(scene: Scene) -> int:
    """How many requests arrive by way of the proxy that a shell names."""
    with proxied(scene.first) as proxy:
        scene.environ = {"HTTP_PROXY": proxy.url}
        await asked(scene)
        return len(proxy.plain)


async def recorded(scene: Scene) -> tuple[str, list[str]]:
    """The reply where an exchange was recorded into ``kept``, and what it fails of."""
    (scene.folder / "empty").mkdir()
    record(scene.folder / "kept", "demo", QUESTION, chunks=["As ", "recorded."])
    came = await asked(scene)
    (told,) = came.told
    return told.text, came.faults


async def several(scene: Scene) -> str:
    """What becomes of the process that talks to models, after a request."""
    lines: list[str] = []
    host = ModelHost(log=lines.append)
    try:
        await asked(scene, host=host)
    finally:
        await host.close()
    return "replaced" if any("replaced" in line for line in lines) else "kept"


def refusal(pattern: str) -> Callable[[Scene], Awaitable[str]]:
    """What is said in the place of the pattern's group when nothing can be asked."""

    async def see(scene: Scene) -> str:
        came = await asked(scene)
        errors = [one.error for one in came.told if one.error is not None] + came.refused
        found = re.search(pattern, " ".join(error.message for error in errors))
        assert found is not None, errors
        return found[1]

    return see


async def prices_asked(scene: Scene) -> tuple[tuple[int, int], int]:
    """The requests, and how often somebody was asked about a price that nobody knows."""
    questions: list[str] = []

    async def yes(what: str) -> bool:
        questions.append(what)
        return True

    def prepared(person: Person) -> None:
        person.session.ask_price = yes

    came = await asked(scene, prepared=prepared)
    return came.counts, len(questions)


def behind_two_proxies(
    pick: Callable[[list[int], Came], Any],
) -> Callable[[Scene], Awaitable[Any]]:
    """A remote server behind the proxy `http://own.invalid`, and one that the shell names.

    ``pick`` gets how many connections each of them had.
    """

    async def see(scene: Scene) -> Any:
        with proxied(scene.first) as own, proxied(scene.first) as shells:
            scene.texts = {"http://own.invalid": own.url}
            scene.environ = {"HTTP_PROXY": shells.url}
            came = await asked(scene)
            return pick([own.connections, shells.connections], came)

    return see


def behind_certificates(*, people: bool) -> Callable[[Scene], Awaitable[list[str]]]:
    """What a request fails of at a server whose certificate a company's authority signed.

    ``people``: the server wants a certificate from everyone. In the configuration,
    ``~COMPANY`` is the authority's file and ``~CERTIFICATE`` and ``~KEY`` are the user's.
    """

    async def see(scene: Scene) -> list[str]:
        company = Authority(scene.folder)
        staff = Authority(scene.folder, "People CA")
        whole = staff.identity("me")
        certificate, key = scene.folder / "only.pem", scene.folder / "only.key"
        parts = re.split(r"(?=-----BEGIN CERT)", whole.read_text("ascii"))
        pieces = sorted(part for part in parts if part.strip())
        assert len(pieces) == 2, "a certificate and its key"
        certificate.write_text(next(p for p in pieces if "BEGIN CERT" in p), "ascii")
        key.write_text(next(p for p in pieces if "PRIVATE KEY" in p), "ascii")
        context = company.serving(HOST, clients=staff if people else None)
        with FaultServer(tls=context) as server, proxied(server) as proxy:
            scene.texts = {
                "http://own.invalid": proxy.url,
                "~COMPANY": str(company.pem),
                "~WHOLE": str(whole),
                "~CERTIFICATE": str(certificate),
                "~KEY": str(key),
            }
            came = await asked(scene)
            return [*came.faults, *(["answered"] if server.requests else [])]

    return see
