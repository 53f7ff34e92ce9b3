"""``textDocument/codeAction``: what is offered where. Answered from memory alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from lsprotocol import types

from streetrace_lsp.lsp.code_actions_asking import for_comment, for_diagnostics, for_selection
from streetrace_lsp.lsp.init_command import init_actions
from streetrace_lsp.lsp.offered import REWRITE, offer
from streetrace_lsp.prompts.actions import COMMIT_LANGUAGES, Action

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer


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
    server.acted_in = document.uri
    if (choices := server.choices.on(document)) is not None:
        return _as_wanted(server, choices, params)
    server.mirror.used(document)
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
        *for_diagnostics(server, document, params, known.get("fix-diagnostic")),
        *for_comment(server, document, params, known),
        *for_selection(server, document, params, known),
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
    write = offer(
        server,
        "Write the commit message",
        REWRITE,
        "streetrace.commit",
        argument={"uri": document.uri},
    )
    return _as_wanted(server, [*_running(server, document), write], params)


def _running(server: StreetraceServer, document: Document) -> Iterable[types.CodeAction]:
    for job in server.jobs.on(document.uri):
        title = f"Stop “{job.title}”" if len(server.jobs.on(document.uri)) > 1 else "Stop"
        yield offer(
            server, title, REWRITE, "streetrace.cancel", argument={"job": job.id}, asks_model=False
        )


def _proposals(server: StreetraceServer, document: Document) -> Iterable[types.CodeAction]:
    for proposal in reversed(server.proposals.on(document.uri)):
        argument = {"proposal": proposal.id}
        yield offer(server, "Apply result", REWRITE, "streetrace.apply", argument=argument)
        yield offer(
            server,
            "Discard result",
            REWRITE,
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
        yield offer(server, title, REWRITE, command, argument=argument, asks_model=False)


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
    yield offer(
        server, f"Try “{failed.title}” again", REWRITE, "streetrace.action", argument=argument
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
    yield offer(
        server,
        f"Trust {project.path.name}, for {what}",
        REWRITE,
        "streetrace.trust",
        argument={"uri": document.uri},
        asks_model=False,
    )


def _kind_matches(
    action: types.CodeAction, only: Iterable[types.CodeActionKind | str] | None
) -> bool:
    """Whether the client asked for this kind or a parent of it (LSP 3.17, CodeActionKind)."""
    if only is None:
        return True
    kind = str(getattr(action.kind, "value", action.kind))
    wanted = [str(getattr(entry, "value", entry)) for entry in only]
    return any(not entry or kind == entry or kind.startswith(entry + ".") for entry in wanted)
