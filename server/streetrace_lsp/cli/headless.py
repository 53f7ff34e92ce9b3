"""Without a person to ask, what is not trusted is not used: the shell fails closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.requests.display import escape_controls

if TYPE_CHECKING:
    from streetrace_lsp.config.load import Configuration


class NotTrustedError(StreetraceError):
    """The project's file is not trusted, or needs a grant; nothing was done."""


def require_trust(configuration: Configuration) -> None:
    """Raise `NotTrustedError` unless everything the project needs is agreed to."""
    if configuration.fault is not None:
        raise configuration.fault
    project = configuration.project
    if project is None:
        return
    shown = escape_controls(str(project.path))
    if project.question is not None:
        raise NotTrustedError(
            f"{shown} is not trusted, or uses an address that is not allowed yet.",
            f"Look at it, then run: {project.question.command}",
        )
    if project.status == "denied":
        raise NotTrustedError(
            f"{shown} was denied before.", f"Run: streetrace-lsp trust --revoke {shown}"
        )
