from __future__ import annotations

import pytest

from streetrace_lsp.prompts.secrets import find_secrets

KEY = "MIIEpAIBAAKCAQEA7v1f\nq9ZkS3xY2bW5nQ8rT0uV6mC4\n"
FOUND = [
    ('AWS = "AKIAQ3EGXYZ12ABCD9KL"', "AKIAQ3EGXYZ12ABCD9KL"),
    ('connect(password="hunter2x")', "hunter2x"),
    ('db = connect(password="hunter2x")', "hunter2x"),
    ('url = "postgres://bob:s3cr3tpw@host/db"', "s3cr3tpw"),
    ('t = "ghp_0123456789abcdefghijABCDEFGHIJ012345"', "ghp_0123456789abcdefghijABCDEFGHIJ012345"),
    ("k = sk-ant-api03-AAAAbbbbCCCCddddEEEEffff", "sk-ant-api03-AAAAbbbbCCCCddddEEEEffff"),
    ("curl -H 'Authorization: Bearer abcdefghijklmnop123'", "abcdefghijklmnop123"),
    ('sha = "0cc175b9c0f1b6a831c399e269772661"', "0cc175b9c0f1b6a831c399e269772661"),
    ('token = "mytoken-value-12345"', "mytoken-value-12345"),
    ('j = "eyJhbGciOi.eyJzdWIiOiIx.dozjgNryP4"', "eyJhbGciOi.eyJzdWIiOiIx.dozjgNryP4"),
    ('password: str = "hunter2x"', "hunter2x"),
    ('const apiKey: string | undefined = "abcd1234efgh"', "abcd1234efgh"),
    ('let client_secret: &str = "hunter2x";', "hunter2x"),
    ('val token: String = "abcd1234efgh"', "abcd1234efgh"),
    ('{"password" : "hunter2x"}', "hunter2x"),
    ("define('DB_PASSWORD', 'hunter2x');", "hunter2x"),
    ('url = "redis://:hunter2x@host:6379"', "hunter2x"),
    ('url = "postgres://bob:pa:ss!word@host"', "pa:ss!word"),
    (
        f"-----BEGIN RSA PRIVATE KEY-----\n{KEY}-----END RSA PRIVATE KEY-----\n",
        KEY.removesuffix("\n"),
    ),
    (f"-----BEGIN PRIVATE KEY-----\n{KEY}", KEY.removesuffix("\n")),
]
NONE = [
    "secret = request.headers['apikey']",
    'key = os.environ["API_KEY"]',
    'password = "${PASSWORD}"',
    'id = "12345678-1234-1234-1234-123456789012"',
    "def password_of(user: str) -> str: ...",
    'alphabet = "abcdefghijklmnopqrstuvwxyz"',
    "def login(password: str, name: str = 'bobby') -> None: ...",
    "-----BEGIN CERTIFICATE-----",
    "",
]


@pytest.mark.parametrize(("text", "secret"), FOUND, ids=lambda text: text[:20])
def test_a_secret_is_found_whole(text: str, secret: str) -> None:
    for around in (text, f"x = 1\r\n{text}\r\ny = 2\r\n", f"{' ' * 5000}{text}"):
        assert [around[one.start : one.end] for one in find_secrets(around, "a.py")] == [secret]


@pytest.mark.parametrize("text", NONE)
def test_what_holds_no_secret(text: str) -> None:
    assert find_secrets(text, "a.py") == []


UNQUOTED = [
    ("run.sh", "export DB_PASSWORD=hunter2", "hunter2"),
    ("", "+export API_KEY=abcd1234efgh", "abcd1234efgh"),
    ("Dockerfile", "ENV API_TOKEN=abcd1234efgh", "abcd1234efgh"),
    ("Dockerfile", "ENV DB_PASSWORD hunter2", "hunter2"),
    ("compose.yml", "      - DB_PASSWORD=hunter2", "hunter2"),
    ("a.py", "https://host/v1?x=1&api_key=abcd1234efgh", "abcd1234efgh"),
    ("a.xml", "<password>hunter2</password>", "hunter2"),
    ("a.md", "Authorization: Basic dXNlcjpodW50ZXIyMjI=", "dXNlcjpodW50ZXIyMjI="),
]


@pytest.mark.parametrize(("name", "text", "secret"), UNQUOTED)
def test_a_secret_without_quotes_is_found(name: str, text: str, secret: str) -> None:
    text = f"first\n{text}\nlast\n"
    assert [text[one.start : one.end] for one in find_secrets(text, name)] == [secret]


@pytest.mark.parametrize(
    "text",
    [
        "export API_KEY=$OTHER",
        "PASSWORD=$(cat file)",
        "API_KEY = compute_key",
        "PRIMARY KEY columns",
    ],
)
def test_what_only_names_one_without_quotes(text: str) -> None:
    assert find_secrets(f"first\n{text}\nlast\n", "a.sh") == []


def test_two_secrets_in_one_line() -> None:
    text = 'login(password="hunter2x", api_key="abcd1234efgh")'
    assert [text[one.start : one.end] for one in find_secrets(text)] == ["hunter2x", "abcd1234efgh"]


def test_a_file_of_settings_needs_no_quotes() -> None:
    text = "user: bob\npassword: hunter2x\n"
    assert [text[one.start : one.end] for one in find_secrets(text, "a.yaml")] == ["hunter2x"]
    assert find_secrets(text, "a.py") == []


@pytest.mark.parametrize("name", ["a.yaml", "a.ini", "a.properties", "a.toml"])
def test_which_settings_without_quotes_are_secrets(name: str) -> None:
    sign = ": " if name == "a.yaml" else " = "
    for setting, value in (
        ("token", "abcd1234efgh"),
        ("api.auth_token", "abcd1234efgh"),
        ("credentials", "abcd1234efgh"),
        ("pass", "hunter"),
        ("db_pass", "hunter2"),
    ):
        text = f"[a]\n{setting}{sign}{value}\nb{sign}1\n"
        assert [text[one.start : one.end] for one in find_secrets(text, name)] == [value], setting
    for setting in (
        "max_tokens: 12345678",
        "token_url: https://host/token1",
        "token: https://host/token1",
        "token_file: /run/secrets/token1",
        "token: ${TOKEN1}",
        "token: access_token",
        "token: 12345678",
        "bypass: everything",
        "type: token",
    ):
        assert find_secrets(setting.replace(": ", sign), name) == [], setting


def test_each_file_of_a_diff_is_looked_through_as_what_it_is() -> None:
    def part(name: str) -> str:
        head = (
            f'diff --git "a/{name}" "b/{name}"' if '"' in name else f"diff --git a/{name} b/{name}"
        )
        return f"{head}\n@@ -1 +1 @@\n-user: bob\n+password: {name[0]}unter2x\n"

    text = "".join(part(name) for name in ("h.yaml", "b.py", 'g".yaml', "p.ini"))
    found = [text[one.start : one.end] for one in find_secrets(text, "the diff")]
    assert found == ["hunter2x", "gunter2x", "punter2x"]


BODY = (
    "MIIEpAIBAAKCAQEA7v1fq9ZkS3xY2bW5nQ8rT0uV6mC4pL1oK9jH7gF5dS3aQ2wE\n"
    "hY6tR4eW2qA1sD3fG5hJ7kL9zX8cV6bN4mQ2wE1rT3yU5iO7pA9sD8fG6hJ4kL2z\n"
    "Zx1Cv3Bn5Mq7We9Rt8Yu6Io4Pa2Sd1Fg3Hj5Kl7Zx9Cv8Bn6Mq4We2Rt1Yu3Io5P\n"
    "a7Sd9Fg8Hj6Kl4Zx2Cv1Bn3==\n"
)


@pytest.mark.parametrize("lines", [(1, 4), (2, 3), (1, 2), (3, 5), (2, 5), (1, 6)], ids=str)
@pytest.mark.parametrize("before", ["", "+", " ", "    "])
def test_a_piece_from_the_middle_of_a_key_is_a_secret(lines: tuple[int, int], before: str) -> None:
    whole = f"-----BEGIN PRIVATE KEY-----\n{BODY}-----END PRIVATE KEY-----\nx = 1\n"
    piece = whole.splitlines(keepends=True)[slice(*lines)]
    text = "".join(before + line for line in piece)
    (found,) = find_secrets(text, "a.txt")
    shown = text[: found.start] + text[found.end :]
    assert not any(line.strip() in shown for line in BODY.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        f"-----BEGIN CERTIFICATE-----\n{BODY}-----END CERTIFICATE-----\n",
        f"-----BEGIN PUBLIC KEY-----\n{BODY}",
        ("0123456789abcdef" * 4 + "\n") * 4,
        ("=" * 64 + "\n") * 3,
        "x = 1\n" + BODY.splitlines(keepends=True)[0] + "y = 2\n",
    ],
)
def test_lines_that_are_no_piece_of_a_private_key(text: str) -> None:
    assert find_secrets(text, "a.txt") == []


@pytest.mark.parametrize("offset", [1400, 1480, 1990, 2900, 3500])
def test_a_secret_at_a_seam_of_a_long_line_is_whole(offset: int) -> None:
    secret = "ghp_0123456789abcdefghijABCDEFGHIJ012345"
    text = f"{'a(); ' * (offset // 5)}'{secret}'{'; b()' * 500}"
    assert [text[one.start : one.end] for one in find_secrets(text, "a.js")] == [secret]


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "://a:",
        "password=",
        "-----BEGIN PRIVATE KEY-----\n",
        "eyJ",
        "//:_authToken=",
        "key = (",
    ],
)
def test_what_is_made_to_take_long_ends(piece: str) -> None:
    """Each of these took minutes where a pattern goes by the square of a line's length."""
    find_secrets(piece * (100_000 // len(piece)), "a.ini")
