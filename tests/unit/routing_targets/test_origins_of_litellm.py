"""The origins of the provider table are the hosts that LiteLLM really looks up."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from streetrace_lsp.routing.providers import PROVIDERS

# Looks no name up: each look-up is noted and refused.
PROGRAM = """
import asyncio, json, os, sys
os.environ.update(
    LITELLM_LOCAL_MODEL_COST_MAP="True",
    LITELLM_MODE="PRODUCTION",
    PYTHON_DOTENV_DISABLED="1",
)
import litellm
from streetrace_lsp.config.configuration import Configuration
from streetrace_lsp.config.model import Settings
from streetrace_lsp.config.variables import Variables
from streetrace_lsp.routing.providers import PROVIDERS
from streetrace_lsp.routing.targets import resolve

asked = []

def refuse(event, arguments):
    if event == "socket.getaddrinfo":
        host = arguments[0]
        asked.append(host.decode() if isinstance(host, bytes) else host)
        raise OSError("refused")

BASES = {
    "AZURE_API_BASE": "https://team.openai.azure.com",
    "AZURE_API_VERSION": "2024-02-01",
    "LITELLM_PROXY_API_BASE": "https://proxy.example",
    "AWS_REGION_NAME": "eu-west-1",
}

async def look_up(provider, model):
    keys = {name: "k" for name in provider.key_variables[:1]}
    configuration = Configuration(Settings(), variables=Variables({**keys, **BASES}))
    target = resolve(configuration, "fix", f"{provider.name}/{model}")
    asked.clear()
    try:
        answer = await litellm.acompletion(
            model=f"{target.provider}/{target.model}",
            messages=[{"role": "user", "content": "x"}],
            api_base=target.api_base,
            api_key=target.key.reveal() if target.key else "none",
            max_retries=0,
            stream=True,
            **target.options,
        )
        async for _ in answer:
            pass
    except Exception:
        pass
    return sorted(set(asked)), sorted({origin.host for origin in target.origins})

async def main():
    sys.addaudithook(refuse)
    found = {}
    for provider in PROVIDERS.values():
        model = "anthropic.claude-3-haiku-20240307-v1:0" if provider.name == "bedrock" else "m"
        # Vertex AI needs google-auth, which LiteLLM does not bring.
        if provider.adapter == "litellm" and provider.name != "vertex_ai":
            found[provider.name] = await look_up(provider, model)
    print("\\n" + json.dumps(found))

asyncio.run(main())
"""
# LiteLLM wants this model hub's tokenizers; the model host refuses the look-up.
NEVER_GRANTED = {"huggingface.co"}


@pytest.fixture(scope="module")
def looked_up(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[list[str], list[str]]]:
    folder: Path = tmp_path_factory.mktemp("empty")
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    found: dict[str, tuple[list[str], list[str]]] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize(
    "provider",
    sorted(
        name
        for name, provider in PROVIDERS.items()
        if provider.adapter == "litellm" and name != "vertex_ai"
    ),
)
def test_a_provider_is_looked_up_at_its_origin(
    looked_up: dict[str, tuple[list[str], list[str]]], provider: str
) -> None:
    hosts, origins = looked_up[provider]
    assert set(hosts) - NEVER_GRANTED
    assert set(hosts) - NEVER_GRANTED <= set(origins)
