"""`launch`: what is checked before anything is started, and what is said then."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from streetrace_lsp.config.backend import Backend
from streetrace_lsp.routing.launch import StartError
from streetrace_lsp.routing.launch_command import command, environment_for, fixed_port

NOBODY = 65534
LLAMA = ["sh", "-m", "{model_path}", "--port", "{port}"]


def built(**fields: Any) -> list[str]:
    backend = Backend(**{"provider": "openai", "launch": LLAMA, **fields})
    return command("local", backend, 8123, environment_for(os.environ))


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Without the rights of root, which may read everything."""
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


def test_the_program_is_found_on_the_path_and_the_rest_is_filled_in(tmp_path: Path) -> None:
    program, *arguments = built(model_path=str(tmp_path))
    assert Path(program).is_absolute()
    assert arguments == ["-m", str(tmp_path), "--port", "8123"]


def test_the_tokenizer_is_the_models_unless_it_is_named(tmp_path: Path) -> None:
    words = ["sh", "{tokenizer_path}"]
    other = tmp_path / "other"
    other.mkdir()
    assert built(launch=words, model_path=str(tmp_path))[1:] == [str(tmp_path)]
    named = built(launch=words, model_path=str(tmp_path), tokenizer_path=str(other))
    assert named[1:] == [str(other)]


def test_other_braces_stay_as_they_are() -> None:
    words = ["sh", '{"rope": 2}', "{}", "{port}"]
    assert built(launch=words)[1:] == ['{"rope": 2}', "{}", "8123"]


@pytest.mark.parametrize(
    ("fields", "message", "next_step"),
    [
        ({"model_path": "models/x.gguf"}, "model_path is not an absolute path", "in full"),
        ({"model_path": "~/x.gguf"}, "model_path is not an absolute path: ~/x.gguf", "/x.gguf"),
        ({"model_path": "/no/such/model"}, "model_path does not exist: /no/such/model", "download"),
        (
            {"model_path": "/", "tokenizer_path": "/no/such"},
            "tokenizer_path does not exist: /no/such",
            "Correct the path",
        ),
        ({}, "launch uses {model_path}, and model_path is not set", "[backends.local]"),
        (
            {"launch": ["sh", "{tokenizer_path}"]},
            "launch uses {tokenizer_path}, and model_path is not set",
            "Set model_path",
        ),
        (
            {"launch": ["sh", "{gpu_memory_utilization}"]},
            "gpu_memory_utilization is not set",
            "Set gpu_memory_utilization",
        ),
        ({"launch": ["sh", "{modelpath}"]}, "{modelpath} in launch stands for nothing", "{model_"),
        ({"launch": ["bin/server"]}, "is a relative path: bin/server", "absolute path"),
        ({"launch": ["no-such-program"]}, "no-such-program in launch was not found", "Install it"),
        ({"launch": ["/etc/passwd"]}, "/etc/passwd in launch was not found, or can't", "Install"),
    ],
)
def test_what_can_not_work_is_said_before_the_start(
    fields: dict[str, Any], message: str, next_step: str
) -> None:
    with pytest.raises(StartError) as refused:
        built(**fields)
    assert refused.value.message.startswith('Backend "local": ')
    assert message in refused.value.message
    assert next_step in refused.value.next_step


@pytest.mark.parametrize("inside", [False, True], ids=["the file", "its folder"])
def test_a_model_that_can_not_be_read_is_not_called_missing(inside: bool) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        model = folder / "model.gguf"
        model.write_bytes(b"GGUF")
        model.chmod(0o000)
        folder.chmod(0o000 if inside else 0o755)
        with ordinary_user(), pytest.raises(StartError) as refused:
            built(model_path=str(model))
        folder.chmod(0o755)
    assert f"model_path can't be read: {model}" in refused.value.message


def test_a_port_that_nobody_knows_is_refused() -> None:
    with pytest.raises(StartError, match="does not tell the server its port"):
        fixed_port("local", Backend(provider="openai", launch=["llama-server"]))


@pytest.mark.parametrize("base", ["https://llm.example.org/v1", "localhost:8080"])
def test_an_address_that_is_not_of_this_machine_is_refused(base: str) -> None:
    with pytest.raises(StartError, match="api_base"):
        fixed_port("local", Backend(provider="openai", launch=LLAMA, api_base=base))
