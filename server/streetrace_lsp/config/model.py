"""The types of a configuration file: its validation, JSON Schema and reference page in one.

Imports pydantic: import this module only where a configuration is read.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import ConfigDict, Field, PrivateAttr, field_validator

from .backend import Backend, Deployment
from .limits import (
    Budget,
    Cache,
    Context,
    HostLimits,
    ModelSelector,
    Network,
    Price,
    Weights,
)
from .requires import PATTERN, parse_requirement
from .table import (
    NAME_PATTERN,
    Chain,
    EditFormat,
    Name,
    Seconds,
    Table,
    Temperature,
    Text,
    Tokens,
)

__all__ = [
    "ANSWERING_TASKS",
    "CHAT_TASK",
    "NAME_PATTERN",
    "TASKS",
    "Action",
    "Backend",
    "Budget",
    "Cache",
    "Context",
    "Defaults",
    "Deployment",
    "HostLimits",
    "ModelSelector",
    "Network",
    "Price",
    "Settings",
    "Weights",
]

ReviewMode = Literal["review", "preview", "direct"]

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
    "commit",
)
ANSWERING_TASKS: Final = frozenset({"explain", "write-tests", "ask", "commit"})
# The task of a conversation: it can have a model of its own, and is no action on a selection.
CHAT_TASK: Final = "chat"


class Defaults(Table):
    """`[defaults]`: what holds for every backend that says nothing else."""

    temperature: Temperature | None = Field(
        default=None,
        description="How freely the model chooses its words: near 0 it answers the same question "
        "much the same way. Not set: as the provider has it.",
        examples=[0.2],
    )
    max_tokens: Tokens | None = Field(
        default=None,
        description="The longest answer, in tokens; what is longer is cut off, and a cut edit is "
        "not applied. A project can only lower what the user set.",
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
    embedding_backend: Name | None = Field(
        default=None,
        description="The backend whose `embedding_model` turns text into vectors. Nothing searches "
        "with them yet; `streetrace-lsp doctor` tries it.",
        examples=["local"],
    )


class Action(Table):
    """`[actions.NAME]`: an action of one's own, or a built-in one with other words or model."""

    model_config = ConfigDict(json_schema_extra={"not": {"required": ["prompt", "prompt_file"]}})

    title: Text | None = Field(
        default=None,
        description="What the editor calls the action. Not set: NAME, as words.",
        examples=["Review for security"],
    )
    prompt: Text | None = Field(
        default=None,
        description="The instruction to the model. It, or `prompt_file`, is needed unless NAME is "
        "a built-in action. `{selection}`, `{language}`, `{file}` (its path), `{diagnostics}` and "
        "`{instruction}` stand for what they say: see `docs/actions.md`.",
        examples=["Look for injection, missing checks and leaks. List what you find."],
    )
    prompt_file: Text | None = Field(
        default=None,
        description="A text file with the prompt, `.md` or `.txt`, UTF-8, at most 32 KiB: its path "
        "from the folder of this file, and in that folder or below. Its text is part of what you "
        "trust.",
        examples=["prompts/review.md"],
        json_schema_extra={"pattern": r"\.([mM][dD]|[tT][xX][tT])$"},
    )
    kind: Literal["edit", "answer"] | None = Field(
        default=None,
        description="Whether the reply is an `edit` of the selected code (when not set) or an "
        "`answer` to read. Where it is not set, a built-in action keeps its own.",
        examples=["answer"],
    )
    languages: list[Text] | None = Field(
        default=None,
        description="The LSP language identifiers in which the action is offered; all when absent.",
        examples=[["python"]],
    )
    model: Text | None = Field(
        default=None,
        description="The target that does this action; it goes before `[tasks]` and `model`.",
        examples=["claude/chat"],
    )
    fallbacks: Chain | None = Field(
        default=None,
        description="The targets to try for this action when its model fails.",
        examples=[["local/edit"]],
    )
    edit_format: EditFormat | None = Field(
        default=None,
        description="As in `[defaults]`, for this action.",
        examples=["search-replace"],
    )
    context: Literal["file", "symbol", "selection"] | None = Field(
        default=None,
        description="What goes along with the selected code: the `file` around it, as far as it "
        "fits (when not set), the `symbol` around it, a function or class, or nothing but the "
        "`selection`.",
        examples=["symbol"],
    )
    output: Literal["document", "message"] | None = Field(
        default=None,
        description="Where the editor shows an answer: in a `document` (when not set), or as a "
        "`message`, for answers of a line or two. In a shell it is printed either way.",
        examples=["message"],
    )
    _prompt_fault: str = PrivateAttr(default="")

    @property
    def prompt_fault(self) -> str:
        """Why there is no prompt although `prompt_file` is set, and what to do; or empty."""
        return self._prompt_fault

    def with_prompt(self, text: str, fault: str = "") -> Action:
        """The action with the text of its prompt file, or with why there is none."""
        action = self.model_copy(update={"prompt": text or None})
        action._prompt_fault = fault
        return action


class Settings(Table):
    """A configuration file, `.streetrace.toml` or the user's `config.toml`."""

    model: Text | None = Field(
        default=None,
        description="The target that answers when nothing more special is said: "
        "`BACKEND/ROLE`, `BACKEND/MODEL`, `BACKEND`, `PROVIDER/MODEL` or a well-known model name.",
        examples=["claude/edit"],
    )
    fallbacks: Chain | None = Field(
        default=None,
        description="The targets to try, in this order, when the chosen one can't be reached, is "
        "limiting requests or fails before its answer begins.",
        examples=[["gpt/edit", "local/edit"]],
    )
    enabled: bool = Field(
        default=True,
        description="`false` turns Streetrace off here: no action is offered, and nothing is "
        "asked.",
        examples=[False],
    )
    local_only: bool = Field(
        default=False,
        description="`true` refuses every target that is not on this machine, "
        "whatever else says otherwise.",
        examples=[True],
    )
    confirm: bool = Field(
        default=False,
        description="`true` keeps every edit until you apply it; `run --write` prints it instead.",
        examples=[True],
    )
    review: ReviewMode | None = Field(
        default=None,
        description="What becomes of an edit: `review` (when not set) applies it, and you keep or "
        "undo each of its changes; `preview` applies nothing until you accept it, as `confirm` "
        "does; `direct` applies it and asks nothing more. A project can only be more careful "
        "than you: `preview` before `review` before `direct`.",
        examples=["preview"],
    )
    requires: Text | None = Field(
        default=None,
        description="The versions of Streetrace that understand this file. Any other one says so, "
        "and asks nothing.",
        examples=[">=0.1,<2"],
        json_schema_extra={"pattern": PATTERN},
    )
    defaults: Defaults = Field(default_factory=Defaults)
    backends: dict[Name, Backend] = Field(default_factory=dict)
    pools: dict[Name, Chain] = Field(
        default_factory=dict,
        description="Targets that count as one, by a name to use like any target: the least busy "
        "one is asked, and one that fails is left alone for a while.",
        examples=[{"gpt-4": ["azure/us_east", "azure/eu_west"]}],
    )
    tasks: dict[Name, Text | Chain] = Field(
        default_factory=dict,
        description="Targets by task. A task is the name of a built-in action or of one of your "
        "own. A list is a target and the ones to try after it.",
        examples=[{"explain": "claude/chat", "fix": ["local/edit", "claude/edit"]}],
    )
    actions: dict[Name, Action] = Field(default_factory=dict)
    budget: Budget = Field(default_factory=Budget)
    prices: dict[Text, Price] = Field(default_factory=dict)
    cache: Cache = Field(default_factory=Cache)
    context: Context = Field(default_factory=Context)
    model_selector: ModelSelector = Field(default_factory=ModelSelector)
    network: Network = Field(default_factory=Network)
    model_host: HostLimits = Field(default_factory=HostLimits)

    @property
    def previews(self) -> bool:
        """Whether an edit waits until the person accepts it."""
        return self.confirm or self.review == "preview"

    @field_validator("requires")
    @classmethod
    def _requires_is_readable(cls, requires: str | None) -> str | None:
        if requires is not None:
            parse_requirement(requires)
        return requires
