"""Without a person to ask, what is not trusted is not used: the shell fails closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.requests.display import escape_controls

if TYPE_CHECKING:
    from streetrace_lsp.config.load import Configuration


class NotTrustedError(StreetraceError):
    """The project's file is not trusted; nothing was done."""


def require_trust(configuration: Configuration) -> None:
    """Raise `NotTrustedError` unless the project's file is trusted, or asks for nothing.

    A trusted file may use an address that nobody allowed yet: that is refused where it is
    needed, and stops no request to another one. A configuration with a fault raises that.
    """
    if configuration.fault is not None:
        raise configuration.fault
    project = configuration.project
    if project is None:
        return
    shown = escape_controls(str(project.path))
    if project.status == "denied":
        raise NotTrustedError(
            f"{shown} was denied before.", f"Run: streetrace-lsp trust --revoke {shown}"
        )
    if project.status == "restricted":
        command = project.question.command if project.question else f"streetrace-lsp trust {shown}"
        raise NotTrustedError(f"{shown} is not trusted yet.", f"Look at it, then run: {command}")
