"""The keys of one system each: Azure's, Amazon's, Google's, and servers that are started."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from backends.effects.base import AZURE, DEPLOYED
from backends.effects.by_hand import refusal
from backends.effects.row import Row
from backends.effects.scene import FIRST, SECOND, Came, asking, counts, header, path, said
from backends.wires.google import login

_EAST = "/openai/deployments/east/chat/completions?api-version=2024-10-21"
_BEDROCK = f"""
model = "one"
[backends.one]
provider = "bedrock"
api_base = "{FIRST}"
model = "converse/demo"
region = "us-east-1"
profile = "work"
"""
_PROFILES = {
    ".aws/credentials": "".join(
        f"[{name}]\naws_access_key_id = KEY{name}\naws_secret_access_key = s\n"
        for name in ("work", "home")
    )
}
_VERTEX = f"""
model = "one"
[backends.one]
provider = "vertex_ai"
api_base = "{FIRST}"
model = "gemini-2.5-flash"
region = "us-east5"
project = "mine"
credentials_file = "~/mine.json"
"""
_SERVER = str(Path(__file__).parents[1] / "launched_server.py")
_LAUNCH = [sys.executable, _SERVER, "--port", "{port}"]
_MODELS = {"a/model": "", "b/model": ""}
_LAUNCHED = '\nmodel = "one"\n[backends.one]\nprovider = "openai"\nmodel = "demo"\n'


def _logins(server: str) -> dict[str, str]:
    found = login().replace("https://oauth2.googleapis.com", server)
    return {
        "mine.json": found.replace("refresh-canary", "refresh-mine"),
        "other.json": found.replace("refresh-canary", "refresh-other"),
    }


def _launching(*words: str) -> str:
    told = ", ".join(f"'{word}'" for word in (*_LAUNCH, *words))
    return f"{_LAUNCHED}launch = [{told}]\n"


def _signed(which: int) -> Any:
    """One part of a signature's scope: 0 the key, 1 the day, 2 the region."""

    def pick(came: Came) -> str:
        scope = re.search(r"Credential=([^,]+)", came.request.headers["authorization"])
        assert scope is not None
        return scope[1].split("/")[which]

    return pick


def _project(came: Came) -> str:
    found = re.search(r"projects/([^/]+)/", came.request.path)
    assert found is not None
    return found[1]


def _refreshed(came: Came) -> list[str]:
    return [parse_qs(one.body.decode())["refresh_token"][0] for one in came.sign_ins]


AZURES = (
    Row(
        "backends.NAME.deployments",
        {"chat": {"deployment": "east"}},
        AZURE,
        asking(path),
        _EAST,
        _EAST.replace("east", "demo"),
    ),
    Row(
        "backends.NAME.api_version",
        "2025-01-01",
        AZURE,
        asking(path),
        _EAST.replace("east", "demo").replace("2024-10-21", "2025-01-01"),
        _EAST.replace("east", "demo"),
        instead="2024-10-21",
    ),
    Row(
        "backends.NAME.deployments.ROLE.deployment",
        "west",
        DEPLOYED,
        asking(path),
        _EAST.replace("east", "west"),
        _EAST,
        instead="east",
    ),
    # What it costs is told by the model behind it.
    Row(
        "backends.NAME.deployments.ROLE.model",
        "priced",
        f"{DEPLOYED}[prices.priced]\ninput = 2\noutput = 8\n",
        asking(lambda came: came.paid.cost),
        7 * 2_000 + 5 * 8_000,
        None,
    ),
    Row(
        "backends.NAME.deployments.ROLE.api_base",
        SECOND,
        DEPLOYED,
        asking(counts),
        (0, 1),
        (1, 0),
    ),
    Row(
        "backends.NAME.deployments.ROLE.api_key",
        "${EAST_KEY}",
        DEPLOYED,
        asking(header("api-key")),
        "of-east",
        "k",
        environ={"EAST_KEY": "of-east"},
    ),
    Row(
        "backends.NAME.deployments.ROLE.api_version",
        "2025-01-01",
        DEPLOYED,
        asking(path),
        _EAST.replace("2024-10-21", "2025-01-01"),
        _EAST,
    ),
)
CLOUDS = (
    Row(
        "backends.NAME.region",
        "eu-west-1",
        _BEDROCK,
        asking(_signed(2)),
        "eu-west-1",
        "us-west-2",
        files=_PROFILES,
    ),
    Row(
        "backends.NAME.profile",
        "work",
        _BEDROCK,
        asking(_signed(0)),
        "KEYwork",
        "KEYhome",
        environ={"AWS_PROFILE": "home"},
        files=_PROFILES,
    ),
    Row(
        "backends.NAME.project",
        "mine",
        _VERTEX,
        asking(_project),
        "mine",
        "of-the-shell",
        environ={"VERTEXAI_PROJECT": "of-the-shell"},
        files=_logins(FIRST),
    ),
    Row(
        "backends.NAME.credentials_file",
        "~/mine.json",
        _VERTEX,
        asking(_refreshed),
        ["refresh-mine"],
        ["refresh-other"],
        environ={"GOOGLE_APPLICATION_CREDENTIALS": "~/other.json"},
        files=_logins(FIRST),
    ),
)
LAUNCHED = (
    Row(
        "backends.NAME.launch",
        [*_LAUNCH, "--", "one"],
        _LAUNCHED,
        asking(said),
        "one",
        "other",
        instead=[*_LAUNCH, "--", "other"],
    ),
    Row(
        "backends.NAME.launch_timeout",
        0.5,
        _launching("--never-ready"),
        refusal(r"within (\S+) seconds"),
        "0.5",
        "1",
        instead=1,
    ),
    Row(
        "backends.NAME.model_path",
        "~HOME/a",
        _launching("--", "{model_path}"),
        asking(lambda came: Path(said(came)).name),
        "a",
        "b",
        instead="~HOME/b",
        files=_MODELS,
    ),
    Row(
        "backends.NAME.tokenizer_path",
        "~HOME/b",
        f"{_launching('--', '{tokenizer_path}')}model_path = '~HOME/a'\n",
        asking(lambda came: Path(said(came)).name),
        "b",
        "a",
        files=_MODELS,
    ),
    Row(
        "backends.NAME.gpu_memory_utilization",
        0.85,
        _launching("--", "{gpu_memory_utilization}"),
        asking(said),
        "0.85",
        "0.5",
        instead=0.5,
    ),
)
