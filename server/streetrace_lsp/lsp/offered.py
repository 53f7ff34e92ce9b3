"""A code action of ours, in the form that every client takes: with a command, never an edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer

PREFIX = "Streetrace: "
REWRITE = types.CodeActionKind.RefactorRewrite
QUICKFIX = types.CodeActionKind.QuickFix


def offer(
    server: StreetraceServer,
    title: str,
    kind: types.CodeActionKind,
    command: str,
    *,
    argument: dict[str, Any],
    diagnostics: list[types.Diagnostic] | None = None,
    asks_model: bool = True,
) -> types.CodeAction:
    """The code action that runs ``command`` with ``argument``; ``title`` is without our prefix."""
    tags = [types.CodeActionTag.LlmGenerated] if asks_model and server.profile.action_tags else None
    return types.CodeAction(
        title=PREFIX + title,
        kind=kind,
        diagnostics=diagnostics,
        command=types.Command(title=PREFIX + title, command=command, arguments=[argument]),
        tags=tags,
    )


def plain(area: types.Range) -> dict[str, Any]:
    """A range as it stands in JSON."""
    return {
        "start": {"line": area.start.line, "character": area.start.character},
        "end": {"line": area.end.line, "character": area.end.character},
    }
