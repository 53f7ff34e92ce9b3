"""The types of a configuration file: its validation, JSON Schema and reference page in one.

Imports pydantic: import this module only where a configuration is read.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

EditFormat = Literal["auto", "search-replace", "selection"]
NAME_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$"
# Short enough that a name never pushes an address out of sight in a question.
Name = Annotated[str, Field(pattern=NAME_PATTERN, max_length=64)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]
Temperature = Annotated[float, Field(ge=0, le=2)]
Tokens = Annotated[int, Field(ge=1, le=10_000_000)]
Text = Annotated[str, Field(min_length=1)]

# What `extra_body` may not set: these decide what is asked of whom, and how it is read.
RESERVED_FIELDS: Final = frozenset({"model", "messages", "stream"})
# The tasks that are built in; the names of [actions.NAME] are tasks as well.
TASKS: Final = (
    "explain",
    "fix",
    "fix-diagnostic",
    "refactor",
    "simplify",
    "document",
    "add-types",
    "write-tests",
    "ask",
    "edit",
)
ANSWERING_TASKS: Final = frozenset({"explain", "write-tests", "ask"})


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, protected_namespaces=())


class Defaults(_Table):
    """`[defaults]`: what holds for every backend that says nothing else."""

    temperature: Temperature | None = Field(
        default=None, description="How freely the model chooses its words.", examples=[0.2]
    )
    max_tokens: Tokens | None = Field(
        default=None,
        description="The longest answer, in tokens. A project can only lower what the user set.",
        examples=[4096],
    )
    timeout: Seconds | None = Field(
        default=None,
        description="Seconds until a whole answer must be there (600 when not set). "
        "A project can only lower what the user set.",
        examples=[300],
    )
    first_token_timeout: Seconds | None = Field(
        default=None,
        description="Seconds until an answer must begin (when not set: 30, and 300 for a "
        "server on this machine, which may have to load a model first).",
        examples=[60],
    )
    idle_timeout: Seconds | None = Field(
        default=None,
        description="Seconds that may pass between two pieces of an answer (60 when not set).",
        examples=[30],
    )
    edit_format: EditFormat | None = Field(
        default=None,
        description="How a model writes its edits: `search-replace` blocks, the whole "
        "`selection`, or `auto`, which chooses by the size of the selection.",
        examples=["search-replace"],
    )
    repair: bool | None = Field(
        default=None,
        description="Whether an edit that can't be placed with certainty goes back to the model "
        "once, with the reasons (`true` when not set). It costs a second request.",
        examples=[False],
    )


class Backend(_Table):
    """`[backends.NAME]`: a provider with its address, key and models."""

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
    )
    extra_body: dict[str, Any] = Field(
        default_factory=dict,
        description="Further fields of the request body, as the server documents them. "
        "`model`, `messages` and `stream` can't be set.",
        examples=[{"top_k": 20}],
    )
    temperature: Temperature | None = Field(
        default=None, description="As in `[defaults]`, for this backend.", examples=[0.1]
    )
    max_tokens: Tokens | None = Field(
        default=None, description="As in `[defaults]`, for this backend.", examples=[8192]
    )
    num_ctx: Annotated[int, Field(ge=256, le=10_000_000)] | None = Field(
        default=None, description="Ollama: the context window, in tokens.", examples=[16384]
    )
    keep_alive: Text | float | int | None = Field(
        default=None,
        description="Ollama: how long the model stays loaded, as text like `10m` or in seconds.",
        examples=["10m"],
    )
    think: bool | Literal["low", "medium", "high"] | None = Field(
        default=None,
        description="Ollama: whether (and how much) the model thinks first.",
        examples=[False],
    )
    recordings: Text | None = Field(
        default=None,
        description="Replay: the folder of recorded exchanges, relative to this file. In a "
        "project file it lies inside the workspace.",
        examples=["recordings"],
    )
    edit_format: EditFormat | None = Field(
        default=None, description="As in `[defaults]`, for this backend.", examples=["selection"]
    )

    @field_validator("headers")
    @classmethod
    def _headers_are_possible(cls, headers: dict[str, str]) -> dict[str, str]:
        for name, value in headers.items():
            if not all(c.isascii() and (c.isalnum() or c in "!#$%&'*+-.^_`|~") for c in name):
                raise ValueError(f"{name!r} is no name of a header")
            if name.lower() in {"host", "content-length", "transfer-encoding", "connection"}:
                raise ValueError(f"the header {name} is set by the program")
            if any(character in value for character in "\r\n\0"):
                raise ValueError(f"the header {name} contains a line break")
        return headers

    @field_validator("extra_body")
    @classmethod
    def _body_keeps_to_extras(cls, body: dict[str, Any]) -> dict[str, Any]:
        for name in body:
            if name in RESERVED_FIELDS:
                raise ValueError(f"extra_body can't set {name}")
        return body


class Action(_Table):
    """`[actions.NAME]`: an action of one's own, or a built-in one with other words or model."""

    title: Text | None = Field(
        default=None, description="What the editor shows.", examples=["Review for security"]
    )
    prompt: Text | None = Field(
        default=None,
        description="The instruction to the model. Needed unless NAME is a built-in action.",
        examples=["Look for injection, missing checks and leaks. List what you find."],
    )
    kind: Literal["edit", "answer"] | None = Field(
        default=None,
        description="Whether the code is edited or a question answered.",
        examples=["answer"],
    )
    languages: list[Text] | None = Field(
        default=None,
        description="The LSP language identifiers in which the action is offered; all when absent.",
        examples=[["python"]],
    )
    model: Text | None = Field(
        default=None, description="The target for this action alone.", examples=["claude/chat"]
    )
    edit_format: EditFormat | None = Field(
        default=None,
        description="As in `[defaults]`, for this action.",
        examples=["search-replace"],
    )


class Settings(_Table):
    """A configuration file, `.streetrace.toml` or the user's `config.toml`."""

    model: Text | None = Field(
        default=None,
        description="The target that answers when nothing more special is said: "
        "`BACKEND/ROLE`, `BACKEND/MODEL`, `BACKEND`, `PROVIDER/MODEL` or a well-known model name.",
        examples=["claude/edit"],
    )
    enabled: bool = Field(
        default=True, description="`false` turns every action off here.", examples=[False]
    )
    local_only: bool = Field(
        default=False,
        description="`true` refuses every target that is not on this machine, "
        "whatever else says otherwise.",
        examples=[True],
    )
    confirm: bool = Field(
        default=False, description="`true` shows every edit before it is applied.", examples=[True]
    )
    requires: Text | None = Field(
        default=None,
        description="The versions of Streetrace that understand this file.",
        examples=[">=0.1,<2"],
    )
    defaults: Defaults = Field(default_factory=Defaults)
    backends: dict[Name, Backend] = Field(default_factory=dict)
    tasks: dict[Name, Text] = Field(
        default_factory=dict,
        description="Targets by task. A task is the name of a built-in action or of one of your "
        "own.",
        examples=[{"explain": "claude/chat", "fix": "local/edit"}],
    )
    actions: dict[Name, Action] = Field(default_factory=dict)

    @field_validator("requires")
    @classmethod
    def _requires_is_readable(cls, requires: str | None) -> str | None:
        from .requires import parse_requirement

        if requires is not None:
            parse_requirement(requires)
        return requires


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a configuration file."""
    schema = Settings.model_json_schema()
    _close(schema)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Streetrace LSP configuration",
    }


def _close(schema: Any) -> None:
    """A name that does not match a table's pattern is an error in the schema as well."""
    if isinstance(schema, dict):
        if "patternProperties" in schema:
            schema.setdefault("additionalProperties", False)
        for part in schema.values():
            _close(part)
    elif isinstance(schema, list):
        for part in schema:
            _close(part)
