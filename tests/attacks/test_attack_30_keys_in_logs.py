"""Attack 30: a server sends the key back in every form, and everything logs at its loudest."""

from __future__ import annotations

import base64
import json
import urllib.parse
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from attacks.terminal import Terminal
from backends.asking import QUESTION, Answer, answer
from backends.fault_server import FaultServer, Reply
from backends.proxy_server import ProxyServer
from configured_project import Workspace
from lsp.clients.vscode import VSCode
from lsp.machine import Launch, Machine
from lsp.sample import TEXT, fixing
from streetrace_lsp.config.providers import PROVIDERS
from streetrace_lsp.routing.chat_call import chat_call
from streetrace_lsp.routing.host import ModelHost
from streetrace_lsp.routing.targets import resolve

# Every character of a header that some spelling writes differently.
KEY = 'sk-canary/5e1b+d9=?&"'
LOGIN = 'me:pw-canary/77c0+a3=?&"'
LOUD = {
    "STREETRACE_LOG": "debug",
    "LITELLM_LOG": "DEBUG",
    "HTTPX_LOG_LEVEL": "trace",
    "OPENAI_LOG": "debug",
    "PYTHONASYNCIODEBUG": "1",
}
PREFIXES = [name for name, provider in PROVIDERS.items() if provider.adapter != "replay"]
MODELS = {"bedrock": "anthropic.claude-3-haiku-20240307-v1:0", "vertex_ai": "gemini-2.5-flash"}
NEEDED = {
    "AZURE_API_VERSION": "2024-10-21",
    "VERTEXAI_PROJECT": "demo",
    "AWS_REGION_NAME": "eu-west-1",
}


def forms(secret: str) -> dict[str, str]:
    """The spellings in which servers send a key back, by name."""
    raw = secret.encode()
    return {
        "plain": secret,
        "url-encoded": urllib.parse.quote(secret, safe=""),
        "form-encoded": urllib.parse.quote_plus(secret),
        "json": json.dumps(secret)[1:-1],
        "repr": repr(secret)[1:-1],
        "base64": base64.b64encode(raw).decode(),
        "base64url": base64.urlsafe_b64encode(raw).decode(),
        "core": "5e1b" if secret == KEY else "77c0",
    }


def echoing(secret: str) -> Reply:
    """A 401 that says the key in its body and its headers, in each form."""
    said = " ".join(f"{name}: {form}" for name, form in forms(secret).items() if name != "core")
    latin = urllib.parse.quote(secret, safe="")
    return Reply(
        status=401,
        message=f"Incorrect API key provided. {said}",
        headers={"WWW-Authenticate": f'Bearer realm="{latin}"', "X-Echo": latin},
    )


def seen(text: str, secret: str = KEY) -> list[str]:
    """The names of the forms that somebody can read in this text."""
    return [name for name, form in forms(secret).items() if form in text]


def said(found: Answer) -> str:
    error = found.error
    assert error is not None
    parts = [error.message, error.next_step, error.sentence, error.detail, repr(error), str(error)]
    return "\n".join([*parts, json.dumps(parts), json.dumps(parts, ensure_ascii=False)])


@pytest.fixture(scope="module")
def logged() -> list[str]:
    return []


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def host(logged: list[str]) -> AsyncIterator[ModelHost]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in LOUD.items():
            patch.setenv(name, value)
        running = ModelHost(log=logged.append)
        await running.prewarm("litellm")
    yield running
    await running.close()


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("prefix", PREFIXES)
async def test_no_provider_lets_the_key_through(
    prefix: str, host: ModelHost, logged: list[str], tmp_path: Path
) -> None:
    with FaultServer(echoing(KEY)) as server:
        workspace = Workspace(tmp_path, {**NEEDED, "MINE_KEY": KEY})
        workspace.user(
            f'model = "mine/{MODELS.get(prefix, "demo")}"\n[backends.mine]\n'
            f'provider = "{prefix}"\napi_base = "{server.base}"\napi_key = "${{MINE_KEY}}"\n'
        )
        call = chat_call(resolve(workspace.load(), "ask"), QUESTION)
        found = await answer(host.stream(call))
        assert found.error is not None
        assert server.requests, found.error.detail
        assert found.error.kind == "auth", found.error.sentence
    assert seen(said(found)) == []
    assert seen(repr(call)) == []
    assert seen("\n".join(logged)) == []


def user_configuration(base: str) -> str:
    return (
        f'model = "mine/demo"\n[backends.mine]\nprovider = "openai"\napi_base = "{base}"\n'
        'api_key = "${MINE_KEY}"\n'
    )


def written(machine: Machine) -> str:
    """What is in any file below the home folder, names included."""
    files = [path for path in machine.home.rglob("*") if path.is_file()]
    return "\n".join(f"{path} {path.read_bytes().decode('utf-8', 'replace')}" for path in files)


async def test_an_editor_and_the_log_never_see_it(
    launch: Launch, machine: Machine, faults: FaultServer
) -> None:
    machine.configure_user(user_configuration(faults.openai))
    faults.default = echoing(KEY)
    editor = await launch(VSCode, variables={**LOUD, "MINE_KEY": KEY})
    editor.notify("$/setTrace", {"value": "verbose"})
    document = editor.open(machine.write("app.py", TEXT))
    ending = await editor.finished(await fixing(editor, document))
    assert ending["state"] == "failed", ending
    assert "refused the key" in ending["message"]
    await editor.stop()
    assert faults.requests[0].headers["authorization"].startswith("Bearer ")
    messages = "\n".join([*editor.connection.log, *editor.connection.stderr])
    assert "refused the key" in messages
    assert seen(messages) == []
    assert seen(json.dumps(editor.window.logged, ensure_ascii=False)) == []
    assert seen(written(machine)) == []


async def test_an_editor_and_the_log_never_see_a_proxys_login(
    launch: Launch, machine: Machine
) -> None:
    with ProxyServer({}, login="other:login") as proxy:
        user, _, password = LOGIN.partition(":")
        machine.configure_user(
            user_configuration("https://llm.example.test/v1")
            + f'[network]\nproxy = "{proxy.url_with("${PROXY_LOGIN}")}"\n'
        )
        login = f"{user}:{urllib.parse.quote(password, safe='')}"
        variables = {**LOUD, "MINE_KEY": KEY, "PROXY_LOGIN": login}
        editor = await launch(VSCode, variables=variables)
        editor.notify("$/setTrace", {"value": "verbose"})
        document = editor.open(machine.write("app.py", TEXT))
        ending = await editor.finished(await fixing(editor, document))
        assert ending["state"] == "failed", ending
        assert "refused its user name or password (HTTP 407)" in ending["message"]
        await editor.stop()
        assert proxy.connections == 1
    messages = "\n".join([*editor.connection.log, *editor.connection.stderr])
    assert seen(messages, password) == []
    assert seen(messages, LOGIN) == []
    assert seen(written(machine), password) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "explain", "app.py:1"),
        ("run", "fix", "app.py:1", "--write"),
        ("doctor",),
        ("models",),
    ],
    ids=" ".join,
)
def test_the_command_line_never_shows_it(
    arguments: tuple[str, ...], terminal: Terminal, faults: FaultServer
) -> None:
    terminal.machine.configure_user(user_configuration(faults.openai))
    terminal.machine.write("app.py", TEXT)
    faults.default = echoing(KEY)
    done = terminal.run(*arguments, **LOUD, MINE_KEY=KEY)
    assert done.returncode in (0, 1), done.stderr
    assert seen(done.stdout + done.stderr) == []
    assert seen(written(terminal.machine)) == []
