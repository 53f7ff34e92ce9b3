"""The files of [network]: which certificates are trusted and shown, and what if they can't be."""

from __future__ import annotations

from pathlib import Path

import pytest

from backends.certificates import Authority
from backends.fault_server import FaultServer
from backends.networked import BACKENDS, BOTH, HOST, asked, configured, proxied
from streetrace_lsp.routing.host import ModelHost

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("backend", BOTH)
async def test_a_client_certificate_is_shown_to_who_asks_for_it(
    backend: str, host: ModelHost, authority: Authority, tmp_path: Path
) -> None:
    people = Authority(tmp_path, "People CA")
    me = people.identity("me")
    (tmp_path / "without").mkdir()
    with (
        FaultServer(tls=authority.serving(HOST, clients=people)) as server,
        proxied(server) as proxy,
    ):
        network = f'proxy = "{proxy.url}"\nca_bundle = "{authority.pem}"\n'
        mine = f'client_cert = "{me}"\nclient_key = "{me}"'
        found = await asked(host, configured(tmp_path, BACKENDS[backend], network + mine))
        assert found.error is None, found.error
        found = await asked(host, configured(tmp_path / "without", BACKENDS[backend], network))
        assert found.error is not None
    assert len(server.requests) == 1


def broken(folder: Path, authority: Authority) -> dict[str, tuple[str, str, str]]:
    """By name: the lines of [network], the file, and what is said about it."""
    text = folder / "text.pem"
    text.write_text("no certificate")
    empty = folder / "empty.pem"
    empty.touch()
    # A file where a folder is needed: nobody can read that, not even root.
    shut = text / "shut.pem"
    locked = authority.identity("locked", password=b"1234")
    gone = folder / "gone.pem"
    return {
        "missing": (f'ca_bundle = "{gone}"', str(gone), "does not exist"),
        "no pem": (f'ca_bundle = "{text}"', str(text), "holds no certificates"),
        "empty": (f'ca_bundle = "{empty}"', str(empty), "holds no certificates"),
        "unreadable": (f'ca_bundle = "{shut}"', str(shut), "can't be read"),
        "no client_cert": (f'client_cert = "{gone}"', str(gone), "does not exist"),
        "odd client_cert": (f'client_cert = "{text}"', str(text), "holds no certificate"),
        "locked": (f'client_cert = "{locked}"', str(locked), "holds a key with a pass phrase"),
        "no key": (
            f'client_cert = "{locked}"\nclient_key = "{gone}"',
            str(gone),
            "does not exist",
        ),
        "key alone": (f'client_key = "{locked}"', str(locked), "has no client_cert"),
    }


CASES = (
    *("missing", "no pem", "empty", "unreadable", "no client_cert", "odd client_cert", "locked"),
    *("no key", "key alone"),
)


@pytest.mark.parametrize("backend", BOTH)
@pytest.mark.parametrize("case", CASES)
async def test_a_file_that_cant_be_used_is_named_before_anything_is_sent(
    case: str, backend: str, host: ModelHost, secure: FaultServer, tmp_path: Path
) -> None:
    lines, file, said = broken(tmp_path, Authority(tmp_path))[case]
    with proxied(secure) as proxy:
        text = f'proxy = "{proxy.url}"\n{lines}'
        found = await asked(host, configured(tmp_path, BACKENDS[backend], text))
        assert proxy.connections == 0
    assert found.error is not None
    assert found.error.kind == "network"
    key = lines.rpartition("\n")[2].partition(" ")[0]
    assert f"{key} names {file}, which {said}" in found.error.message
    assert f"{key} under [network]" in found.error.next_step


async def test_a_corrected_file_is_used_at_once(
    host: ModelHost, secure: FaultServer, authority: Authority, tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle.pem"
    with proxied(secure) as proxy:
        network = f'proxy = "{proxy.url}"\nca_bundle = "{bundle}"'
        target = configured(tmp_path, BACKENDS["openai"], network)
        found = await asked(host, target)
        assert found.error is not None
        bundle.write_bytes(authority.pem.read_bytes())
        assert (await asked(host, target)).error is None


async def test_a_file_from_the_shell_is_named_by_its_variable(
    host: ModelHost, secure: FaultServer, tmp_path: Path
) -> None:
    environ = {"REQUESTS_CA_BUNDLE": str(tmp_path / "gone.pem")}
    found = await asked(host, configured(tmp_path, BACKENDS["openai"], "", environ))
    assert found.error is not None
    assert f"REQUESTS_CA_BUNDLE names {tmp_path / 'gone.pem'}" in found.error.message
    assert "REQUESTS_CA_BUNDLE, or set ca_bundle under [network]" in found.error.next_step


@pytest.mark.parametrize(
    "name", ["SSL_VERIFY", "LITELLM_SSL_VERIFY", "PYTHONHTTPSVERIFY", "SSL_CERT_FILE"]
)
@pytest.mark.parametrize("backend", BOTH)
async def test_no_variable_turns_verification_off(
    name: str,
    backend: str,
    secure: FaultServer,
    authority: Authority,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In the environment of the server itself, which starts the child."""
    # The last one would be trusted, were it ambient: here it is in no configuration's shell.
    monkeypatch.setenv(name, str(authority.pem) if name == "SSL_CERT_FILE" else "False")
    host = ModelHost(log=lambda _: None)
    try:
        with proxied(secure) as proxy:
            text = f'proxy = "{proxy.url}"'
            found = await asked(host, configured(tmp_path, BACKENDS[backend], text))
    finally:
        await host.close()
    assert found.error is not None
    assert found.error.kind == "tls"
    assert secure.requests == []
