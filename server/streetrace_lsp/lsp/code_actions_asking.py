"""The code actions that ask a model: about what is selected, reported, or written in a comment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from streetrace_lsp.lsp.offered import QUICKFIX, REWRITE, offer, plain
from streetrace_lsp.prompts.actions import COMMIT, Action
from streetrace_lsp.prompts.instruction import instruction_in

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer

# What the built-in actions that need words are called on an instruction comment.
_ON_COMMENT = {"edit": "Do", "ask": "Answer"}


def for_diagnostics(
    server: StreetraceServer,
    document: Document,
    params: types.CodeActionParams,
    action: Action | None,
) -> Iterable[types.CodeAction]:
    """What mends what is reported in the range, one by one and all at once."""
    if action is None:
        return
    reported = [one for one in params.context.diagnostics if one.source != "streetrace"]
    if len(reported) > 1:
        yield _for_all(server, document, action, reported)
    for diagnostic in reported:
        first_line = (diagnostic.message.splitlines() or [""])[0]
        yield offer(
            server,
            f"Fix “{first_line if len(first_line) < 60 else first_line[:57] + '…'}”",
            QUICKFIX,
            "streetrace.action",
            argument={
                "uri": document.uri,
                "range": plain(diagnostic.range),
                "action": action.name,
                "diagnostic": diagnostic.message,
            },
            diagnostics=[diagnostic],
        )


def _for_all(
    server: StreetraceServer,
    document: Document,
    action: Action,
    reported: list[types.Diagnostic],
) -> types.CodeAction:
    """All that is reported, in one edit: from the first line of it to the last."""
    first = min(one.range.start.line for one in reported)
    last = max(one.range.end.line for one in reported)
    below = types.Position(min(last + 1, document.index.line_count - 1), 0)
    if last + 1 >= document.index.line_count:
        below = max((one.range.end for one in reported), key=lambda end: (end.line, end.character))
    area = types.Range(types.Position(first, 0), below)
    return offer(
        server,
        f"Fix all {len(reported)} problems",
        QUICKFIX,
        "streetrace.action",
        argument={
            "uri": document.uri,
            "range": plain(area),
            "action": action.name,
            "diagnostics": [_said(one) for one in reported],
        },
        diagnostics=reported,
    )


def _said(diagnostic: types.Diagnostic) -> str:
    return f"line {diagnostic.range.start.line + 1}: {diagnostic.message}"


def for_comment(
    server: StreetraceServer,
    document: Document,
    params: types.CodeActionParams,
    known: Mapping[str, Action],
) -> Iterable[types.CodeAction]:
    """What an instruction comment on the line asks for."""
    if not known or server.config_documents.holds(document.uri):
        return
    line = min(params.range.start.line, document.index.line_count - 1)
    words = instruction_in(document.index.line_text(line))
    if words is None:
        return
    area = params.range
    if area.start == area.end:
        # What the comment stands in or above; its own line where that is nothing.
        area = types.Range(types.Position(line, 0), types.Position(line, 0))
    shown = words if len(words) < 50 else words[:47] + "…"
    for action in known.values():
        if action.wants != "instruction" or not action.suits(document.language):
            continue
        label = _ON_COMMENT.get(action.name, f"{action.title}:")
        yield offer(
            server,
            f"{label} “{shown}”",
            REWRITE,
            "streetrace.action",
            argument={
                "uri": document.uri,
                "range": plain(area),
                "action": action.name,
                "instruction": words,
                **_reported(action, params),
            },
        )


def for_selection(
    server: StreetraceServer,
    document: Document,
    params: types.CodeActionParams,
    known: Mapping[str, Action],
) -> Iterable[types.CodeAction]:
    """The actions for what is selected, and a chat about it."""
    empty = params.range.start == params.range.end
    automatic = params.context.trigger_kind == types.CodeActionTriggerKind.Automatic
    if (empty and automatic) or not document.text.strip():
        return
    # A model's edits of configuration are refused, so none is offered there.
    configuration = server.config_documents.holds(document.uri)
    for action in known.values():
        if not _fits(server, action, document) or (configuration and action.output == "edit"):
            continue
        yield offer(
            server,
            action.title,
            REWRITE,
            "streetrace.action",
            argument={
                "uri": document.uri,
                "range": plain(params.range),
                "action": action.name,
                # The client asks for it.
                **({"instruction": ""} if action.wants == "instruction" else {}),
                **_reported(action, params),
            },
        )
    if known:
        argument = {"uri": document.uri, "range": plain(params.range)}
        command = "streetrace.chat.new"
        yield offer(
            server, "Chat about this", REWRITE, command, argument=argument, asks_model=False
        )


def _reported(action: Action, params: types.CodeActionParams) -> dict[str, Any]:
    """The diagnostics of the range, for an action whose prompt has a place for them."""
    if "diagnostics" not in action.placeholders:
        return {}
    return {
        "diagnostics": [
            _said(diagnostic)
            for diagnostic in params.context.diagnostics
            if diagnostic.source != "streetrace"
        ]
    }


def _fits(server: StreetraceServer, action: Action, document: Document) -> bool:
    if action.wants == "diagnostic" or action.name == COMMIT.name:
        return False
    # LSP has no free-text input: only a client that asks itself is offered these here.
    if action.wants == "instruction" and not server.profile.asks_for_input:
        return False
    return action.suits(document.language)
