"""`[backends.NAME]`: a provider with its address, key and models."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field, field_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from .body_fields import COMMON_REFUSED, refused_field
from .table import EditFormat, Name, Seconds, Table, Temperature, Text, Tokens

# Headers that belong to the connection, in any case.
_OWN_HEADERS: Final = ("host", "content-length", "transfer-encoding", "connection")
_ANY_CASE: Final = "|".join(
    "".join(f"[{c}{c.upper()}]" if c.isalpha() else c for c in name) for name in _OWN_HEADERS
)
# What the validators below say, as far as a JSON Schema can.
_HEADERS_SCHEMA: Final[JsonDict] = {
    "propertyNames": {
        "pattern": r"^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$",
        "not": {"pattern": f"^({_ANY_CASE})$"},
    },
    "additionalProperties": {"type": "string", "pattern": r"^[^\r\n\u0000]*$"},
}
_BODY_SCHEMA: Final[JsonDict] = {"propertyNames": {"not": {"enum": list(COMMON_REFUSED)}}}
_REPLAY_SCHEMA: Final[JsonDict] = {
    "if": {"properties": {"provider": {"const": "replay"}}, "required": ["provider"]},
    "then": {"required": ["recordings"]},
}


class Deployment(Table):
    """`[backends.NAME.deployments.ROLE]`: one deployment of a model in Azure."""

    deployment: Text = Field(
        description="The deployment's name in Azure, which is what is asked.",
        examples=["gpt-4o-east"],
    )
    model: Text | None = Field(
        default=None,
        description="The model behind it: decides the context window and the price.",
        examples=["gpt-4o"],
    )
    api_base: Text | None = Field(
        default=None,
        description="Its endpoint, when it is not the backend's.",
        examples=["https://us-east.openai.azure.com"],
    )
    api_key: str | None = Field(
        default=None,
        description="Its key, as `${VARIABLE}`, when it is not the backend's.",
        examples=["${AZURE_EAST_KEY}"],
    )
    api_version: Text | None = Field(
        default=None,
        description="Its version of the API, when it is not the backend's.",
        examples=["2024-10-21"],
    )


class Backend(Table):
    """`[backends.NAME]`: a provider with its address, key and models."""

    model_config = ConfigDict(json_schema_extra=_REPLAY_SCHEMA)

    provider: Text = Field(
        description="Who serves the models: `openai` (also for every OpenAI-compatible "
        "server), `anthropic`, `ollama`, `azure`, `litellm_proxy`, …, or `replay`.",
        examples=["anthropic"],
    )
    api_base: Text | None = Field(
        default=None,
        description="The address of the server, when it is not the provider's own. "
        "In a project file its use needs a grant.",
        examples=["http://localhost:8080/v1"],
    )
    api_key: str | None = Field(
        default=None,
        description="The key, as `${VARIABLE}`. In a project file a literal key is an error, "
        "and a variable that is not the provider's own needs a grant. In the user's file a "
        "literal key is used only when nobody else can read the file.",
        examples=["${TEAM_LLM_KEY}"],
    )
    models: dict[Name, Text] = Field(
        default_factory=dict,
        description="Models by role. `NAME/ROLE` is a target; the names of roles are free. "
        "A task finds its role by its own name, then by `edit` (tasks that edit) or `chat` "
        "(tasks that answer).",
        examples=[{"edit": "claude-sonnet-4-5", "chat": "claude-haiku-4-5"}],
    )
    model: Text | None = Field(
        default=None,
        description="The model for every role not listed.",
        examples=["claude-sonnet-4-5"],
    )
    headers: dict[Text, str] = Field(
        default_factory=dict,
        description="Further request headers, for gateways. In a project file they need a grant.",
        examples=[{"X-Team": "compilers"}],
        json_schema_extra=_HEADERS_SCHEMA,
    )
    extra_body: dict[str, Any] = Field(
        default_factory=dict,
        description="Further fields of the request body, as the server documents them. "
        "What decides who is asked, and how long or how many its answers are, can't be set: "
        "`max_tokens` stands in the backend itself.",
        examples=[{"top_k": 20}],
        json_schema_extra=_BODY_SCHEMA,
    )
    temperature: Temperature | None = Field(
        default=None, description="As in `[defaults]`, for this backend.", examples=[0.1]
    )
    max_tokens: Tokens | None = Field(
        default=None, description="As in `[defaults]`, for this backend.", examples=[8192]
    )
    num_ctx: Annotated[int, Field(ge=256, le=10_000_000)] | None = Field(
        default=None,
        description="Ollama: the context window to load the model with, in tokens. Not set: as "
        "large as a request needs, as far as the model and the memory allow.",
        examples=[16384],
    )
    keep_alive: Text | float | int | None = Field(
        default=None,
        description="Ollama: how long the model stays loaded, as text like `10m` or in seconds.",
        examples=["10m"],
    )
    think: bool | Literal["low", "medium", "high"] | None = Field(
        default=None,
        description="Ollama: whether (and how much) the model thinks first. Not set: as the model "
        "has it.",
        examples=[False],
    )
    recordings: Text | None = Field(
        default=None,
        description="Replay: the folder of recorded exchanges that answer instead of a model, "
        "relative to this file. In a "
        "project file it lies inside the workspace.",
        examples=["recordings"],
    )
    edit_format: EditFormat | None = Field(
        default=None, description="As in `[defaults]`, for this backend.", examples=["selection"]
    )

    endpoints: list[Text] | dict[Name, list[Text]] = Field(
        default_factory=list,
        description="Several servers that serve the same models, instead of `api_base`: the "
        "least busy one is asked, and one that fails is left alone for a while. As a table: by "
        "role; `api_base`, or else all of them, then serves the other roles. In a project file "
        "each of them needs a grant.",
        examples=[["http://localhost:11434", "http://server2:11434"]],
    )
    deployments: dict[Name, Deployment] = Field(
        default_factory=dict,
        description="Azure: deployments by role, each with an address of its own if need be.",
        examples=[{"edit": {"deployment": "gpt-4o-east", "model": "gpt-4o"}}],
    )
    organization: Text | None = Field(
        default=None,
        description="OpenAI: the organization that pays, as the header OpenAI-Organization.",
        examples=["org-example"],
    )
    api_version: Text | None = Field(
        default=None, description="Azure: the version of its API.", examples=["2024-10-21"]
    )
    region: Text | None = Field(
        default=None,
        description="Bedrock and Vertex AI: the region. When absent, from its variables.",
        examples=["us-east-1"],
    )
    project: Text | None = Field(
        default=None,
        description="Vertex AI: the Google Cloud project. When absent, from its variables.",
        examples=["my-gcp-project"],
    )
    profile: Text | None = Field(
        default=None,
        description="Bedrock: the profile of your AWS files. When absent, from its variables. "
        "Your own file only.",
        examples=["work"],
    )
    credentials_file: Text | None = Field(
        default=None,
        description="Vertex AI: the file with a service account's key or a login. When absent, "
        "GOOGLE_APPLICATION_CREDENTIALS or the login of gcloud. "
        "Your own file only.",
        examples=["~/vertex-key.json"],
    )
    context_windows: dict[Text, Tokens] = Field(
        default_factory=dict,
        description="Context windows by model, in tokens, where they are not known or smaller. "
        "A prompt is trimmed to fit (see `[context]`).",
        examples=[{"llama3": 8192}],
    )
    embedding_model: Text | None = Field(
        default=None,
        description="The model that turns text into vectors, for `embedding_backend` under "
        "`[defaults]`.",
        examples=["text-embedding-3-small"],
    )
    launch: list[Text] | None = Field(
        default=None,
        description="A local server to start when it is first needed, as a program and its "
        "arguments. `{port}`, `{model_path}`, `{tokenizer_path}` and `{gpu_memory_utilization}` "
        "are filled in. It ends with the session. Your own file only.",
        examples=[["llama-server", "-m", "{model_path}", "--port", "{port}"]],
    )
    launch_timeout: Seconds | None = Field(
        default=None,
        description="Seconds until a started server must be ready (300 when not set).",
        examples=[120],
    )
    model_path: Text | None = Field(
        default=None,
        description="`launch`: what `{model_path}` becomes: the model's file or folder, as an "
        "absolute path.",
        examples=["/home/me/models/qwen2.5-coder.gguf"],
    )
    tokenizer_path: Text | None = Field(
        default=None,
        description="`launch`: what `{tokenizer_path}` becomes: the tokenizer's folder, as an "
        "absolute path; the model's when absent.",
        examples=["/home/me/models/qwen2"],
    )
    gpu_memory_utilization: Annotated[float, Field(gt=0, le=1)] | None = Field(
        default=None,
        description="`launch`: what `{gpu_memory_utilization}` becomes, for vLLM the share of the "
        "graphics card's memory that it may take.",
        examples=[0.85],
    )

    @field_validator("headers")
    @classmethod
    def _headers_are_possible(cls, headers: dict[str, str]) -> dict[str, str]:
        for name, value in headers.items():
            if not all(c.isascii() and (c.isalnum() or c in "!#$%&'*+-.^_`|~") for c in name):
                raise ValueError(f"{name!r} is no name of a header")
            if name.lower() in _OWN_HEADERS:
                raise ValueError(f"the header {name} is set by the program")
            if any(character in value for character in "\r\n\0"):
                raise ValueError(f"the header {name} contains a line break")
        return headers

    @field_validator("extra_body")
    @classmethod
    def _body_keeps_to_extras(cls, body: dict[str, Any]) -> dict[str, Any]:
        found = refused_field(body)
        if found is not None:
            path, instead = found
            # Not a ValueError: whoever shows it needs the field's place and what does it instead.
            raise PydanticCustomError(
                "refused_field",
                "extra_body can't set {name}",
                {"name": path[-1], "path": path, "instead": instead},
            )
        return body
