"""Each way to mend a mistake leaves a file that says what was meant, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from streetrace_lsp.authoring.mending import changes
from streetrace_lsp.config.load import load
from streetrace_lsp.config.problems import Problem
from streetrace_lsp.edits.changes import apply

LOCAL = '\n[backends.local]\nprovider = "ollama"\nmodel = "qwen"\n'

# name: (file, code of the problem, title of the mend, file afterwards)
CASES = {
    "a misspelt key": ('modle = "local"\n' + LOCAL, "unknown-key", "Change to model",
                       'model = "local"\n' + LOCAL),
    "a key by another tool's name": (
        LOCAL + 'base_url = "http://localhost:11434"\n', "unknown-key", "Change to api_base",
        LOCAL + 'api_base = "http://localhost:11434"\n'),
    "a table by nearly its name": (
        LOCAL.replace("backends", "backend"), "unknown-key", "Change to backends", LOCAL),
    "a table by another tool's name": (
        LOCAL.replace("backends", "providers"), "unknown-key", "Change to backends", LOCAL),
    "the name of a key's variable": (
        LOCAL + 'api_key_env = "MY_KEY"\n', "unknown-key",
        'Change to api_key = "${MY_KEY}"', LOCAL + 'api_key = "${MY_KEY}"\n'),
    "an address without its scheme": (
        LOCAL.replace("ollama", "openai") + 'api_base = "localhost:8080/v1"\n', "bad-address",
        'Change to "http://localhost:8080/v1"',
        LOCAL.replace("ollama", "openai") + 'api_base = "http://localhost:8080/v1"\n'),
    "a key in the wrong table": (
        "temperature = 0.2\n" + LOCAL, "unknown-key", "Move under [defaults] as temperature",
        LOCAL + "\n[defaults]\ntemperature = 0.2\n"),
    "a key in the wrong table that is there": (
        "temperature = 0.2\n[defaults]\n# kept\ntimeout = 9 # seconds\n" + LOCAL, "unknown-key",
        "Move under [defaults] as temperature",
        "[defaults]\n# kept\ntimeout = 9 # seconds\ntemperature = 0.2\n" + LOCAL),
    "a key that nothing knows": (
        LOCAL + "zebra = 1  # stripes\n", "unknown-key", "Remove zebra", LOCAL),
    "an unknown key of an inline table": (
        "context = { zebra = 1, overflow = \"trim\" }\n", "unknown-key", "Remove zebra",
        "context = { overflow = \"trim\" }\n"),
    "the last key of an inline table": (
        "context = { overflow = \"trim\", zebra = 1 }\n", "unknown-key", "Remove zebra",
        "context = { overflow = \"trim\" }\n"),
    "a number in quotes": (
        LOCAL + 'temperature = "0.2"\n', "wrong-type", "Change to 0.2",
        LOCAL + "temperature = 0.2\n"),
    "a truth value in quotes": (
        'local_only = "yes"\n', "wrong-type", "Change to true", "local_only = true\n"),
    "text where a list belongs": (
        'fallbacks = "local"\n' + LOCAL, "wrong-type", 'Change to ["local"]',
        'fallbacks = ["local"]\n' + LOCAL),
    "a number that is too large": (
        "[defaults]\ntemperature = 3\n", "wrong-value", "Change to 2",
        "[defaults]\ntemperature = 2\n"),
    "a misspelt choice": (
        '[context]\noverflow = "trimm"\n', "wrong-value", 'Change to "trim"',
        '[context]\noverflow = "trim"\n'),
    "a misspelt placeholder": (
        "[actions.a]\nprompt = 'é {file} {selction}'\n", "unknown-placeholder",
        "Change to {selection}", "[actions.a]\nprompt = 'é {file} {selection}'\n"),
    "a word in braces that is meant": (
        '[actions.a]\nprompt = """\nHi {name}"""\n', "unknown-placeholder",
        "Change to {{name}}", '[actions.a]\nprompt = """\nHi {{name}}"""\n'),
    "a placeholder with a dollar": (
        "[actions.a]\nprompt = 'In ${file}'\n", "unknown-placeholder",
        "Change to {file}", "[actions.a]\nprompt = 'In {file}'\n"),
    "a prompt too many": (
        "[actions.a]\nprompt = 'p'\nprompt_file = 'p.md'\n", "two-prompts",
        "Remove prompt_file", "[actions.a]\nprompt = 'p'\n"),
    "a place for the answer of an edit": (
        "[actions.a]\nprompt = 'p'\noutput = 'message'\n", "no-effect",
        "Remove output", "[actions.a]\nprompt = 'p'\n"),
    "a misspelt provider": (
        LOCAL.replace('"ollama"', '"olama"'), "unknown-provider", 'Change to "ollama"', LOCAL),
    "a backend without a provider": (
        '[backends.anthropic]\nmodel = "claude"\n', "missing-key", 'Add provider = "anthropic"',
        '[backends.anthropic]\nmodel = "claude"\nprovider = "anthropic"\n'),
    "a backend of which only a table below stands there": (
        '[backends.groq.models]\nedit = "x"\n', "missing-key", 'Add provider = "groq"',
        '[backends.groq.models]\nedit = "x"\n\n[backends.groq]\nprovider = "groq"\n'),
    "a literal key": (
        LOCAL + 'api_key = "sk-1234567890"\n', "literal-key", 'Change to "${LOCAL_API_KEY}"',
        LOCAL + 'api_key = "${LOCAL_API_KEY}"\n'),
    "another tool's variable": (
        LOCAL + 'api_key = "os.environ/MY_KEY"\n', "literal-key", 'Change to "${MY_KEY}"',
        LOCAL + 'api_key = "${MY_KEY}"\n'),
    "a literal key in a header": (
        LOCAL + 'headers = { Authorization = "Bearer abc123" }\n', "literal-key",
        'Change to "Bearer ${LOCAL_API_KEY}"',
        LOCAL + 'headers = { Authorization = "Bearer ${LOCAL_API_KEY}" }\n'),
    "what a project may not set": (
        '[network]\nproxy = "http://p:1"\n' + LOCAL, "user-only", "Remove network", LOCAL),
    "a variable left open": (
        LOCAL + 'api_base = "${MY_BASE"\n', "broken-variable", 'Change to "${MY_BASE}"',
        LOCAL + 'api_base = "${MY_BASE}"\n'),
    "a variable left open where a key belongs": (
        LOCAL + 'api_key = "${MY_KEY"\n', "literal-key", 'Change to "${MY_KEY}"',
        LOCAL + 'api_key = "${MY_KEY}"\n'),
    "a key without effect": (
        '[backends.a]\nprovider = "groq"\nmodel = "x"\nnum_ctx = 8192\n', "no-effect",
        "Remove num_ctx", '[backends.a]\nprovider = "groq"\nmodel = "x"\n'),
    "two addresses": (
        LOCAL + 'api_base = "http://localhost:1"\nendpoints = ["http://localhost:2"]\n',
        "two-addresses", "Remove api_base", LOCAL + 'endpoints = ["http://localhost:2"]\n'),
    "a misspelt backend": (
        'model = "locol"\n' + LOCAL, "unclear-target", 'Change to "local"',
        'model = "local"\n' + LOCAL),
    "a backend that is not there": (
        'model = "farm/qwen"\r\n', "unclear-target", "Create [backends.farm]",
        'model = "farm/qwen"\r\n\r\n[backends.farm]\r\nprovider = "openai"\r\n'
        'api_base = "http://localhost:8080/v1"\r\nmodel = "qwen"\r\n'),
    "a misspelt task": (
        '[tasks]\nexplian = "local"\n' + LOCAL, "unknown-task", "Change to explain",
        '[tasks]\nexplain = "local"\n' + LOCAL),
    "an action without a prompt": (
        '[actions.review]\ntitle = "Review"\n', "missing-key", "Add a prompt",
        '[actions.review]\ntitle = "Review"\n'
        'prompt = "Say here what is to be done with the selected code."\n'),
    "embeddings of a backend that has none": (
        '[defaults]\nembedding_backend = "claude"\n[backends.claude]\nprovider = "anthropic"\n'
        'model = "x"\n[backends.local]\nprovider = "ollama"\nembedding_model = "nomic"\n',
        "no-embeddings", 'Change to "local"',
        '[defaults]\nembedding_backend = "local"\n[backends.claude]\nprovider = "anthropic"\n'
        'model = "x"\n[backends.local]\nprovider = "ollama"\nembedding_model = "nomic"\n'),
    "a backend that names no embedding model": (
        '[defaults]\nembedding_backend = "local"\n' + LOCAL, "no-embeddings",
        'Add embedding_model = "nomic-embed-text"',
        '[defaults]\nembedding_backend = "local"\n' + LOCAL
        + 'embedding_model = "nomic-embed-text"\n'),
    "a pool in itself": (
        '[pools]\nbig = ["local", "big"]\n' + LOCAL, "nested-pool", "Remove big",
        '[pools]\nbig = ["local"]\n' + LOCAL),
    "text without quotes": (
        "model = local # mine\n" + LOCAL, "syntax", "Put it in quotes",
        'model = "local" # mine\n' + LOCAL),
    "quotes of a text processor": (
        "model = “local”\n" + LOCAL, "syntax", "Put it in quotes", 'model = "local"\n' + LOCAL),
    "an amount with its currency": (
        "[budget]\nday = $5\n", "syntax", "Change to 5", "[budget]\nday = 5\n"),
    "a colon": ("local_only: true\n", "syntax", 'Change ":" to "="', "local_only = true\n"),
    "True": ("local_only = True\n", "syntax", "Change to true", "local_only = true\n"),
    "null": ("model = null\n" + LOCAL, "syntax", "Remove the line", "\n" + LOCAL),
    "an open text": (
        'model = "local\n' + LOCAL, "syntax", "Close the text with a quote",
        'model = "local"\n' + LOCAL),
    "an open text in single quotes": (
        "model = 'local # mine\n" + LOCAL, "syntax", "Close the text with a quote",
        "model = 'local' # mine\n" + LOCAL),
    "half a price": (
        '[prices."x"]\ninput = 1\n', "missing-key", "Add output = 15.0",
        '[prices."x"]\ninput = 1\noutput = 15.0\n'),
    "an open header": (
        LOCAL.replace("]", ""), "syntax", "Close the name of the table with ]", LOCAL),
    "a key twice": (
        'model = "local"\nmodel = "other"\n' + LOCAL, "syntax", "Remove this line",
        'model = "local"\n' + LOCAL),
    "backslashes": (
        LOCAL + 'recordings = "C:\\dir"\n', "syntax", "Double the backslashes",
        LOCAL + 'recordings = "C:\\\\dir"\n'),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_mended(tmp_path: Path, name: str) -> None:
    text, code, title, expected = CASES[name]
    mended = apply(text, changes(text, *found(tmp_path, text, code, title)))
    assert mended == expected
    assert code not in {problem.code for problem in problems(tmp_path, mended)}


@pytest.mark.parametrize(
    "text",
    [
        "[cache]\nenabled = true\n",
        LOCAL + "context_window = 8192\n",
        LOCAL.replace("ollama", "openai") + 'host = "gpu"\n',
        "[network]\nverify = false\n",
        "backend = 5\n",
    ],
)
def test_a_key_is_not_renamed_to_one_that_its_value_does_not_fit(tmp_path: Path, text: str) -> None:
    user = tmp_path / "user"
    user.mkdir()
    (user / "config.toml").write_text(text, "utf-8")
    loaded = load(tmp_path / "x.py", tmp_path, environ={}, user_dir=user, state_dir=tmp_path / "s")
    (problem,) = loaded.problems
    assert problem.code == "unknown-key"
    assert [mend.do for mend in problem.mends] == ["remove"]


def test_nothing_is_offered_that_would_break_the_file(tmp_path: Path) -> None:
    text = "temperature = 0.2\ndefaults.timeout = 9\n"
    problem, mend = found(tmp_path, text, "unknown-key", "Move under [defaults] as temperature")
    assert changes(text, problem, mend) == ()


def found(folder: Path, text: str, code: str, title: str) -> tuple[Problem, object]:
    offered = [
        (problem, mend)
        for problem in problems(folder, text)
        if problem.code == code
        for mend in problem.mends
    ]
    titles = [mend.title for _, mend in offered]
    assert title in titles
    return offered[titles.index(title)]


def problems(folder: Path, text: str) -> tuple[Problem, ...]:
    """What is wrong in a project's file with this text."""
    path = folder / ".streetrace.toml"
    path.write_bytes(text.encode())
    loaded = load(path, folder, environ={}, user_dir=folder / "user", state_dir=folder / "state")
    return loaded.problems
