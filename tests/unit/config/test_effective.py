"""Every value in effect, with its source and without its secrets."""

from pathlib import Path

from configured_project import CANARIES, Workspace
from streetrace_lsp.config.effective import BUILT_IN, LOCAL_FIRST_TOKEN, effective
from streetrace_lsp.routing.chat_call import (
    FIRST_TOKEN_CLOUD,
    FIRST_TOKEN_LOCAL,
    IDLE,
    TOTAL,
)

USER = """\
model = "b"
fallbacks = ["groq/x"]

[backends.b]
provider = "openai"
api_base = "http://me:pa55-canary@localhost:1/v1"
api_key = "sk-canary"
model = "m"
launch = ["serve", "--api-key", "canary", "--token=canary", "--port", "{port}"]

[backends.b.headers]
Authorization = "Bearer canary"
X-Key = "${GATEWAY_KEY}"
X-Team = "compilers"

[backends.b.extra_body]
top_k = 20
api_key = "canary"
nested = { password = "canary", seed = 1 }

[network]
proxy = "http://me:canary@proxy:3128"

[prices."openai/m"]
input = 1
output = 2

[defaults]
max_tokens = 100
"""


def test_each_value_has_its_source(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, {"STREETRACE_TEMPERATURE": "0.5"}).user(USER)
    workspace.project('[backends.p]\nprovider = "groq"\n[defaults]\nmax_tokens = 50\n').trust()
    configuration = workspace.source.load(
        workspace.root / "a.py", workspace.root, switched="p/x", editor={"timeout": 9}
    )
    found = {key: (shown, source) for key, shown, source in effective(configuration)}
    expected = {
        "model": ('"p/x"', "switch"),
        "fallbacks": ('["groq/x"]', "user"),
        "defaults.temperature": ("0.5", "environment"),
        "defaults.max_tokens": ("50", "project"),
        "defaults.timeout": ("9", "editor"),
        "backends.p.provider": ('"groq"', "project"),
        "backends.b.model": ('"m"', "user"),
        "backends.b.headers.X-Key": ('"${GATEWAY_KEY}"', "user"),
        "backends.b.headers.X-Team": ('"compilers"', "user"),
        "backends.b.extra_body.nested.seed": ("1", "user"),
        'prices."openai/m".output': ("2.0", "user"),
        "confirm": ("false", "default"),
        "model_selector.weights.speed": ("25", "default"),
    }
    assert {key: found.get(key) for key in expected} == expected
    assert len(found) == len(effective(configuration))


def test_no_secret_is_shown_and_no_variable_looked_up(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, CANARIES).user(USER)
    configuration = workspace.load()
    workspace.environ.looked_up.clear()
    rows = effective(configuration)
    assert "canary" not in repr(rows)
    found = {key: shown for key, shown, _ in rows}
    assert found["network.proxy"] == '"http://…@proxy:3128"'
    assert found["backends.b.launch"].endswith('"--port", "{port}"]')
    assert workspace.environ.looked_up == set()


def test_hidden_characters_are_escaped(tmp_path: Path) -> None:
    rows = effective(Workspace(tmp_path).user('[actions.a]\nprompt = "x\\u202Ey"').load())
    assert ("actions.a.prompt", '"x\\u{202e}y"', "user") in rows


def test_what_nobody_set_is_shown_as_it_holds(tmp_path: Path) -> None:
    found = {key: (value, source) for key, value, source in effective(Workspace(tmp_path).load())}
    assert found["defaults.timeout"] == ("600.0", "default")
    assert found["defaults.idle_timeout"] == ("60.0", "default")
    first = ("30.0", "default; 300 for a server on this machine")
    assert found["defaults.first_token_timeout"] == first
    assert found["defaults.repair"] == ("true", "default")
    assert found["defaults.edit_format"] == ('"auto"', "default")
    assert found["context.overflow"] == ('"trim"', "default")
    times = [BUILT_IN["defaults", name] for name in ("timeout", "idle_timeout")]
    assert times == [TOTAL, IDLE]
    assert BUILT_IN["defaults", "first_token_timeout"] == FIRST_TOKEN_CLOUD
    assert LOCAL_FIRST_TOKEN == FIRST_TOKEN_LOCAL
