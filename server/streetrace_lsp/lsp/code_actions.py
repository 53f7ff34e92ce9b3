"""``textDocument/codeAction``: what is offered where. Answered from memory alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from streetrace_lsp.lsp.init_command import init_actions
from streetrace_lsp.prompts.actions import COMMIT, COMMIT_LANGUAGES, Action
from streetrace_lsp.prompts.instruction import instruction_in

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer

PREFIX = "Streetrace: "
_REWRITE = types.CodeActionKind.RefactorRewrite
_QUICKFIX = types.CodeActionKind.QuickFix
# What the built-in actions that need words are called on an instruction comment.
_ON_COMMENT = {"edit": "Do", "ask": "Answer"}


def code_actions(
    server: StreetraceServer, params: types.CodeActionParams
) -> list[types.CodeAction | types.Command]:
    """The actions that make sense for the range, language and diagnostics.

    Each carries a command and never an edit, so nothing has to be resolved. Asked
    automatically with nothing selected, only what belongs to a diagnostic or to an
    instruction comment is offered: the light bulb stays honest.
    """
    document = server.mirror.get_document(params.text_document.uri)
    if document is None:
        return []
    if server.chats.holds(document.uri):
        return _in_chat(server, document, params)
    server.chats.looked_at(document, params)
    enabled = server.settings.enabled(document.uri)
    if enabled and document.language in COMMIT_LANGUAGES:
        return _for_commit(server, document, params)
    known = server.settings.actions(document.uri) if enabled else {}
    offered = [
        *_running(server, document),
        *init_actions(server, document, params),
        *_proposals(server, document),
        *_review(server, document, params),
        *_for_configuration(server, document, params),
        *_failed(server, document),
        *_for_diagnostics(server, document, params, known.get("fix-diagnostic")),
        *_for_comment(server, document, params, known),
        *_for_selection(server, document, params, known),
        *_waiting(server, document, params, known),
    ]
    return _as_wanted(server, offered, params)


def _as_wanted(
    server: StreetraceServer, offered: Iterable[types.CodeAction], params: types.CodeActionParams
) -> list[types.CodeAction | types.Command]:
    """What is of a kind that the client asked for, in the form that it takes."""
    only = params.context.only
    wanted = [action for action in offered if _kind_matches(action, only)]
    if server.profile.action_literals:
        return list(wanted)
    return [action.command for action in wanted if action.command is not None]


def _in_chat(
    server: StreetraceServer, document: Document, params: types.CodeActionParams
) -> list[types.CodeAction | types.Command]:
    from streetrace_lsp.lsp.chat_actions import chat_actions

    return _as_wanted(server, chat_actions(server, document, params), params)


def _for_commit(
    server: StreetraceServer, document: Document, params: types.CodeActionParams
) -> list[types.CodeAction | types.Command]:
    """A commit message is not code: what is staged can be described, and nothing else be done."""
    write = _action(
        server,
        "Write the commit message",
        _REWRITE,
        "streetrace.commit",
        argument={"uri": document.uri},
    )
    return _as_wanted(server, [*_running(server, document), write], params)


def _action(
    server: StreetraceServer,
    title: str,
    kind: types.CodeActionKind,
    command: str,
    *,
    argument: dict[str, Any],
    diagnostics: list[types.Diagnostic] | None = None,
    asks_model: bool = True,
) -> types.CodeAction:
    tags = [types.CodeActionTag.LlmGenerated] if asks_model and server.profile.action_tags else None
    return types.CodeAction(
        title=PREFIX + title,
        kind=kind,
        diagnostics=diagnostics,
        command=types.Command(title=PREFIX + title, command=command, arguments=[argument]),
        tags=tags,
    )


def _running(server: StreetraceServer, document: Document) -> Iterable[types.CodeAction]:
    for job in server.jobs.on(document.uri):
        title = f"Stop “{job.title}”" if len(server.jobs.on(document.uri)) > 1 else "Stop"
        yield _action(
            server, title, _REWRITE, "streetrace.cancel", argument={"job": job.id}, asks_model=False
        )


def _proposals(server: StreetraceServer, document: Document) -> Iterable[types.CodeAction]:
    for proposal in reversed(server.proposals.on(document.uri)):
        argument = {"proposal": proposal.id}
        yield _action(server, "Apply result", _REWRITE, "streetrace.apply", argument=argument)
        yield _action(
            server,
            "Discard result",
            _REWRITE,
            "streetrace.discard",
            argument=argument,
            asks_model=False,
        )
        return


def _review(
    server: StreetraceServer, document: Document, params: types.CodeActionParams
) -> Iterable[types.CodeAction]:
    if not server.has_reviews():
        return
    from streetrace_lsp.lsp.review_actions import offers

    for title, command, argument in offers(server, document, params):
        yield _action(server, title, _REWRITE, command, argument=argument, asks_model=False)


def _for_configuration(
    server: StreetraceServer, document: Document, params: types.CodeActionParams
) -> Iterable[types.CodeAction]:
    if not server.config_documents.holds(document.uri):
        return []
    from streetrace_lsp.lsp.config_actions import config_actions

    return config_actions(server, document, params)


def _failed(server: StreetraceServer, document: Document) -> Iterable[types.CodeAction]:
    failed = server.failed.get(document.uri)
    # Its range is that of the text it failed on.
    if failed is None or failed.text != document.text:
        return
    argument = dict(failed.argument)
    yield _action(
        server, f"Try “{failed.title}” again", _REWRITE, "streetrace.action", argument=argument
    )


def _for_diagnostics(
    server: StreetraceServer,
    document: Document,
    params: types.CodeActionParams,
    action: Action | None,
) -> Iterable[types.CodeAction]:
    if action is None:
        return
    reported = [one for one in params.context.diagnostics if one.source != "streetrace"]
    if len(reported) > 1:
        yield _for_all(server, document, action, reported)
    for diagnostic in reported:
        first_line = (diagnostic.message.splitlines() or [""])[0]
        yield _action(
            server,
            f"Fix “{first_line if len(first_line) < 60 else first_line[:57] + '…'}”",
            _QUICKFIX,
            "streetrace.action",
            argument={
                "uri": document.uri,
                "range": _plain(diagnostic.range),
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
    return _action(
        server,
        f"Fix all {len(reported)} problems",
        _QUICKFIX,
        "streetrace.action",
        argument={
            "uri": document.uri,
            "range": _plain(area),
            "action": action.name,
            "diagnostics": [_said(one) for one in reported],
        },
        diagnostics=reported,
    )


def _said(diagnostic: types.Diagnostic) -> str:
    return f"line {diagnostic.range.start.line + 1}: {diagnostic.message}"


def _for_comment(
    server: StreetraceServer,
    document: Document,
    params: types.CodeActionParams,
    known: Mapping[str, Action],
) -> Iterable[types.CodeAction]:
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
        yield _action(
            server,
            f"{label} “{shown}”",
            _REWRITE,
            "streetrace.action",
            argument={
                "uri": document.uri,
                "range": _plain(area),
                "action": action.name,
                "instruction": words,
                **_reported(action, params),
            },
        )


def _for_selection(
    server: StreetraceServer,
    document: Document,
    params: types.CodeActionParams,
    known: Mapping[str, Action],
) -> Iterable[types.CodeAction]:
    empty = params.range.start == params.range.end
    automatic = params.context.trigger_kind == types.CodeActionTriggerKind.Automatic
    if (empty and automatic) or not document.text.strip():
        return
    # A model's edits of configuration are refused, so none is offered there.
    configuration = server.config_documents.holds(document.uri)
    for action in known.values():
        if not _fits(server, action, document) or (configuration and action.output == "edit"):
            continue
        yield _action(
            server,
            action.title,
            _REWRITE,
            "streetrace.action",
            argument={
                "uri": document.uri,
                "range": _plain(params.range),
                "action": action.name,
                **_reported(action, params),
            },
        )
    if known:
        argument = {"uri": document.uri, "range": _plain(params.range)}
        command = "streetrace.chat.new"
        yield _action(
            server, "Chat about this", _REWRITE, command, argument=argument, asks_model=False
        )


def _waiting(
    server: StreetraceServer,
    document: Document,
    params: types.CodeActionParams,
    known: Mapping[str, Action],
) -> Iterable[types.CodeAction]:
    """Why actions of the project's file are not in the menu, and what brings them there."""
    if not known or params.range.start == params.range.end:
        return
    configuration = server.settings.known(document.uri)
    project, written = configuration.project, configuration.written
    if project is None or project.status != "restricted" or written is None:
        return
    missing = len(written.actions.keys() - known.keys())
    if not missing or project.question is None:
        return
    what = "1 more action" if missing == 1 else f"{missing} more actions"
    yield _action(
        server,
        f"Trust {project.path.name}, for {what}",
        _REWRITE,
        "streetrace.trust",
        argument={"uri": document.uri},
        asks_model=False,
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


def _kind_matches(
    action: types.CodeAction, only: Iterable[types.CodeActionKind | str] | None
) -> bool:
    """Whether the client asked for this kind or a parent of it (LSP 3.17, CodeActionKind)."""
    if only is None:
        return True
    kind = str(getattr(action.kind, "value", action.kind))
    wanted = [str(getattr(entry, "value", entry)) for entry in only]
    return any(not entry or kind == entry or kind.startswith(entry + ".") for entry in wanted)


def _plain(area: types.Range) -> dict[str, Any]:
    return {
        "start": {"line": area.start.line, "character": area.start.character},
        "end": {"line": area.end.line, "character": area.end.character},
    }
