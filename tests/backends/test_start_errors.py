"""Local servers that can't start: what they print is told as what to mend."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from backends.start_up_logs import LOGS, Log
from streetrace_lsp.config.model import Backend
from streetrace_lsp.routing.launch import LocalServers, StartError
from streetrace_lsp.routing.start_errors import explain_start

FAILING = Path(__file__).with_name("launched_server.py")


async def test_a_proxy_that_does_not_start_says_why_in_its_log(tmp_path: Path) -> None:
    broken = tmp_path / "config.yaml"
    broken.write_text("model_list: [\n  - nonsense: {", "utf-8")
    litellm = Path(sys.executable).with_name("litellm")
    backend = Backend(
        provider="litellm_proxy",
        launch=[str(litellm), "--config", str(broken), "--host", "127.0.0.1", "--port", "{port}"],
    )
    error = await not_started(backend)
    assert "config.yaml" in error.next_step
    assert "syntax" in error.next_step


async def not_started(backend: Backend) -> StartError:
    servers = LocalServers(log=lambda _: None)
    try:
        with pytest.raises(StartError) as failed:
            await servers.ensure("mine", backend, lambda _: None)
    finally:
        await servers.close()
    assert "mine" in failed.value.message
    return failed.value


@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.name)
async def test_a_server_that_fails_at_its_start_is_explained(log: Log, tmp_path: Path) -> None:
    for output in log.outputs:
        message, step = explain_start(output)
        for words in log.fix:
            assert words in f"{message} {step}", (output, message, step)
    # The same from a process that really ended with these words.
    backend = Backend(
        provider="hosted_vllm",
        launch=[
            *(sys.executable, str(FAILING), "--port", "{port}"),
            *("--fail", log.outputs[0]),
        ],
    )
    error = await not_started(backend)
    for words in log.fix:
        assert words in error.sentence


async def test_words_that_nobody_knows_are_quoted() -> None:
    assert explain_start("INFO fine\n\x1b[31mERROR 01-12 the flux is out\x1b[0m\nbye\n") == (
        "It said: ERROR 01-12 the flux is out",
        "Run the command of launch in a terminal to see all it says.",
    )
    assert "without a word" in explain_start("\n \n")[0]
    assert len(explain_start("error " + "x" * 9999)[0]) < 300
    assert explain_start("\x1b[1mError\x1b[0m")[0] == "It said: Error"
