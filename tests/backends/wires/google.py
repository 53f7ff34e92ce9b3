"""Vertex AI: a service account's key or gcloud's login, made into a token first."""

from __future__ import annotations

import functools
import json

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from backends.wires.row import Row
from backends.wires.vendors import ANTHROPIC_BODY, GEMINI_BODY

_SYSTEM = "Vertex AI"
_AT = {"VERTEXAI_API_BASE": "{server}"}
TOKENS = "https://oauth2.googleapis.com/token"
_TOKEN = {"authorization": "Bearer ya29.token"}
_GCLOUD = ".config/gcloud/application_default_credentials.json"


@functools.cache
def private_key() -> str:
    """A key of nobody's."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return made.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def service_account() -> str:
    """The JSON key of a service account, as Google's console makes it."""
    key = {
        "type": "service_account",
        "project_id": "project-of-the-key",
        "private_key_id": "1f2e",
        "private_key": private_key(),
        "client_email": "editor@project-of-the-key.iam.gserviceaccount.com",
        "token_uri": TOKENS,
    }
    return json.dumps(key)


def login() -> str:
    """What `gcloud auth application-default login` writes."""
    found = {
        "type": "authorized_user",
        "client_id": "id.apps.googleusercontent.com",
        "client_secret": "client-secret",
        "refresh_token": "refresh-canary",
        "quota_project_id": "project-of-the-login",
        "token_uri": TOKENS,
    }
    return json.dumps(found)


def _path(project: str, region: str, model: str, publisher: str = "google") -> str:
    act = "streamGenerateContent?alt=sse" if publisher == "google" else "streamRawPredict"
    return f"/v1/projects/{project}/locations/{region}/publishers/{publisher}/models/{model}:{act}"


GOOGLE = (
    Row(
        name="vertex-service-account",
        system=_SYSTEM,
        recipe="""\
model = "vertex_ai/gemini-2.5-pro"
""",
        environment={
            "VERTEXAI_PROJECT": "my-project",
            "VERTEXAI_LOCATION": "europe-west1",
            "GOOGLE_APPLICATION_CREDENTIALS": "~/vertex-key.json",
        },
        target="vertex_ai/gemini-2.5-pro",
        origin="https://europe-west1-aiplatform.googleapis.com",
        path=_path("my-project", "europe-west1", "gemini-2.5-pro"),
        headers=_TOKEN,
        body=GEMINI_BODY,
        at_test_server=_AT,
        files={"vertex-key.json": service_account()},
    ),
    Row(
        name="vertex-in-the-file",
        system=_SYSTEM,
        recipe="""\
model = "vertex/edit"

[backends.vertex]
provider = "vertex_ai"
project = "other-project"
region = "us-east5"
credentials_file = "~/keys/vertex.json"
models = { edit = "gemini-2.5-flash" }
""",
        # What the file says comes first.
        environment={"GOOGLE_CLOUD_PROJECT": "my-project", "VERTEXAI_LOCATION": "europe-west1"},
        target="vertex/edit",
        origin="https://us-east5-aiplatform.googleapis.com",
        path=_path("other-project", "us-east5", "gemini-2.5-flash"),
        headers=_TOKEN,
        body=GEMINI_BODY,
        at_test_server=_AT,
        files={"keys/vertex.json": service_account()},
    ),
    Row(
        name="vertex-gcloud-login",
        system=_SYSTEM,
        recipe="""\
model = "vertex_ai/gemini-2.5-pro"
""",
        environment={},
        target="vertex_ai/gemini-2.5-pro",
        origin="https://us-central1-aiplatform.googleapis.com",
        path=_path("project-of-the-login", "us-central1", "gemini-2.5-pro"),
        headers=_TOKEN,
        body=GEMINI_BODY,
        at_test_server=_AT,
        files={_GCLOUD: login()},
    ),
    *(
        Row(
            name=f"vertex-{where}",
            system=_SYSTEM,
            recipe=f"""\
model = "vertex/edit"

[backends.vertex]
provider = "vertex_ai"
region = "{where}"
models = {{ edit = "gemini-2.5-pro" }}
""",
            environment={"GOOGLE_CLOUD_PROJECT": "my-project"},
            target="vertex/edit",
            origin=origin,
            path=_path("my-project", where, "gemini-2.5-pro"),
            headers=_TOKEN,
            body=GEMINI_BODY,
            at_test_server=_AT,
            files={_GCLOUD: login()},
        )
        for where, origin in (
            ("global", "https://aiplatform.googleapis.com"),
            ("eu", "https://aiplatform.eu.rep.googleapis.com"),
        )
    ),
    Row(
        name="vertex-claude",
        system=_SYSTEM,
        recipe="""\
model = "vertex_ai/claude-sonnet-4-5@20250929"
""",
        environment={
            "VERTEXAI_PROJECT": "my-project",
            "VERTEXAI_LOCATION": "us-east5",
            "GOOGLE_APPLICATION_CREDENTIALS": "~/vertex-key.json",
        },
        target="vertex_ai/claude-sonnet-4-5@20250929",
        origin="https://us-east5-aiplatform.googleapis.com",
        path=_path("my-project", "us-east5", "claude-sonnet-4-5@20250929", "anthropic"),
        headers=_TOKEN,
        body={
            **{name: value for name, value in ANTHROPIC_BODY.items() if name != "model"},
            "anthropic_version": "vertex-2023-10-16",
        },
        # Elsewhere LiteLLM adds alt=sse to it.
        fixed=True,
        files={"vertex-key.json": service_account()},
    ),
)
