"""`streetrace-lsp doctor` as a shell sees it, against real servers."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from backends import fault_embeddings
from backends.asking import KEY
from backends.doctoring import backend, doctor, findings
from backends.fault_server import FaultServer, Reply
from program import Program

# Nobody listens there.
NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def program(tmp_path: Path, home: Path) -> Program:
    return Program(tmp_path)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


def test_all_that_is_right_fits_one_screen(program: Program, server: FaultServer) -> None:
    program.variables["TEAM_KEY"] = KEY
    key = 'api_key = "${TEAM_KEY}"'
    program.user(
        'model = "local/demo"\n'
        + backend("local", "ollama", server.base)
        + backend("team", "openai", server.openai, more=key)
        + "[prices.demo]\ninput = 3\noutput = 15\n"
    )
    status, page = doctor(program)
    assert status == 0, page
    assert "All 2 answer." in page
    assert "✓ local/demo  (the default)" in page
    assert f"Ollama at {server.base}" in page
    assert "the server has it loaded" in page
    assert "16,384 tokens" in page
    assert "TEAM_KEY is set" in page
    assert "$3 in, $15 out per million tokens" in page
    assert page.count("answered in") == 2
    assert KEY not in page
    assert len(page.splitlines()) <= 24
    tokens = [r.json.get("max_tokens") for r in server.requests if "completions" in r.path]
    assert tokens == [1]


def test_a_backend_that_no_model_names_is_not_called_the_default(
    program: Program, server: FaultServer
) -> None:
    program.user(backend("local", "ollama", server.base))
    _, page = doctor(program)
    assert "local" in page
    assert "the default" not in page


@pytest.mark.parametrize("answers", [True, False])
def test_the_model_for_searching_is_asked_for_a_vector(
    program: Program, server: FaultServer, answers: bool
) -> None:
    vector = fault_embeddings.ollama([[0.5, 0.25]])
    server.default = vector if answers else Reply(status=404, message="model not found")
    program.user(
        '[defaults]\nembedding_backend = "local"\n[backends.local]\nprovider = "ollama"\n'
        f'api_base = "{server.base}"\nembedding_model = "demo"\n'
    )
    found = [one for one in findings(program)["targets"] if one["target"] == "local/demo"]
    assert [one["answered"] for one in found] == [answers]
    (sent,) = [request for request in server.requests if request.path == "/api/embed"]
    assert sent.json["model"] == "demo"
    status, page = doctor(program)
    assert "local/demo" in page
    assert "embedding_backend: turns text into vectors" in page
    assert status == 1, "nothing else is configured"
    # Of one target nothing else is checked.
    asked = len(server.requests)
    doctor(program, "--model", "local/other")
    assert not [one for one in server.requests[asked:] if one.path == "/api/embed"]


def test_a_backend_for_searching_that_is_not_there_is_named(
    program: Program, server: FaultServer
) -> None:
    program.user(
        'model = "local"\n[defaults]\nembedding_backend = "locla"\n'
        + backend("local", "ollama", server.base)
    )
    status, page = doctor(program)
    assert status == 1
    assert "embedding_backend is locla, and there is no [backends.locla]" in page


def test_a_missing_key_and_the_variable_that_was_meant(program: Program) -> None:
    program.variables["OPENAI_KEY"] = KEY
    program.user('model = "openai/gpt-5"\n')
    status, page = doctor(program)
    assert status == 1
    assert "OPENAI_API_KEY is not set; OPENAI_KEY is set" in page
    assert "export OPENAI_API_KEY" in page
    assert KEY not in page
    (found,) = findings(program)["targets"]
    assert found["key"] == {
        "found": "not set",
        "variable": "OPENAI_API_KEY",
        "place": None,
        "mistaken": "OPENAI_KEY",
    }
    assert not found["contacted"]


def test_a_model_that_ollama_lacks(program: Program, server: FaultServer) -> None:
    server.models = ("qwen2.5-coder:7b",)
    server.default = Reply(status=404, message="model not found, try pulling it first")
    program.user(backend("local", "ollama", server.base, "qwen2.5-coder"))
    status, page = doctor(program, "--model", "local")
    assert status == 1
    assert "the server does not list it, did you mean qwen2.5-coder:7b?" in page
    assert 'Did you mean "qwen2.5-coder:7b"?' in page
    assert "ollama pull qwen2.5-coder" in page


@pytest.mark.parametrize(
    ("provider", "base", "reply", "words"),
    [
        (
            "azure",
            "",
            Reply(status=404, message="DeploymentNotFound: The API deployment does not exist"),
            ["deployment", "az cognitiveservices account deployment list"],
        ),
        (
            "openai",
            "/v1",
            Reply(status=400, message="This model's maximum context length is 8192 tokens"),
            ["too long", "larger window"],
        ),
        (
            "anthropic",
            "",
            Reply(status=403, message="Claude is not available in your country or region"),
            ["region"],
        ),
        ("openai", "/v1", Reply(status=401, message="bad key {key}"), ["TEAM_KEY", "refused"]),
    ],
    ids=["azure deployment", "context", "region", "wrong key"],
)
def test_the_fix_of_each_common_error(
    program: Program,
    server: FaultServer,
    provider: str,
    base: str,
    reply: Reply,
    words: list[str],
) -> None:
    program.variables["TEAM_KEY"] = KEY
    server.default = reply
    more = 'api_key = "${TEAM_KEY}"\n' + ('api_version = "2024-10-21"' if base == "" else "")
    program.user(backend("team", provider, f"{server.base}{base}", more=more))
    status, page = doctor(program)
    assert status == 1
    assert all(word in page for word in words), page
    assert KEY not in page


def test_the_profile_that_bedrock_wants(program: Program, server: FaultServer) -> None:
    model = "anthropic.claude-sonnet-4-20250514-v1:0"
    said = f"Invocation of model ID {model} with on-demand throughput isn’t supported."
    server.default = Reply(status=400, message=said)
    program.variables["AWS_BEARER_TOKEN_BEDROCK"] = KEY
    program.user(backend("aws", "bedrock", server.base, model))
    status, page = doctor(program)
    assert status == 1
    assert "inference profile" in page
    assert "AWS_BEARER_TOKEN_BEDROCK is set" in page


def test_a_server_that_is_slow(program: Program, server: FaultServer) -> None:
    server.default = Reply(hold_after=0)
    program.user(
        backend("local", "ollama", server.base) + "[defaults]\nfirst_token_timeout = 0.5\n"
    )
    status, page = doctor(program)
    assert status == 1
    assert "Timeout" in page
    assert "ollama ps" in page


def test_a_server_that_is_not_there(program: Program) -> None:
    program.user(backend("studio", "lm_studio", "http://127.0.0.1:9/v1"))
    status, page = doctor(program)
    assert status == 1
    assert "refused the connection" in page
    assert "lms server start" in page
    assert "It does not answer." in page


def test_a_thinking_model_that_has_no_room_in_one_token_answers(
    program: Program, server: FaultServer
) -> None:
    said = "Could not finish the message because max_tokens or model output limit was reached."
    server.default = Reply(status=400, message=said)
    program.user(backend("team", "openai", server.openai, more='api_key = "x"'))
    assert doctor(program)[0] == 0


def test_an_untrusted_project_is_not_contacted(program: Program, server: FaultServer) -> None:
    program.variables["OPENAI_API_KEY"] = KEY
    program.project_file(
        'model = "theirs/demo"\n'
        + backend("theirs", "openai", server.openai, more='api_key = "${OPENAI_API_KEY}"')
    )
    status, page = doctor(program)
    assert status == 1
    assert "you have not trusted it yet" in page
    assert "streetrace-lsp trust" in page
    assert "Not contacted, because the project is not trusted: theirs" in page
    assert server.connections == []
    found = findings(program)
    assert found["project"]["trusted"] is False
    assert found["project"]["not_contacted"] == ["theirs"]
    assert server.connections == []
    assert findings(program, "--model", "theirs")["healthy"] is False
    assert server.connections == []


def test_ones_own_model_is_checked_beside_an_untrusted_project(
    program: Program, server: FaultServer
) -> None:
    program.user('model = "mine/demo"\n' + backend("mine", "ollama", server.base))
    with FaultServer() as theirs:
        program.project_file(backend("theirs", "ollama", theirs.base))
        status, page = doctor(program)
        assert theirs.connections == []
    assert status == 1
    assert "✓ mine/demo" in page
    assert "Not contacted, because the project is not trusted: theirs" in page


def test_a_trusted_project_and_its_dotenv(program: Program, server: FaultServer) -> None:
    program.project_file(
        'model = "theirs/demo"\n'
        + backend("theirs", "openai", server.openai, more='api_key = "${TEAM_KEY}"')
    )
    (program.project / ".env").write_text(f"TEAM_KEY={KEY}\n")
    assert program.run("trust", "--yes", ".").returncode == 0
    status, page = doctor(program)
    assert status == 0, page
    assert "TEAM_KEY is set, in .env" in page
    assert "the project's .streetrace.toml, which you trust" in page
    assert server.requests[-1].key == KEY


def test_each_endpoint_and_each_member_of_a_pool_is_checked(
    program: Program, server: FaultServer
) -> None:
    program.user(
        'model = "both"\n[pools]\nboth = ["pair/demo", "local/demo"]\n'
        f'[backends.pair]\nprovider = "ollama"\nmodel = "demo"\n'
        f'endpoints = ["{server.base}", "http://127.0.0.1:9"]\n'
        + backend("local", "ollama", server.base)
    )
    status, page = doctor(program)
    assert status == 1
    assert "2 of 3 answer." in page
    assert "✗ pair/demo @ 127.0.0.1:9" in page


def test_errors_of_a_file_are_told_and_nothing_is_asked(
    program: Program, server: FaultServer
) -> None:
    program.user(backend("local", "ollama", server.base) + "temperatur = [\n")
    status, page = doctor(program)
    assert status == 1
    assert "config.toml" in page
    assert "Nothing was asked" in page
    assert server.connections == []


def test_nothing_configured(program: Program) -> None:
    program.variables["OLLAMA_HOST"] = "127.0.0.1:9"
    status, page = doctor(program)
    assert status == 1
    assert "No configuration" in page
    assert "ollama pull" in page


def test_a_proxy_and_certificates_are_shown_without_the_password(
    program: Program, server: FaultServer, tmp_path: Path
) -> None:
    program.variables["OPENAI_API_KEY"] = KEY
    program.user(
        'model = "openai/gpt-5"\n[network]\nproxy = "http://me:s3cret@127.0.0.1:9"\n'
        f'ca_bundle = "{tmp_path}/missing.pem"\n'
    )
    (found,) = findings(program)["targets"]
    assert found["proxy"] == "http://127.0.0.1:9"
    assert found["ca_bundle"] == f"{tmp_path}/missing.pem"
    assert "ca_bundle" in found["fault"]["next_step"]
    assert "s3cret" not in json.dumps(found)


def test_the_page_documents_every_field(program: Program, server: FaultServer) -> None:
    program.project_file("enabled = true\n").user(
        backend("local", "ollama", server.base) + "[prices.demo]\ninput = 1\noutput = 2\n"
    )
    found = findings(program)
    page = (Path(__file__).resolve().parents[2] / "docs/doctor.md").read_text("utf-8")
    (target,) = found["targets"]
    for table in (found, found["project"], target, target["key"], target["price"]):
        assert [name for name in table if f"`{name}`" not in page] == []


def test_a_backend_that_nothing_names_is_not_the_default(
    program: Program, server: FaultServer
) -> None:
    program.variables["OLLAMA_HOST"] = NOBODY
    program.user(backend("own", "openai", server.openai, more='api_key = ""'))
    status, page = doctor(program)
    assert status == 0, page
    assert "own/demo" in page
    assert "(the default)" not in page
    (program.project / "a.py").write_text("a = 1\n")
    done = program.run("run", "explain", "a.py:1")
    assert done.returncode == 2
    assert f'Write model = "own" in {program.user_dir / "config.toml"}' in done.stderr


def test_without_a_configuration_the_first_step_is_init(program: Program) -> None:
    program.variables["OLLAMA_HOST"] = NOBODY
    (program.project / "a.py").write_text("a = 1\n")
    done = program.run("run", "explain", "a.py:1")
    assert done.returncode == 2
    assert "No model is configured. Run: streetrace-lsp init" in done.stderr


def test_a_key_for_another_address_is_no_offer_of_the_provider(
    program: Program,
) -> None:
    program.variables |= {"OPENAI_API_KEY": "k", "OPENAI_API_BASE": "http://localhost:9/v1"}
    program.variables["OLLAMA_HOST"] = NOBODY
    _, page = doctor(program)
    assert "Your code would be sent to OpenAI" not in page


def test_the_server_is_the_address_also_where_the_key_is_missing(program: Program) -> None:
    base = "http://localhost:9999/v1"
    program.user(
        'model = "own"\n' + backend("own", "openai", base, more='api_key = "${NOT_SET_KEY}"')
    )
    _, page = doctor(program)
    assert "NOT_SET_KEY is not set" in page
    assert f"OpenAI at {base}" in page


def test_a_problem_has_its_line_and_the_environment_is_named(
    program: Program,
) -> None:
    program.user('\n\nmodle = "ollama/x"\n')
    program.variables |= {"OLLAMA_HOST": NOBODY, "STREETRACE_MODEL": "nope/"}
    _, page = doctor(program)
    assert "config.toml:3: There is no key modle." in page
    assert "STREETRACE_MODEL: " in page
    (program.project / "a.py").write_text("a = 1\n")
    done = program.run("run", "explain", "a.py:1")
    assert "config.toml:3: There is no key modle." in done.stderr
    assert "STREETRACE_MODEL: " in done.stderr


def test_the_time_of_the_call_is_the_servers(program: Program, server: FaultServer) -> None:
    program.user('model = "own"\n' + backend("own", "openai", server.openai, more='api_key = ""'))
    began = time.monotonic()
    (one,) = findings(program)["targets"]
    # It answers at once; what takes time is the start of three processes.
    assert 0 < one["seconds"] < (time.monotonic() - began) / 4
