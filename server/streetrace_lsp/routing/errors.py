"""Why no target serves a task."""

from __future__ import annotations

from streetrace_lsp.config.grants import Grant
from streetrace_lsp.errors import StreetraceError

from .origins import Origin


class RoutingError(StreetraceError):
    """No target can be asked; the message names the backend, the next step what to do."""


class GrantNeededError(RoutingError):
    """A target needs grants that a person has not made."""

    is_failure = False

    def __init__(self, message: str, next_step: str, grants: tuple[Grant, ...]) -> None:
        super().__init__(message, next_step)
        self.grants = grants


class NoKeyError(RoutingError):
    """A target's key is not set; ``variable`` is where it would be looked for."""

    def __init__(self, message: str, next_step: str, variable: str) -> None:
        super().__init__(message, next_step)
        self.variable = variable


class UntrustedError(RoutingError):
    """The model that would serve is named by a project file that is not trusted."""

    is_failure = False


class NotConfiguredError(RoutingError):
    """Nothing says which model to ask.

    Ask Ollama at ``ollama_base`` for its models and go on with
    `streetrace_lsp.routing.unconfigured.choose_without_configuration`. None: there is no
    address on this machine to ask.
    """

    def __init__(
        self, message: str, next_step: str, ollama_base: str | None, origin: Origin | None
    ) -> None:
        super().__init__(message, next_step)
        self.ollama_base = ollama_base
        self.ollama_origin = origin
