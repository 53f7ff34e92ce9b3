"""What the rest of the program sees of configuration: one frozen value per moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from streetrace_lsp.errors import StreetraceError

from .grants import Grant
from .limiting import Source
from .merge import Overrides
from .problems import Problem
from .variables import Variables

if TYPE_CHECKING:
    from .model import Settings
    from .question import Question

ProjectStatus = Literal["trusted", "restricted", "denied", "none_needed"]


class ConfigurationError(StreetraceError):
    """A configuration that nothing can be done with until somebody corrects it."""


@dataclass(frozen=True)
class Project:
    """A project file, and how far it is trusted.

    ``question`` is what to ask at the next action: about trust while it is restricted, about
    missing grants while it is trusted, None when there is nothing to ask. ``backends`` names
    what the file declares, also while none of it is used.
    """

    path: Path
    root: Path
    status: ProjectStatus
    question: Question | None = None
    backends: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Configuration:
    """The settings in effect for one document.

    ``settings``: after trust; a project's values are in it only as far as it is trusted.
    ``sources``: where each value that was set comes from, by dotted key (``model``,
    ``backends.NAME``, ``defaults.max_tokens`` …). ``fault``: why nothing may be asked at all,
    an error to raise at an action. ``user_path``: the user's own file, whether it exists or not.
    ``restricted``: the editor trusts nothing in this workspace.
    """

    settings: Settings
    problems: tuple[Problem, ...] = ()
    project: Project | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)
    variables: Variables = field(default_factory=lambda: Variables({}))
    grants: frozenset[Grant] = frozenset()
    overrides: Overrides = field(default_factory=Overrides)
    offers: Mapping[str, str | None] = field(default_factory=dict)
    user_path: Path = field(default_factory=Path)
    fault: StreetraceError | None = None
    written: Settings | None = None
    restricted: bool = False

    @property
    def chosen_model(self) -> bool:
        """Whether a person chose the model for everything, by a switch or STREETRACE_MODEL: it
        goes before the targets of tasks and actions."""
        return self.sources.get("model") in {"switch", "environment"}

    def from_project(self, key: str) -> bool:
        """Whether the value of a dotted key comes from the project's file."""
        return self.sources.get(key) == "project"
