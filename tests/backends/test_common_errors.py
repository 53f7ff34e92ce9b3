"""Every "Common errors" and "Troubleshooting" entry of the instructions that people come from.

Each is provoked for real, and the message that the user gets has that entry's fix in it. What
servers say that do not even start is in test_start_errors.py.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from backends.asking import OLLAMA, OPENAI, Answer, Wire, answer, ask, call, target
from backends.common_errors import ENTRIES, PROXY, STUDIO, VLLM, fixed, stated
from backends.fault_server import FaultServer, Reply
from backends.proxy import BEHIND, MODEL, Proxy, running_proxy
from streetrace_lsp.routing import call as calling
from streetrace_lsp.routing.host import ModelHost
from streetrace_lsp.routing.secret import Secret

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("name", ENTRIES)
async def test_the_message_has_the_fix_in_it(
    name: str, host: ModelHost, server: FaultServer
) -> None:
    entry = ENTRIES[name]
    server.script(entry.reply)
    found = await ask(host, entry.wire, server, **{"key_variable": "MY_KEY", **entry.changes})
    assert len(server.requests) == 1
    assert fixed(found, *entry.fix).kind == (entry.kind or fixed(found).kind)


# "Timeout": increase the timeout in the configuration; check network and firewall; `ollama ps`.
TIMEOUTS = [
    (OLLAMA, True, "timeout_first", "first_token_timeout", ("`ollama ps`",)),
    (OLLAMA, True, "timeout_idle", "idle_timeout", ("`ollama ps`",)),
    (OPENAI, False, "timeout_first", "first_token_timeout", ("network", "firewall")),
    (OPENAI, False, "timeout_idle", "idle_timeout", ("network", "firewall")),
    (OPENAI, False, "timeout_total", "timeout", ()),
    (VLLM, True, "timeout_first", "first_token_timeout", ("fits this machine",)),
]


@pytest.mark.parametrize(
    ("wire", "local", "option", "key", "fix"),
    TIMEOUTS,
    ids=lambda value: value.name if isinstance(value, Wire) else str(value),
)
async def test_a_timeout_names_the_setting_and_what_to_check(
    wire: Wire,
    local: bool,
    option: str,
    key: str,
    fix: tuple[str, ...],
    host: ModelHost,
    server: FaultServer,
) -> None:
    # The first call of a wire takes longer than the deadline here.
    await ask(host, wire, server)
    server.script(Reply(hold_after=0 if option == "timeout_first" else 2))
    asked = target(wire, server, local=local, **{option: 0.3})
    found = await answer(calling.reply(host, asked, [{"role": "user", "content": "x"}]))
    error = fixed(found, "Timeout", f"increase {key} under [defaults]", *fix)
    assert error.kind == option


@pytest.mark.parametrize(
    ("wire", "fix"),
    [
        (OLLAMA, ("`ollama serve`",)),
        (STUDIO, ("LM Studio's server",)),
        (VLLM, ("`vllm serve MODEL`",)),
        # "Check logs; verify config; ensure PostgreSQL is ready".
        (PROXY, ("`litellm --config config.yaml`", "log", "can't be read", "PostgreSQL")),
    ],
    ids=lambda value: value.name if isinstance(value, Wire) else "",
)
async def test_a_server_that_does_not_run_is_to_be_started(
    wire: Wire, fix: tuple[str, ...], host: ModelHost
) -> None:
    with FaultServer() as gone:
        asked = call(wire, gone, local=True)
    assert fixed(await answer(host.stream(asked)), *fix).kind == "connect"


def doctor(place: Path, text: str, **environment: str) -> str:
    """What `streetrace-lsp doctor` prints for a user with this file and these variables."""
    (place / "config.toml").write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-m", "streetrace_lsp", "doctor", str(place)],
        env={
            **os.environ,
            "STREETRACE_CONFIG_DIR": str(place),
            "STREETRACE_STATE_DIR": str(place / "state"),
            **environment,
        },
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stderr.decode()
    return done.stdout.decode()


@pytest.mark.parametrize(
    ("target", "environment", "fix"),
    [
        ("openai/gpt-4o", {}, ("no key", "export OPENAI_API_KEY=")),
        ("anthropic/claude-haiku-4-5", {}, ("no key", "export ANTHROPIC_API_KEY=")),
        # "Check spelling: OPENAI_API_KEY not OPENAI_KEY".
        ("openai/gpt-4o", {"OPENAI_KEY": "x"}, ("OPENAI_KEY is set", "OPENAI_API_KEY")),
        ("groq/gpt-oss", {"GROQ_KEY": "x"}, ("GROQ_KEY is set", "GROQ_API_KEY")),
        ("azure/d", {"AZURE_API_BASE": "https://a.openai.azure.com"}, ("AZURE_API_KEY",)),
    ],
    ids=["openai", "anthropic", "OPENAI_KEY", "GROQ_KEY", "azure"],
)
async def test_no_key_names_the_variable(
    target: str, environment: dict[str, str], fix: tuple[str, ...], tmp_path: Path
) -> None:
    printed = doctor(tmp_path, f'model = "{target}"\n', **environment)
    for words in fix:
        assert words in printed


@pytest.fixture(scope="module")
def upstream() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory, upstream: FaultServer) -> Iterator[Proxy]:
    with running_proxy(tmp_path_factory.mktemp("proxy"), upstream.openai) as running:
        yield running


async def through(host: ModelHost, proxy: Proxy, model: str, key: str = "") -> Answer:
    with FaultServer() as unused:
        asked = call(
            PROXY,
            unused,
            model=model,
            api_base=proxy.base,
            origins=(("127.0.0.1", proxy.port),),
            key=Secret(key or proxy.key),
            key_variable="LITELLM_PROXY_API_KEY",
        )
    return await answer(host.stream(asked))


async def test_a_model_that_the_proxy_does_not_know_is_looked_up_in_its_list(
    host: ModelHost, proxy: Proxy
) -> None:
    found = await through(host, proxy, "no-such-model")
    fix = ("/model/info", "`streetrace-lsp models`", "config.yaml", "syntax")
    assert fixed(found, *fix).kind == "not_found"


async def test_a_key_that_the_proxy_refuses_is_told_from_the_providers(
    host: ModelHost, proxy: Proxy, upstream: FaultServer
) -> None:
    own = fixed(await through(host, proxy, MODEL, "sk-wrong"), "key")
    assert own.kind == "auth"
    assert "proxy's environment" not in own.sentence
    upstream.script(stated(401, "Incorrect API key provided."))
    behind = await through(host, proxy, BEHIND)
    assert fixed(behind, "proxy's environment", "API keys").kind == "auth"
