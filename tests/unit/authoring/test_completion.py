"""What is proposed where ($0 is the cursor), and what the text becomes."""

from __future__ import annotations

import pytest

from streetrace_lsp.authoring.completion import Completion, complete
from streetrace_lsp.authoring.known import Known
from streetrace_lsp.config.model import Settings

SETTINGS = Settings.model_validate(
    {
        "model": "claude/edit",
        "backends": {
            "claude": {"provider": "anthropic", "models": {"edit": "claude-sonnet-4-5"}},
            "local": {"provider": "ollama", "model": "qwen", "embedding_model": "nomic"},
        },
        "pools": {"both": ["claude/edit", "local"]},
        "actions": {"review": {"prompt": "Look."}},
    }
)
KNOWN = Known(SETTINGS, ("MY_KEY", "TEAM_BASE"), lambda name: ("listed:7b",), from_project=True)

# text: (some labels that are proposed, some that are not)
CASES = {
    "$0": ({"model", "fallbacks", "[defaults]", "[backends.…]"}, {"[network]", "backends"}),
    'model = "x"\n$0': ({"fallbacks"}, {"model"}),
    "[$0": ({"defaults", "backends", "tasks"}, {"network", "model"}),
    "[backends.$0": ({"anthropic", "ollama"}, {"model"}),
    "[backends.claude.$0": ({"models", "headers", "extra_body"}, {"provider", "launch"}),
    "[actions.$0": ({"fix", "explain"}, {"review_"}),
    "[tasks.$0": (set(), {"fix"}),
    "[backends.x]\n$0": ({"provider", "api_base", "models"}, {"launch", "profile", "[network]"}),
    "[tasks]\n$0": ({"fix", "explain", "review"}, {"model"}),
    "[backends.claude.models]\n$0": ({"edit", "chat"}, set()),
    '[backends.claude]\nmodels = { edit = "x", $0': ({"chat"}, {"edit"}),
    'model = "$0': ({"claude", "claude/edit", "local", "both", "openai/gpt-5-mini"}, {"MY_KEY"}),
    'fallbacks = ["claude", "$0': ({"local"}, set()),
    '[tasks]\nfix = "$0': ({"claude/edit"}, set()),
    'local_only = $0': ({"true", "false"}, set()),
    '[context]\noverflow = "$0': ({"trim", "refuse"}, set()),
    '[backends.x]\nthink = $0': ({"true", "low", "high"}, set()),
    '[backends.local]\nmodel = "$0': ({"listed:7b"}, {"llama2"}),
    '[backends.claude.models]\nedit = "$0': ({"claude-haiku-4-5", "listed:7b"}, set()),
    '[backends.openai]\nembedding_model = "$0': ({"text-embedding-3-small"}, {"gpt-4o"}),
    '[defaults]\nembedding_backend = "$0': ({"local"}, {"claude"}),
    '[backends.claude]\napi_key = "$0': ({"${ANTHROPIC_API_KEY}", "${MY_KEY}"}, set()),
    '[backends.local]\napi_base = "$0': ({"http://localhost:11434", "${OLLAMA_API_BASE}"}, set()),
    # As it is written at this moment, whatever it was before.
    '[backends.local]\nprovider = "groq"\napi_key = "$0': ({"${GROQ_API_KEY}"}, set()),
    '[backends.fresh]\nprovider = "groq"\n[tasks]\nfix = "$0': ({"fresh", "claude"}, set()),
    '[actions.a]\nlanguages = ["$0': ({"python", "rust"}, set()),
    '[actions.a]\nprompt = "Look at {$0': ({"{selection}", "{diagnostics}"}, set()),
    '[actions.a]\nprompt = """\nLook at {sel$0': ({"{selection}"}, set()),
    '[actions.a]\nprompt = "Look $0': (set(), {"{selection}"}),
    "# mo$0": (set(), {"model"}),
}  # fmt: skip


@pytest.mark.parametrize("marked", CASES)
def test_what_is_proposed(marked: str) -> None:
    wanted, unwanted = CASES[marked]
    labels = {one.label for one in proposed(marked)}
    assert wanted <= labels
    assert not unwanted & labels


# (text with the cursor, what is chosen): the text afterwards
CHOSEN = {
    ("mod$0", "model"): "model = ",
    ("mod$0 = 3", "model"): "model = 3",
    ("lo$0cal = true", "local_only"): "local_only = true",
    ("model = $0", "claude"): 'model = "claude"',
    ('model = "cl$0xx"', "claude"): 'model = "claude"',
    ("fallbacks = $0", "local"): 'fallbacks = ["local"]',
    ('fallbacks = ["claude", $0]', "local"): 'fallbacks = ["claude", "local"]',
    ("local_only = tr$0", "true"): "local_only = true",
    ("[ba$0]", "backends"): "[backends.]",
    ("$0", "[defaults]"): "[defaults]\n",
    ('[actions.a]\nprompt = "{se$0}"', "{selection}"): '[actions.a]\nprompt = "{selection}"',
    ("[prices.$0", "claude/edit"): '[prices."claude/edit"',
}


@pytest.mark.parametrize(("marked", "label"), CHOSEN)
def test_what_is_written(marked: str, label: str) -> None:
    text = marked.replace("$0", "", 1)
    (one,) = [one for one in proposed(marked) if one.label == label]
    assert text[: one.start] + one.text + text[one.end :] == CHOSEN[marked, label]


def test_the_users_own_file_may_set_more() -> None:
    own = Known(SETTINGS, from_project=False)
    assert {"[network]"} <= {one.label for one in complete("", 0, own)}
    said = next(one for one in complete("", 0, own) if one.label == "model").documentation
    assert "In a project file" not in said


def test_a_key_is_described_as_on_the_reference_page() -> None:
    (one,) = [one for one in proposed("[backends.x]\nnum_$0") if one.label == "num_ctx"]
    assert one.detail == "whole number 256 to 10000000"
    assert "num_ctx = 16384" in one.documentation
    assert "In a project file: when the project is trusted." in one.documentation


def proposed(marked: str) -> list[Completion]:
    offset = marked.index("$0")
    return complete(marked.replace("$0", "", 1), offset, KNOWN)
