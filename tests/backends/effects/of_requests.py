"""The keys that decide who is asked, and how: seen in the requests that arrive."""

from __future__ import annotations

from backends.effects.base import OLLAMA, OPENAI, TWO
from backends.effects.by_command import examined
from backends.effects.by_hand import led, recorded, several
from backends.effects.row import Row
from backends.effects.scene import (
    FIRST,
    SECOND,
    asking,
    body,
    counts,
    faults,
    header,
    path,
)
from backends.fault_server import Reply

_BUSY = (Reply(status=429, headers={"Retry-After": "60"}),)
_REMOTE = OLLAMA.replace(FIRST, "http://llm.example.test")
# One of two deadlines always passes; which one is what the key decides.
_SOON, _LATER = 0.5, 4

WHO = (
    Row("model", "two", TWO, asking(counts), (0, 1), (1, 0), instead="one"),
    Row("fallbacks", ["two"], TWO, asking(counts), (1, 1), (1, 0), replies=_BUSY),
    Row("enabled", False, OLLAMA, asking(counts), (0, 0), (1, 0)),
    Row("local_only", True, _REMOTE, led, 0, 1),
    Row("requires", ">=99", OLLAMA, asking(counts), (0, 0), (1, 0)),
    Row(
        "pools",
        {"both": ["one", "two"]},
        TWO.replace('model = "one"', 'model = "both"', 1),
        asking(counts, at_once=2),
        (1, 1),
        (2, 0),
        instead={"both": ["one"]},
    ),
    Row("tasks", {"ask": "two"}, TWO, asking(counts), (0, 1), (1, 0)),
    Row(
        "backends.NAME.provider",
        "openai",
        OLLAMA,
        asking(path),
        "/chat/completions",
        "/api/chat",
        instead="ollama",
    ),
    Row("backends.NAME.api_base", SECOND, OLLAMA, asking(counts), (0, 1), (1, 0), instead=FIRST),
    Row(
        "backends.NAME.endpoints",
        [FIRST, SECOND],
        OLLAMA.replace(f'api_base = "{FIRST}"', ""),
        asking(counts, at_once=2),
        (1, 1),
        (2, 0),
        instead=[FIRST],
    ),
    Row(
        "backends.NAME.recordings",
        "~FOLDER/kept",
        'model = "one"\n[backends.one]\nprovider = "replay"\n',
        recorded,
        ("As recorded.", []),
        ("", ["replay_miss"]),
        instead="~FOLDER/empty",
    ),
    Row("backends.NAME.models", {"ask": "asker"}, OLLAMA, asking(body("model")), "asker", "demo"),
    Row(
        "backends.NAME.model",
        "large",
        OLLAMA,
        asking(body("model")),
        "large",
        "small",
        instead="small",
    ),
    Row(
        "defaults.embedding_backend",
        "two",
        TWO.replace('model = "demo"', 'embedding_model = "vectors"').replace(
            'model = "other"', 'embedding_model = "other-vectors"'
        ),
        examined(counts),
        (0, 1),
        (1, 0),
        instead="one",
    ),
    Row(
        "backends.NAME.embedding_model",
        "vectors",
        f'{OLLAMA}[defaults]\nembedding_backend = "one"\n',
        examined(body("model")),
        "vectors",
        "other",
        instead="other",
    ),
)
HOW = (
    Row(
        "backends.NAME.api_key",
        "${MY_KEY}",
        OPENAI,
        asking(header("authorization")),
        "Bearer of-mine",
        "Bearer other",
        instead="${MY_OTHER}",
        environ={"MY_KEY": "of-mine", "MY_OTHER": "other"},
    ),
    Row(
        "backends.NAME.headers",
        {"X-Team": "compilers"},
        OPENAI,
        asking(header("x-team")),
        "compilers",
        None,
    ),
    Row("backends.NAME.extra_body", {"top_k": 20}, OPENAI, asking(body("top_k")), 20, None),
    Row(
        "backends.NAME.organization",
        "org-example",
        OPENAI,
        asking(header("openai-organization")),
        "org-example",
        None,
    ),
    Row("defaults.temperature", 0.25, OPENAI, asking(body("temperature")), 0.25, None),
    Row(
        "backends.NAME.temperature",
        0.25,
        f"{OPENAI}[defaults]\ntemperature = 0.75\n",
        asking(body("temperature")),
        0.25,
        0.75,
    ),
    Row("defaults.max_tokens", 77, OPENAI, asking(body("max_tokens")), 77, None),
    Row(
        "backends.NAME.max_tokens",
        77,
        f"{OPENAI}[defaults]\nmax_tokens = 88\n",
        asking(body("max_tokens")),
        77,
        88,
    ),
    Row("backends.NAME.keep_alive", "10m", OLLAMA, asking(body("keep_alive")), "10m", None),
    Row("backends.NAME.think", False, OLLAMA, asking(body("think")), False, None),
    Row(
        "defaults.timeout",
        _SOON,
        f"{OPENAI}[defaults]\nfirst_token_timeout = {_LATER}\n",
        asking(faults),
        ["timeout_total"],
        ["timeout_first"],
        replies=(Reply(hold_after=0),),
    ),
    Row(
        "defaults.first_token_timeout",
        _SOON,
        f"{OPENAI}[defaults]\ntimeout = {_LATER}\n",
        asking(faults),
        ["timeout_first"],
        ["timeout_total"],
        replies=(Reply(hold_after=0),),
    ),
    Row(
        "defaults.idle_timeout",
        _SOON,
        f"{OPENAI}[defaults]\ntimeout = {_LATER}\n",
        asking(faults),
        ["timeout_idle"],
        ["timeout_total"],
        replies=(Reply(hold_after=2),),
    ),
    Row(
        "model_host.memory",
        128,
        f"{OPENAI}[model_host]\n",
        several,
        "replaced",
        "kept",
    ),
)
