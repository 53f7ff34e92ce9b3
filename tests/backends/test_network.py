"""The way out: a company's proxy and certificates, from the text of a configuration to the wire."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from pathlib import Path

import pytest

from backends.asking import KEY
from backends.certificates import Authority
from backends.fault_server import FaultServer, Reply
from backends.networked import BACKENDS, BOTH, HOST, LOGIN, PLAIN, asked, configured, proxied, story
from configured_project import Workspace
from streetrace_lsp.routing.host import ModelHost
from streetrace_lsp.routing.targets import resolve

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("backend", BACKENDS.values(), ids=BACKENDS)
async def test_a_request_goes_through_the_proxy_and_trusts_the_bundle(
    backend: str, host: ModelHost, secure: FaultServer, authority: Authority, tmp_path: Path
) -> None:
    secure.default = Reply(text="It adds.")
    with proxied(secure) as proxy:
        network = f'proxy = "{proxy.url}"\nca_bundle = "{authority.pem}"'
        found = await asked(host, configured(tmp_path, backend, network))
        assert found.error is None, found.error and found.error.detail
        assert found.text == "It adds."
        assert proxy.tunnels == [f"{HOST}:443"]
    (request,) = secure.requests
    assert request.key == KEY
    # The key went to the model server, and no head that the proxy could read had it.
    assert KEY not in "".join(proxy.heads)


@pytest.mark.parametrize("backend", BOTH)
async def test_without_the_bundle_the_error_names_ca_bundle(
    backend: str, host: ModelHost, secure: FaultServer, tmp_path: Path
) -> None:
    with proxied(secure) as proxy:
        found = await asked(host, configured(tmp_path, BACKENDS[backend], f'proxy = "{proxy.url}"'))
        assert proxy.tunnels == [f"{HOST}:443"]
    assert found.error is not None
    assert found.error.kind == "tls"
    assert "ca_bundle" in found.error.next_step
    assert "[network]" in found.error.next_step
    assert not re.search("verif|insecure|disable|skip", found.error.next_step)
    assert secure.requests == []


@pytest.mark.parametrize("proxy_name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize("ca_name", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
async def test_the_users_own_shell_is_honoured(
    proxy_name: str,
    ca_name: str,
    host: ModelHost,
    secure: FaultServer,
    authority: Authority,
    tmp_path: Path,
) -> None:
    with proxied(secure) as proxy:
        environ = {proxy_name: proxy.url, ca_name: str(authority.pem)}
        found = await asked(host, configured(tmp_path, BACKENDS["openai"], "", environ))
        assert found.error is None
        assert proxy.tunnels == [f"{HOST}:443"]


@pytest.mark.parametrize("backend", BOTH)
async def test_a_dotenv_and_a_project_file_decide_nothing_about_the_network(
    backend: str, host: ModelHost, secure: FaultServer, authority: Authority, tmp_path: Path
) -> None:
    with proxied(secure) as planted, proxied(secure) as own:
        environ = {"MY_KEY": KEY, "HTTPS_PROXY": own.url, "SSL_CERT_FILE": str(authority.pem)}
        workspace = Workspace(tmp_path, environ)
        workspace.user(f'[backends.mine]\n{BACKENDS[backend]}\napi_key = "${{MY_KEY}}"\n')
        workspace.project(
            f'model = "mine/demo"\n[network]\nproxy = "{planted.url}"\nno_proxy = ["*"]\n'
        )
        workspace.dotenv(
            f"HTTPS_PROXY={planted.url}\nhttps_proxy={planted.url}\nNO_PROXY=*\n"
            f"ALL_PROXY={planted.url}\nSSL_CERT_FILE=/nowhere.pem\nSSL_VERIFY=False\n"
        )
        configuration = workspace.trust()
        (problem,) = configuration.problems
        assert (problem.code, problem.severity) == ("user-only", "error")
        found = await asked(host, resolve(configuration, "ask"))
        assert found.error is None, found.error
        assert planted.connections == 0
        assert own.tunnels == [f"{HOST}:443"]


@pytest.mark.parametrize("backend", BOTH)
async def test_this_machine_is_reached_without_the_proxy(
    backend: str, host: ModelHost, server: FaultServer, tmp_path: Path
) -> None:
    with proxied(server) as proxy:
        text = BACKENDS[backend].replace("https://llm.example.test", server.base)
        environ = {"HTTP_PROXY": proxy.url, "HTTPS_PROXY": proxy.url}
        found = await asked(host, configured(tmp_path, text, f'proxy = "{proxy.url}"', environ))
        assert found.error is None
        assert proxy.connections == 0
    assert len(server.requests) == 1


@pytest.mark.parametrize("backend", BOTH)
async def test_plain_http_goes_through_the_proxy_by_its_url(
    backend: str, host: ModelHost, server: FaultServer, tmp_path: Path
) -> None:
    text = BACKENDS[backend].replace("https://", "http://")
    with proxied(server) as proxy:
        found = await asked(host, configured(tmp_path, text, "", {"http_proxy": proxy.url}))
        assert found.error is None
        assert proxy.plain[0].startswith(f"http://{HOST}/")
        assert proxy.tunnels == []


@pytest.mark.parametrize("backend", BOTH)
async def test_several_requests_share_one_tunnel(
    backend: str, host: ModelHost, secure: FaultServer, authority: Authority, tmp_path: Path
) -> None:
    with proxied(secure) as proxy:
        network = f'proxy = "{proxy.url}"\nca_bundle = "{authority.pem}"'
        target = configured(tmp_path, BACKENDS[backend], network)
        for _ in range(3):
            assert (await asked(host, target)).error is None
        assert proxy.tunnels == [f"{HOST}:443"]
    assert len(secure.requests) == 3


@pytest.mark.parametrize("backend", BOTH)
async def test_requests_with_other_settings_do_not_share_it(
    backend: str, host: ModelHost, secure: FaultServer, authority: Authority, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with proxied(secure) as first, proxied(secure) as second:
        bundle = f'ca_bundle = "{authority.pem}"'
        targets = [
            configured(tmp_path / name, BACKENDS[backend], f'proxy = "{proxy.url}"\n{bundle}')
            for name, proxy in (("one", first), ("two", second))
        ]
        for target in (*targets, *targets):
            assert (await asked(host, target)).error is None
        assert (first.tunnels, second.tunnels) == ([f"{HOST}:443"], [f"{HOST}:443"])


@pytest.mark.parametrize("backend", BOTH)
async def test_through_a_proxy_the_target_must_be_granted_too(
    backend: str, host: ModelHost, secure: FaultServer, authority: Authority, tmp_path: Path
) -> None:
    with proxied(secure) as proxy:
        network = f'proxy = "{proxy.url}"\nca_bundle = "{authority.pem}"'
        target = configured(tmp_path, BACKENDS[backend], network)
        found = await asked(host, replace(target, origins=()))
        assert proxy.connections == 0
        # And being the proxy is no grant for requests to it.
        base = f"http://127.0.0.1:{proxy.port}/v1"
        found = await asked(host, replace(target, api_base=base))
        assert proxy.connections == 0
    assert found.error is not None
    assert found.error.kind == "refused_origin"


@pytest.mark.parametrize("backend", BOTH)
async def test_the_proxys_login_is_sent_to_the_proxy_alone(
    backend: str,
    host: ModelHost,
    host_log: list[str],
    secure: FaultServer,
    authority: Authority,
    tmp_path: Path,
) -> None:
    with proxied(secure, login=PLAIN) as proxy:
        network = f'proxy = "{proxy.url_with(LOGIN)}"\nca_bundle = "{authority.pem}"'
        target = configured(tmp_path, BACKENDS[backend], network)
        found = await asked(host, target)
        assert found.error is None, found.error
        assert "s3cr" not in f"{target!r} {story(found, host_log)}"
    assert "proxy-authorization" not in secure.requests[0].headers


@pytest.mark.parametrize("backend", BOTH)
@pytest.mark.parametrize("login", ["", "me:wrong-pass"])
async def test_a_407_is_explained_and_shows_no_login(
    backend: str,
    login: str,
    host: ModelHost,
    host_log: list[str],
    secure: FaultServer,
    tmp_path: Path,
) -> None:
    with proxied(secure, login=PLAIN) as proxy:
        url = proxy.url_with(login) if login else proxy.url
        found = await asked(host, configured(tmp_path, BACKENDS[backend], f'proxy = "{url}"'))
    assert found.error is not None
    assert found.error.kind == "proxy"
    assert f"the proxy 127.0.0.1:{proxy.port}" in found.error.message
    assert "(HTTP 407)" in found.error.message
    assert "user name" in found.error.message
    assert "proxy under [network]" in found.error.next_step
    told = story(found, host_log)
    assert "wrong-pass" not in told
    assert base64.b64encode(b"me:wrong-pass").decode() not in told


FAULTS = {
    403: "refused to connect to llm.example.test:443 (HTTP 403 Forbidden)",
    502: "refused to connect to llm.example.test:443 (HTTP 502 Bad Gateway)",
    -1: "closed the connection before it reached llm.example.test:443",
}


@pytest.mark.parametrize("backend", BOTH)
@pytest.mark.parametrize("answers", FAULTS)
async def test_a_proxy_that_refuses_is_named(
    answers: int, backend: str, host: ModelHost, secure: FaultServer, tmp_path: Path
) -> None:
    with proxied(secure, answers=answers) as proxy:
        environ = {"https_proxy": proxy.url}
        found = await asked(host, configured(tmp_path, BACKENDS[backend], "", environ))
    assert found.error is not None
    assert found.error.kind == "proxy"
    assert f"the proxy 127.0.0.1:{proxy.port} {FAULTS[answers]}" in found.error.message
    assert "https_proxy" in found.error.next_step
    assert "proxy under [network]" in found.error.next_step


@pytest.mark.parametrize("backend", BOTH)
async def test_a_proxy_that_is_not_there_is_named(
    backend: str, host: ModelHost, secure: FaultServer, tmp_path: Path
) -> None:
    with proxied(secure) as proxy:
        url = proxy.url
    found = await asked(host, configured(tmp_path, BACKENDS[backend], f'proxy = "{url}"'))
    assert found.error is not None
    assert found.error.kind == "proxy"
    assert f"the proxy {url.removeprefix('http://')} could not be reached" in found.error.message
    assert "proxy under [network]" in found.error.next_step


@pytest.mark.parametrize("backend", BOTH)
async def test_a_proxy_that_says_nothing_is_named(
    backend: str, host: ModelHost, secure: FaultServer, tmp_path: Path
) -> None:
    with proxied(secure, answers=0) as proxy:
        target = configured(tmp_path, BACKENDS[backend], f'proxy = "{proxy.url}"')
        options = {**target.options, "timeout_connect": 0.2}
        found = await asked(host, replace(target, options=options))
    assert found.error is not None
    assert found.error.kind == "proxy"
    assert "did not answer" in found.error.message


@pytest.mark.parametrize("backend", BOTH)
async def test_a_proxy_that_is_spoken_to_in_tls(
    backend: str, host: ModelHost, secure: FaultServer, authority: Authority, tmp_path: Path
) -> None:
    (tmp_path / "without").mkdir()
    with proxied(secure, tls=authority.serving("127.0.0.1")) as proxy:
        network = f'proxy = "{proxy.url}"\n'
        bundle = f'ca_bundle = "{authority.pem}"'
        found = await asked(host, configured(tmp_path, BACKENDS[backend], network + bundle))
        assert found.error is None, found.error
        found = await asked(host, configured(tmp_path / "without", BACKENDS[backend], network))
    assert found.error is not None
    assert found.error.kind == "proxy"
    assert "failed the TLS handshake" in found.error.message
    assert "ca_bundle" in found.error.next_step


async def test_no_proxy_is_honoured(
    host: ModelHost, secure: FaultServer, authority: Authority, tmp_path: Path
) -> None:
    """Without the proxy nobody here can find the host: that it is looked up is the proof."""
    with proxied(secure) as proxy:
        network = f'proxy = "{proxy.url}"\nno_proxy = [".example.test"]'
        found = await asked(host, configured(tmp_path, BACKENDS["openai"], network))
        assert proxy.connections == 0
    assert found.error is not None
    assert found.error.kind == "dns"


async def test_behind_a_proxy_no_name_is_looked_up_here(
    secure: FaultServer, authority: Authority, tmp_path: Path
) -> None:
    logged: list[str] = []
    host = ModelHost(log=logged.append)
    try:
        with proxied(secure) as proxy:
            network = f'proxy = "{proxy.url}"\nca_bundle = "{authority.pem}"'
            found = await asked(host, configured(tmp_path, BACKENDS["ollama"], network))
    finally:
        await host.close()
    assert found.error is None
    # The guard refuses and logs each look-up of a name that needs none.
    assert [line for line in logged if "refused" in line] == []
