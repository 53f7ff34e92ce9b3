"""`streetrace-lsp init`: whatever is on the machine, the file is right and the doctor explains it.

Each situation is one run of real children: init, `config check`, `doctor`.
"""

from __future__ import annotations

import re
import stat
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backends.doctoring import doctor
from backends.fault_server import FaultServer, Reply
from other_tools import DOTENV, HOSTED, LITELLM, LLM, OLD_LLM, PROVIDERS, SECRET, SERVED, write
from program import Program

ADDRESSES = ("OLLAMA_HOST", "LM_STUDIO_API_BASE", "LLAMAFILE_API_BASE", "HOSTED_VLLM_API_BASE")


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address where nobody listens."""
    with FaultServer() as gone:
        base = gone.base
    yield base


@pytest.fixture
def program(tmp_path: Path, home: Path, nobody: str) -> Program:
    """A machine on which no model server runs, whatever this one has."""
    return Program(tmp_path, dict.fromkeys(ADDRESSES, nobody))


def init(program: Program, *arguments: str) -> tuple[str, dict[str, Any]]:
    """Run it; what it said, and the file it wrote, which `config check` accepts."""
    done = program.run("init", *arguments)
    assert done.returncode == 0, done.stderr
    file = program.project / ".streetrace.toml"
    if "--user" in arguments:
        file = program.user_dir / "config.toml"
    text = file.read_text("utf-8")
    said = done.stdout + done.stderr
    assert SECRET not in text + said
    checked = program.run("config", "check", str(file))
    assert checked.returncode == 0, checked.stdout
    assert "no problems" in checked.stdout, checked.stdout
    return said, tomllib.loads(text)


def uncommented(text: str) -> str:
    """A first file with the # taken away from every line that is TOML."""
    return re.sub(r"(?m)^# (?=\[|\w+ = )", "", text)


def test_nothing_there(program: Program) -> None:
    said, table = init(program)
    assert table == {}
    assert "no model server on this machine" in said
    text = (program.project / ".streetrace.toml").read_text("utf-8")
    # What it shows is right once each # is taken away, together as well.
    shown = tomllib.loads(uncommented(text))
    assert set(shown["backends"]) == {"ollama", "claude"}
    assert shown["model"] in shown["backends"]
    status, page = doctor(program)
    assert status == 1
    assert "No model is configured" in page
    assert "ollama pull" in page
    # It stands there already, so it is the place to write one.
    assert f"in {program.project / '.streetrace.toml'}" in page


def test_ollama_with_a_chat_model_coders_first(program: Program, server: FaultServer) -> None:
    server.models = ("nomic-embed-text", "llama3", "qwen2.5-coder:7b", "big:480b-cloud")
    program.variables["OLLAMA_HOST"] = server.base
    said, table = init(program)
    assert table["model"] == "ollama"
    assert table["backends"]["ollama"]["model"] == "qwen2.5-coder:7b"
    assert "qwen2.5-coder:7b, llama3" in said
    status, page = doctor(program)
    assert status == 0, page
    assert "(you trust it)" in page
    assert "It answers." in page
    # The address stands in the file: an editor sees no variable of this shell.
    del program.variables["OLLAMA_HOST"]
    status, page = doctor(program)
    assert status == 0, page


def test_ollama_without_a_chat_model(program: Program, server: FaultServer) -> None:
    server.models = ("nomic-embed-text",)
    program.variables["OLLAMA_HOST"] = server.base
    said, table = init(program)
    assert table["backends"]["ollama"]["model"] == "qwen2.5-coder:7b"
    command = "streetrace-lsp models pull qwen2.5-coder:7b"
    assert f"Next: {command}" in said
    server.script(Reply(status=404, body=b'{"error": "model not found"}'))
    status, page = doctor(program)
    assert status == 1
    assert "the server does not list it" in page
    server.default = Reply()
    assert program.run(*command.split()[1:]).returncode == 0
    assert [r.path for r in server.requests].count("/api/pull") == 1


def test_lm_studio(program: Program, server: FaultServer) -> None:
    server.models = ("text-embedding-nomic", "qwen2.5-coder-7b-instruct")
    program.variables["LM_STUDIO_API_BASE"] = server.openai
    program.variables["LM_STUDIO_API_KEY"] = SECRET
    said, table = init(program)
    assert table["model"] == "studio"
    assert table["backends"]["studio"]["model"] == "qwen2.5-coder-7b-instruct"
    assert "LM Studio at" in said
    # It was found by asking; nothing that was asked had a key.
    assert server.requests
    assert SECRET not in str([(r.path, r.headers) for r in server.requests])
    status, page = doctor(program)
    assert status == 0, page
    assert "LM Studio at" in page


def test_lm_studio_without_a_loaded_model(program: Program, server: FaultServer) -> None:
    server.models = ()
    program.variables["LM_STUDIO_API_BASE"] = server.openai
    said, table = init(program)
    assert "model" not in table
    assert "without a chat model" in said
    text = (program.project / ".streetrace.toml").read_text("utf-8")
    assert "Load one" in text


def test_llama_server(program: Program, server: FaultServer) -> None:
    program.variables["LLAMAFILE_API_BASE"] = server.openai
    said, table = init(program)
    assert table["backends"]["llama"] == {
        "provider": "openai",
        "api_base": server.openai,
        "api_key": "",
        "model": "demo",
    }
    assert "llama-server at" in said
    status, page = doctor(program)
    assert status == 0, page


def test_a_key_variable_and_nothing_that_runs(program: Program, server: FaultServer) -> None:
    program.variables |= {"ANTHROPIC_API_KEY": SECRET, "GROQ_API_KEY": SECRET}
    said, table = init(program)
    assert table["model"] == "anthropic"
    assert table["backends"] == {
        "anthropic": {
            "provider": "anthropic",
            "api_key": "${ANTHROPIC_API_KEY}",
            "model": "claude-sonnet-4-5",
        }
    }
    assert "ANTHROPIC_API_KEY is set" in said
    text = (program.project / ".streetrace.toml").read_text("utf-8")
    assert "# [backends.groq]" in text
    assert tomllib.loads(uncommented(text))["model"] == "anthropic"
    del program.variables["ANTHROPIC_API_KEY"]
    status, page = doctor(program)
    assert status == 1
    assert "ANTHROPIC_API_KEY is not set" in page


def test_a_key_that_needs_a_model_shows_which_backend_answers(program: Program) -> None:
    program.variables["GROQ_API_KEY"] = SECRET
    _, table = init(program)
    assert table == {}
    text = (program.project / ".streetrace.toml").read_text("utf-8")
    shown = tomllib.loads(uncommented(text))
    assert shown["model"] == "groq"
    assert shown["backends"]["groq"]["provider"] == "groq"


def test_other_models_of_a_server_stand_at_the_model(program: Program, server: FaultServer) -> None:
    server.models = ("qwen2.5-coder:7b", "llama3")
    program.variables["OLLAMA_HOST"] = server.base
    init(program)
    text = (program.project / ".streetrace.toml").read_text("utf-8")
    assert '# It also has: llama3.\nmodel = "qwen2.5-coder:7b"' in text


def test_a_model_here_comes_before_a_key(program: Program, server: FaultServer) -> None:
    program.variables |= {"OLLAMA_HOST": server.base, "ANTHROPIC_API_KEY": SECRET}
    _, table = init(program)
    assert table["model"] == "ollama"
    assert "fallbacks" not in table, "code would go elsewhere unasked"
    assert set(table["backends"]) == {"ollama", "anthropic"}


def test_a_server_elsewhere_is_not_asked(program: Program, server: FaultServer) -> None:
    program.variables["OLLAMA_HOST"] = f"http://192.0.2.1:{server.port}"
    said, table = init(program)
    assert table == {}
    assert "192.0.2.1" not in said


def test_what_is_no_model_server_is_not_there(program: Program, server: FaultServer) -> None:
    server.pages["/v1/models"] = {"detail": "Not Found"}
    program.variables["HOSTED_VLLM_API_BASE"] = server.openai
    _, table = init(program)
    assert table == {}


def test_litellms_file(program: Program) -> None:
    said, table = init(program, "--from", *write(program.place / "theirs", config__yaml=LITELLM))
    assert table["model"] == "gpt-4o"
    assert table["pools"] == {"gpt-4o": ["azure/gpt-4o", "azure-2/gpt-4o"]}
    assert table["fallbacks"] == ["anthropic/claude", "ollama/local"]
    assert table["backends"]["azure"]["api_key"] == "${AZURE_EU_KEY}"
    assert table["backends"]["anthropic"]["api_key"] == "${ANTHROPIC_API_KEY}"
    assert "config.yaml:8: rpm of gpt-4o" in said
    assert "key set ANTHROPIC_API_KEY" in said
    assert "Not allowed yet, so not used: https://my-eu.openai.azure.com=AZURE_EU_KEY" in said
    status, page = doctor(program)
    assert status == 1
    assert "you trust it, but not yet every address that it uses" in page
    assert "AZURE_EU_KEY" in page
    assert "ANTHROPIC_API_KEY is not set" in page


@pytest.mark.parametrize("text", [LLM, OLD_LLM], ids=["with llm", "old"])
def test_yaml_with_backends_by_name(program: Program, text: str) -> None:
    _, table = init(program, "--from", *write(program.place / "theirs", config__yaml=text))
    if text == LLM:
        assert table["model"] == "anthropic/generator"
        assert table["fallbacks"] == ["openai/generator", "azure-regions"]
        assert table["pools"]["azure-regions"] == ["azure/us_east", "azure/eu_west"]
        assert table["defaults"]["embedding_backend"] == "openai"
    else:
        assert table["model"] == "ollama"
    del program.variables["OLLAMA_HOST"]
    status, page = doctor(program)
    assert status == 1
    assert ("ANTHROPIC_API_KEY is not set" if text == LLM else "Ollama at http://localhost") in page


def test_three_files_of_models_and_providers(program: Program) -> None:
    files = write(
        program.place / "theirs",
        litellm_models__json=HOSTED,
        vllm_models__yaml=SERVED,
        api_providers__yaml=PROVIDERS,
    )
    said, table = init(program, "--from", *files)
    assert table["model"] == "openai/gpt-4o"
    assert table["backends"]["groq"]["api_key"] == "${TEAM_GROQ_KEY}"
    assert set(table["backends"]["vllm"]["models"].values()) == {"Qwen2-7B-Instruct", "small"}
    assert "house: it is no provider on the reviewed list" in said
    status, page = doctor(program)
    assert status == 1
    assert "OPENAI_API_KEY is not set" in page
    assert "vLLM at" in page


def test_the_users_own_file_may_start_programs(program: Program) -> None:
    files = write(program.place / "theirs", vllm_models__yaml=SERVED)
    said, table = init(program, "--user", "--from", *files)
    served = table["backends"]["Qwen2-7B-Instruct"]
    assert served["model_path"] == "/models/Qwen/Qwen2-7B-Instruct"
    assert "starts vllm serve" in said
    # What would be an option of the program is no name of a model.
    assert set(table["backends"]) == {"Qwen2-7B-Instruct", "small"}
    mode = (program.user_dir / "config.toml").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_dotenv_gives_names_alone(program: Program) -> None:
    (program.project / ".env").write_text(DOTENV, "utf-8")
    said, table = init(program, "--from", str(program.project / ".env"))
    assert table["backends"]["openai"]["api_key"] == "${OPENAI_API_KEY}"
    assert "HOUSE_TOKEN" in said
    assert "UNRELATED" not in said


@pytest.mark.parametrize(
    ("text", "backend"),
    [
        (f"GROQ_API_KEY={SECRET}\n", "groq"),
        (f"OPENAI_API_KEY={SECRET}\nOPENAI_API_BASE=http://127.0.0.1:9/v1\n", "openai"),
    ],
)
def test_a_dotenv_whose_names_need_a_model_is_carried_over_to_fill_in(
    program: Program, text: str, backend: str
) -> None:
    (program.project / ".env").write_text(text, "utf-8")
    said, table = init(program, "--from", ".env")
    assert table == {}
    assert "nothing that can be used as it stands" in said
    written = (program.project / ".streetrace.toml").read_text("utf-8")
    assert tomllib.loads(uncommented(written))["model"] == backend


def test_a_file_without_anything_says_why(program: Program) -> None:
    (program.project / ".env").write_text("UNRELATED=1\n", "utf-8")
    done = program.run("init", "--from", ".env")
    assert done.returncode == 2
    assert "no key variable" in done.stderr


def test_a_file_that_is_there_stays(program: Program) -> None:
    program.project_file("mine = 1\n")
    done = program.run("init")
    assert done.returncode == 2
    assert "is there already" in done.stderr
    file = program.project / ".streetrace.toml"
    assert file.read_text() == "mine = 1\n"
    assert [p.name for p in program.project.iterdir() if p.name != ".git"] == [file.name]
    init(program, "--force")
    assert (program.project / ".streetrace.toml.old").read_text() == "mine = 1\n"
    init(program, "--force")
    assert (program.project / ".streetrace.toml.old").read_text() == "mine = 1\n"
    assert (program.project / ".streetrace.toml.old-2").exists()


def test_a_file_nearer_than_the_root_is_the_one_that_is_there(program: Program) -> None:
    inner = program.project / "inner"
    inner.mkdir()
    (inner / ".streetrace.toml").write_text("mine = 1\n")
    done = subprocess.run(
        program.command("init"),
        cwd=inner,
        env=program.environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 2
    assert str(inner / ".streetrace.toml") in done.stderr


def test_a_file_that_was_denied_is_written_and_not_trusted(
    program: Program, server: FaultServer
) -> None:
    program.project_file('model = "ollama/x"\n')
    assert program.run("trust", "--deny").returncode == 0
    program.variables["OLLAMA_HOST"] = server.base
    said, _ = init(program, "--force")
    assert "never to trust it" in said
    assert "--revoke" in said
    status, page = doctor(program)
    assert status == 1
    assert "never to trust it" in page


def test_a_link_is_not_written_through(program: Program) -> None:
    elsewhere = program.place / "elsewhere"
    (program.project / ".streetrace.toml").symlink_to(elsewhere)
    assert program.run("init").returncode == 2
    assert program.run("init", "--force").returncode == 2
    assert not elsewhere.exists()


def test_printing_writes_nothing(program: Program, server: FaultServer) -> None:
    program.variables["OLLAMA_HOST"] = server.base
    done = program.run("init", "--print", "--model", "ollama/other")
    assert done.returncode == 0
    assert tomllib.loads(done.stdout)["model"] == "ollama/other"
    assert not (program.project / ".streetrace.toml").exists()
    assert not (program.place / "state" / "trust.json").exists()


def test_a_model_that_means_nothing_is_refused(program: Program) -> None:
    done = program.run("init", "--model", "nobody/x")
    assert done.returncode == 2
    assert "nobody" in done.stderr
    assert not (program.project / ".streetrace.toml").exists()
