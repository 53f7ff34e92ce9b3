import pytest
from hypothesis import given
from hypothesis import strategies as st

from streetrace_lsp.config.grants import Grant, parse_grant
from streetrace_lsp.config.origins import Origin, parse_address, parse_origin


@pytest.mark.parametrize(
    ("text", "origin", "url"),
    [
        ("https://api.openai.com/v1", "https://api.openai.com", "https://api.openai.com/v1"),
        ("https://api.openai.com:443/v1/", "https://api.openai.com", "https://api.openai.com/v1"),
        ("HTTPS://API.OpenAI.com.", "https://api.openai.com", "https://api.openai.com"),
        ("http://localhost:11434", "http://localhost:11434", "http://localhost:11434"),
        ("http://127.0.0.1/v1", "http://127.0.0.1", "http://127.0.0.1/v1"),
        ("http://[::1]:8080/v1", "http://[::1]:8080", "http://[::1]:8080/v1"),
        ("http://[0:0:0:0:0:0:0:1]/", "http://[::1]", "http://[::1]"),
        ("https://büro.example", "https://xn--bro-hoa.example", "https://xn--bro-hoa.example"),
        ("https://%61pi.example", "https://api.example", "https://api.example"),
        ("https://gpu_box:8000", "https://gpu_box:8000", "https://gpu_box:8000"),
    ],
)
def test_an_address_is_read_in_one_way(text: str, origin: str, url: str) -> None:
    address = parse_address(text)
    assert str(address.origin) == origin
    assert address.url == url


@pytest.mark.parametrize(
    "text",
    [
        "",
        "api.openai.com",
        "ftp://host",
        "file:///etc/passwd",
        "https://",
        "https:///v1",
        "https://api.openai.com@evil.example",
        "https://user:password@host",
        "https://api.openai.com%40evil.example",
        "https://api.openai.com%2f@evil.example",
        "https://evil.example\\@api.openai.com",
        "https://api.openai.com\\.evil.example",
        "https://host#@other",
        "https://host?x=y",
        "https://host/path?x",
        "https://ho st",
        "https://host\n.example",
        "https://host:99999",
        "https://host:0",
        "https://host:8o",
        "https://host:80:90",
        "https://%2561pi.example",
        "https://127.1",
        "https://2130706433",
        "https://0x7f.0.0.1",
        "https://0177.0.0.1",
        "https://1.2.3.4.5",
        "http://0.0.0.0:8080",
        "http://[::]:8080",
        "http://[fe80::1%25eth0]",
        "http://[::1",
        "http://::1",
        "https://-host.example",
        "https://host..example",
        "https://" + "a" * 64 + ".example",
    ],
)
def test_what_programs_could_read_differently_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_address(text)


@pytest.mark.parametrize(
    ("text", "loopback"),
    [
        ("http://localhost", True),
        ("http://127.0.0.1", True),
        ("http://127.9.9.9:1", True),
        ("http://[::1]", True),
        ("http://[::ffff:127.0.0.1]", True),
        ("http://localhost.evil.example", False),
        ("http://127.0.0.1.evil.example", False),
        ("http://10.0.0.1", False),
        ("http://[::2]", False),
    ],
)
def test_this_machine_is_told_from_others(text: str, loopback: bool) -> None:
    assert parse_origin(text).loopback is loopback


@given(st.text(max_size=40))
def test_whatever_is_accepted_reads_the_same_a_second_time(text: str) -> None:
    try:
        address = parse_address(f"https://{text}")
    except ValueError:
        return
    assert parse_address(address.url) == parse_address(parse_address(address.url).url)
    assert parse_address(address.url).origin == address.origin
    assert address.origin.host.isascii()


@pytest.mark.parametrize("variable", ["LLM_KEY", None])
def test_a_grant_is_read_back_as_it_was_written(variable: str | None) -> None:
    grant = Grant(Origin("http", "::1", 8080), variable)
    assert parse_grant(str(grant)) == grant


@pytest.mark.parametrize("text", ["https://a=", "https://a=B C", "https://a/path=KEY", "KEY", "=K"])
def test_a_grant_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_grant(text)
