"""``workspace/executeCommand``: every command answers usefully without arguments too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp.answers import proposal_text, show_text
from streetrace_lsp.lsp.choosing import choose_action
from streetrace_lsp.lsp.jobs import Ending, Failed, Job
from streetrace_lsp.lsp.meant import is_page, range_of, with_place
from streetrace_lsp.lsp.run_action import Wanted, perform
from streetrace_lsp.lsp.trust import ask_again, refusal
from streetrace_lsp.requests.display import escape_controls

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer
    from streetrace_lsp.prompts.actions import Action

Answer = dict[str, Any]

NO_PREVIEW = "That preview is not kept any more. Preview it again."


def run_action(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.action {uri?, range?, action?, instruction?, diagnostics?, model?, fresh?}``, or
    ``{preview}``, which sends what was previewed.

    Starts a job and answers at once with its id; without ``action`` the person chooses one.
    """
    seen = given.get("preview") if isinstance(given, dict) else None
    if seen is None:
        given = with_place(server, given)
        if "action" not in given:
            return choose_action(server, "streetrace.action", given)
    found = wanted_by(server, given) if seen is None else _previewed(server, seen)
    if isinstance(found, dict):
        return found
    document, wanted = found
    return {"job": _start(server, document, wanted, {**given, "fresh": True}).id}


def _previewed(server: StreetraceServer, seen: Any) -> tuple[Document, Wanted] | Answer:
    kept = server.previews.get(str(seen))
    if kept is None:
        return server.say(NO_PREVIEW)
    document = server.mirror.get_document(kept[0])
    if document is None:
        return server.say(f"{kept[0]} is not open. Open the file first.")
    return document, kept[1]


def wanted_by(server: StreetraceServer, given: Any) -> tuple[Document, Wanted] | Answer:
    """The document and what is wanted of it, or the answer that says what is missing."""
    given = given if isinstance(given, dict) else {}
    uri, name = given.get("uri"), given.get("action")
    if not isinstance(uri, str):
        return server.say("No document is open. Open the file first.")
    document = server.mirror.get_document(uri)
    if document is None:
        return server.say(f"{uri} is not open. Open the file first.")
    known = server.settings.actions(uri)
    action = known.get(name)
    if action is None:
        return server.say(_unknown(server, uri, name, known))
    if action.fault:
        return server.say(action.fault)
    instruction = str(given.get("instruction") or "")
    if action.wants == "instruction" and not instruction.strip():
        return server.say(
            f"{action.title} needs words. Write them as a comment, “AI: make this async”, and "
            "choose the code action on that line, or pass “instruction” with the command.",
        )
    area = range_of(given.get("range"))
    if area is None and given.get("range") is not None:
        return server.say("The range given is no LSP range. Nothing was started.")
    if area is not None and max(area.start.line, area.end.line) > document.index.line_count:
        return server.say("The range given is not in the document. Nothing was started.")
    start, end = document.span(area) if area is not None else (0, len(document.text))
    if end - start == 1:
        # Where nothing is selected, Helix still sends the character under its cursor.
        end = start
    model = given.get("model")
    return document, Wanted(
        action=action,
        start=start,
        end=end,
        instruction=instruction,
        diagnostics=_diagnostics(given),
        model=model if isinstance(model, str) else None,
        fresh=given.get("fresh") is True,
    )


def _unknown(server: StreetraceServer, uri: str, name: str, known: Mapping[str, Action]) -> str:
    said = f"There is no action “{name}”. There are: {', '.join(sorted(known))}."
    project = server.settings.of(uri).project
    if project is None or project.status not in {"restricted", "denied"}:
        return said
    # It may well be in there; before trust nobody looks.
    return f"{said} {refusal(server, project).sentence}"


def _diagnostics(given: dict[str, Any]) -> tuple[str, ...]:
    listed = given.get("diagnostics")
    several = listed if isinstance(listed, list) else []
    return tuple(str(one) for one in (given.get("diagnostic"), *several) if one)


def _start(
    server: StreetraceServer, document: Document, wanted: Wanted, again: dict[str, Any]
) -> Job:
    """Starts the job. If it fails, ``again`` is the argument with which to try once more."""
    action, text = wanted.action, document.text

    async def work(job: Job) -> Ending:
        server.failed.pop(document.uri, None)
        try:
            return await perform(server, document, job, wanted)
        except StreetraceError:
            server.failed[document.uri] = Failed(action.title, text, again)
            raise

    return server.jobs.start(action.name, action.title, document.uri, work)


def cancel(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.cancel {job?}``: stop one job, or all of them."""
    wanted = given.get("job") if isinstance(given, dict) else None
    stopped = server.jobs.cancel(wanted if isinstance(wanted, str) else None)
    asked = set() if isinstance(wanted, str) else server.stop_asking()
    if not stopped and not asked:
        return {**server.say("Nothing of Streetrace is running."), "cancelled": []}
    return {"cancelled": stopped}


async def show(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.show {id?}``: open a kept result as a diff, or a reply that was no edit."""
    wanted = given.get("id") if isinstance(given, dict) else None
    kept = server.proposals.newest() if wanted is None else server.proposals.get(str(wanted))
    if kept is not None:
        await show_text(server, f"{kept.title}: not applied yet", proposal_text(kept))
        return {"shown": kept.id}
    if not isinstance(wanted, str):
        wanted = next(reversed(server.partials), None)
    found = server.partials.get(wanted) if wanted else None
    if found is None:
        return server.say("There is nothing kept to show.")
    title, text = found
    await show_text(server, f"{title}: what the model wrote (not applied)", text)
    return {"shown": wanted}


async def trust(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.trust {uri?}``: ask about the project of a document again."""
    uri = given.get("uri") if isinstance(given, dict) else None
    if not isinstance(uri, str) or is_page(server, uri):
        # The one used last stands last.
        candidates = [d.uri for d in server.mirror.documents() if server.settings.of(d.uri).project]
        uri = candidates[-1] if candidates else None
    project = server.settings.of(uri).project if uri is not None else None
    if uri is None or project is None:
        return server.say("No open document has a .streetrace.toml in its workspace folder.")
    if project.status in {"trusted", "none_needed"} and project.question is None:
        return server.say(f"Trusted already: {escape_controls(str(project.path))}")
    if await ask_again(server, uri):
        return server.say(f"Trusted now: {escape_controls(str(project.path))}")
    return server.say(refusal(server, project).sentence)


__all__ = ["cancel", "run_action", "show", "trust"]
