"""What there is to choose where a command lacks it: an action, models, a backend, a folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types

from streetrace_lsp.lsp.choices import choose
from streetrace_lsp.lsp.code_actions_asking import for_comment, for_diagnostics, for_selection
from streetrace_lsp.lsp.meant import Place, range_of
from streetrace_lsp.lsp.offered import PREFIX, REWRITE, offer
from streetrace_lsp.requests.display import escape_controls

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.lsp.server import StreetraceServer

Answer = dict[str, Any]

AS_CONFIGURED: Final = "As configured"
# What a message box of an editor can hold.
_MOST_IN_A_QUESTION: Final = 8
_SELECT = "Select code, open the code actions and choose one of Streetrace's."


def choose_action(
    server: StreetraceServer,
    command: str,
    given: dict[str, Any],
    *,
    title: str = "",
    about: str = "",
) -> Answer:
    """Have the person choose the action with which ``command`` is run, its argument ``given``.

    ``title`` goes before each action's, and ``about`` behind what the page says of the place.
    """
    document, area = server.mirror.get_document(str(given.get("uri"))), range_of(given.get("range"))
    if document is None:
        return server.say(_SELECT)
    place = Place(document, area, document.text)

    def offers() -> list[types.CodeAction]:
        now = place.now()
        if now is None:
            return [_offer(server, "Choose again: the lines have changed", command, {})]
        found = _at(server, now)
        return [_turned(action, command, title, given) for action in found]

    words = f"{_about(server, place)} {about}".rstrip()
    return choose(server, "Which action?", words, offers, _SELECT)


def needs_page(server: StreetraceServer, known: list[str]) -> bool:
    """Whether these targets are too many for a question of the client's, or it has none.

    Eglot completes any number of them; a page of ours has no server there, and so no actions.
    """
    if server.profile.waits_for_commands:
        return False
    return not server.profile.show_message_request or len(known) > _MOST_IN_A_QUESTION


def choose_target(
    server: StreetraceServer, command: str, uri: str, known: list[str], said: str
) -> Answer:
    """Have the person choose who answers from now on; ``said`` is what holds now."""

    def offers() -> list[types.CodeAction]:
        rows: list[tuple[str, str | None]] = [(target, target) for target in known]
        return [
            _offer(server, entry, command, {"uri": uri, "target": target})
            for entry, target in [*rows, (AS_CONFIGURED, None)]
        ]

    return choose(server, "Which model?", escape_controls(said), offers, said)


def choose_backend(server: StreetraceServer, uri: str, otherwise: str) -> Answer:
    """Have the person choose the backend to test, or all of them."""

    def offers() -> list[types.CodeAction]:
        backends = sorted(server.settings.of(uri).settings.backends)
        tests = [
            _offer(server, f"Test {name}", "streetrace.backend.test", {"uri": uri, "backend": name})
            for name in backends
        ]
        everything = _offer(server, "Test all of them", "streetrace.doctor", {"uri": uri})
        return [*tests, everything] if tests else []

    about = "A test is a call of one token to each model of a backend."
    return choose(server, "Which backend?", about, offers, otherwise)


def choose_pull(server: StreetraceServer, uri: str, otherwise: str) -> Answer:
    """Have the person choose a model that Ollama fetches, of those that are configured."""

    def offers() -> list[types.CodeAction]:
        return [
            _offer(server, title, "streetrace.model.pull", {"uri": uri, **argument})
            for title, argument in _pulled(server.settings.of(uri))
        ]

    about = "Ollama fetches the model, which may be several gigabytes."
    return choose(server, "Which model?", about, offers, otherwise)


def choose_folder(server: StreetraceServer, folders: Mapping[str, str], otherwise: str) -> Answer:
    """Have the person choose the folder to commit in: name → URI."""

    def offers() -> list[types.CodeAction]:
        return [
            _offer(server, f"Describe what is staged in {name}", "streetrace.commit", {"uri": uri})
            for name, uri in folders.items()
        ]

    return choose(server, "Which folder?", "Several folders are open.", offers, otherwise)


def _at(server: StreetraceServer, place: Place) -> Iterator[types.CodeAction]:
    """The actions that a model is asked with, as the menu at that place has them."""
    document, area = place.document, place.range
    known = server.settings.actions(document.uri) if server.settings.enabled(document.uri) else {}
    whole = document.range(0, len(document.text))
    said = server.chats.diagnostics(document) if area is not None else []
    params = types.CodeActionParams(
        text_document=types.TextDocumentIdentifier(document.uri),
        range=area or whole,
        context=types.CodeActionContext(
            diagnostics=said, trigger_kind=types.CodeActionTriggerKind.Invoked
        ),
    )
    yield from for_diagnostics(server, document, params, known.get("fix-diagnostic"))
    yield from for_comment(server, document, params, known)
    for action in for_selection(server, document, params, known):
        if action.command is not None and action.command.command == "streetrace.action":
            yield action


def _turned(
    action: types.CodeAction, command: str, title: str, more: Mapping[str, Any]
) -> types.CodeAction:
    """The same choice for another command."""
    arguments = (action.command and action.command.arguments) or [{}]
    argument: Any = arguments[0]
    named = f"{PREFIX}{title}{action.title.removeprefix(PREFIX)}"
    return types.CodeAction(
        title=named,
        kind=action.kind,
        command=types.Command(title=named, command=command, arguments=[{**more, **argument}]),
        tags=action.tags,
    )


def _about(server: StreetraceServer, place: Place) -> str:
    path = escape_controls(server.settings.relative(place.document.uri)).replace("`", "'")
    if place.range is None:
        return f"About all of `{path}`. For a part of it, select that and open the code actions."
    first, last = place.range.start.line + 1, place.range.end.line + 1
    if last > first and not place.range.end.character:
        last -= 1
    return f"About `{path}`, line {first}{f' to {last}' if last > first else ''}."


def _offer(
    server: StreetraceServer, title: str, command: str, argument: dict[str, Any]
) -> types.CodeAction:
    shown = escape_controls(title)
    return offer(server, shown, REWRITE, command, argument=argument, asks_model=False)


def _pulled(configuration: Configuration) -> list[tuple[str, dict[str, str]]]:
    """Title and argument for each configured model that Ollama has to fetch."""
    from streetrace_lsp.routing.configured import configured_models

    found: dict[str, dict[str, str]] = {}
    for one in configured_models(configuration.settings):
        if one.provider not in {"ollama", "ollama_chat"}:
            continue
        backend = {"backend": one.backend} if one.backend is not None else {}
        where = f" for {one.backend}" if one.backend is not None else ""
        found[f"Pull {one.model}{where}"] = {"model": one.model, **backend}
    return [*found.items()]
