"""What a user's own file and shell say about the way out, and which hosts need no proxy."""

from __future__ import annotations

from pathlib import Path

import pytest

from backends.networked import BACKENDS, configured
from configured_project import Workspace
from streetrace_lsp.modelhost.network import Network, Proxy
from streetrace_lsp.routing.errors import RoutingError
from streetrace_lsp.routing.network import network_settings


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("socks5://127.0.0.1:1080", "only http:// and https:// proxies are possible"),
        ("http://me:s3cret@", "the host is missing"),
        ("http://me:s3cret@proxy:99999", "the port is not a number"),
        ("http://me:s3cret@proxy/path?x", "no query"),
    ],
)
def test_a_proxy_that_is_none_is_an_error_without_its_value(
    value: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(RoutingError) as caught:
        configured(tmp_path, BACKENDS["openai"], "", {"ALL_PROXY": value})
    assert said in caught.value.message
    assert "ALL_PROXY" in caught.value.message
    assert "s3cret" not in caught.value.sentence


def test_a_broken_proxy_does_not_keep_anybody_from_this_machine(tmp_path: Path) -> None:
    text = BACKENDS["ollama"].replace("https://llm.example.test", "http://127.0.0.1:11434")
    target = configured(tmp_path, text, "", {"ALL_PROXY": "socks5://127.0.0.1:1080"})
    assert target.network.proxy is None


def test_the_configuration_beats_the_shell_key_by_key(tmp_path: Path) -> None:
    workspace = Workspace(
        tmp_path,
        {
            "HTTPS_PROXY": "http://shell:1",
            "NO_PROXY": "a.example.test, .b.example.test",
            "SSL_CERT_FILE": "/shell.pem",
            "PROXY_PASSWORD": "s3cret",
        },
    )
    workspace.user(
        '[network]\nproxy = "http://me:${PROXY_PASSWORD}@own:3128"\nca_bundle = "own.pem"\n'
        'client_cert = "~/me.pem"\n'
    )
    found = network_settings(workspace.load())
    assert (found.proxy, found.http_proxy) == ("http://own:3128", "http://own:3128")
    assert found.login is not None
    assert found.login.reveal() == "me:s3cret"
    assert found.no_proxy == ("a.example.test", ".b.example.test")
    assert found.ca_bundle == str(workspace.user_dir / "own.pem")
    assert found.client_cert == str(Path.home() / "me.pem")
    assert "s3cret" not in repr(found)


def test_small_letters_beat_capitals(tmp_path: Path) -> None:
    environ = {"HTTPS_PROXY": "http://big:1", "https_proxy": "small:2", "HTTP_PROXY": "plain"}
    found = network_settings(Workspace(tmp_path, environ).load())
    assert (found.proxy, found.http_proxy) == ("http://small:2", "http://plain")
    assert dict(found.named) == {"proxy": "https_proxy", "http_proxy": "HTTP_PROXY"}


def test_a_variable_of_the_address_that_is_not_set_is_named(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path).user('[network]\nproxy = "http://${PROXY_HOST}:1"\n')
    with pytest.raises(RoutingError, match="PROXY_HOST, which proxy under"):
        network_settings(workspace.load())


STRAIGHT = (
    ("", "localhost", 80, True),
    ("", "127.9.9.9", 80, True),
    ("", "::1", 80, True),
    ("", "[::1]", 80, True),
    ("", "::ffff:127.0.0.1", 80, True),
    ("", "localhost.example.org", 80, False),
    ("", "10.0.0.1", 80, False),
    ("*", "anything.example.org", 443, True),
    ("example.org", "example.org", 443, True),
    ("example.org", "llm.example.org", 443, True),
    ("example.org", "notexample.org", 443, False),
    (".example.org", "llm.example.org", 443, True),
    ("*.example.org", "llm.example.org", 443, True),
    ("EXAMPLE.org", "LLM.example.org.", 443, True),
    ("example.org:8443", "example.org", 8443, True),
    ("example.org:8443", "example.org", 443, False),
    ("10.0.0.0/8", "10.1.2.3", 443, True),
    ("10.0.0.0/8", "11.1.2.3", 443, False),
    ("10.0.0.0/8", "ten.example.org", 443, False),
    ("10.1.2.3", "10.1.2.3", 443, True),
    ("fd00::/8", "fd00::1", 443, True),
    ("[fd00::1]:8443", "fd00::1", 8443, True),
    ("fd00::1", "fd00::1", 443, True),
)


@pytest.mark.parametrize(("entry", "host", "port", "straight"), STRAIGHT)
def test_which_hosts_need_no_proxy(entry: str, host: str, port: int, straight: bool) -> None:
    proxy = Proxy("http", "proxy", 3128)
    network = Network(https=proxy, http=proxy, no_proxy=(entry,) if entry else ())
    assert network.goes_straight(host, port) is straight
    assert (network.proxy_for("https", host, port) is None) is straight
    assert network.sockets([(host, port)])[0] == ((host, port) if straight else ("proxy", 3128))
