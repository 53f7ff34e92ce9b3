"""A code block of an answer into a file: as an edit, at the cursor, or as a new file."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.uris import from_fs_path

from streetrace_lsp.chat.attachments import Lines, attachments
from streetrace_lsp.chat.code import Code, code_in
from streetrace_lsp.chat.resolve import selected_in
from streetrace_lsp.chat.transcript import Transcript
from streetrace_lsp.edits import Plan, plan
from streetrace_lsp.edits.changes import Change
from streetrace_lsp.edits.confirm import reasons
from streetrace_lsp.edits.lines import LineIndex, split_lines
from streetrace_lsp.edits.paths import refuse_path
from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp.answers import proposal_text, show_text
from streetrace_lsp.lsp.chat_commands import NO_CHAT, the_chat
from streetrace_lsp.lsp.commands import apply_proposal
from streetrace_lsp.lsp.file_operations import create
from streetrace_lsp.lsp.finish_edit import AGREE
from streetrace_lsp.lsp.jobs import Ending, Job
from streetrace_lsp.prompts.redaction import Redaction, placeholders, redact_again
from streetrace_lsp.requests.files import mentioned, text_of
from streetrace_lsp.requests.outcome import RefusedError
from streetrace_lsp.requests.outgoing import put_back
from streetrace_lsp.review.proposals import Part, Proposal

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer

Answer = dict[str, Any]

# Of 100: less than this is other code.
_ALIKE = 50
_NO_CODE = "There is no code block in this chat's answers."
_NO_WORKSPACE = "This chat belongs to no workspace folder: insert the code block at the cursor."
_NO_FILE = (
    "The code block does not say which file it is for, and the chat names none. Put the cursor "
    "where it belongs and choose “Streetrace: Insert at cursor” in the chat."
)


async def apply_code(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.chat.apply {uri?, block?}``: edit the files that a code block speaks of."""
    found = chosen(server, given)
    if isinstance(found, str):
        return server.say(found)
    try:
        kept = prepared(server, *found)
    except StreetraceError as error:
        return server.say(error.sentence)
    if kept.confirm:
        await show_text(server, f"{kept.title}: not applied yet", proposal_text(kept))
        return server.say(waits(kept))
    return apply_proposal(server, {"proposal": kept.id})


def waits(kept: Proposal) -> str:
    """Says what a person has to agree to before it is applied."""
    return f"{kept.paths} waits for your agreement: {' '.join(kept.confirm)} {AGREE}"


def prepared(server: StreetraceServer, uri: str, transcript: Transcript, code: Code) -> Proposal:
    """The edit that a code block asks for, kept to be applied. Raises `StreetraceError`."""
    root = server.chats.workspace_of(uri)
    if root is None:
        raise RefusedError(_NO_WORKSPACE)

    def read(name: str) -> str | None:
        document = server.mirror.get_document(_uri(root, name))
        return document.text if document is not None else text_of(root / name)

    about = _about(transcript, code)
    files = mentioned(root, code.reply, read, about.path if about else "")
    default = about.path if about is not None else None
    if default is not None and (text := read(default)) is not None and not refuse_path(default):
        files[default] = text
    named = code.path if code.path in files else None
    known = server.chats.lines_as_attached(root, about) if about is not None else frozenset()
    span = None if named and named != default else _span(about, files, known)
    meant = server.chats.stand_ins.meant(uri, code.text, files)
    redaction, reply = redact_again(files, code.reply, meant)
    clean = {name: redaction.text(name) for name in files}
    planned = plan(
        reply,
        clean,
        selection=_cleaned(span, redaction),
        default_path=named or default,
    )
    if not planned.refusals:
        planned = put_back(planned, redaction, files, clean)
    if planned.refusals:
        raise RefusedError(f"The code block is not applied: {planned.refusals[0].message}")
    changed = {name for name, new in planned.files.items() if files.get(name) != new}
    if not changed:
        raise RefusedError("The file says this already." if planned.files else _NO_FILE)
    for name in changed:
        if placeholders(planned.files[name] or "") > placeholders(files.get(name, "")):
            raise RefusedError(
                f"The code block is not applied: in {name} it would put a place-holder where a "
                "secret belongs, and this server does not know which.",
                "Regenerate the answer, or insert the block and put the secret in yourself.",
            )
    confirm = (
        *_other_lines(about, span, files, code.text, known),
        *(
            reason
            for name in sorted(changed)
            for reason in reasons(name, files.get(name), planned.files[name])
        ),
    )
    return server.proposals.keep("Chat", _parts(root, planned, files, changed), confirm)


def insert_code(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.chat.insert {uri?, block?, target?}``: put a code block where the cursor is.

    ``target`` has a ``uri`` and a ``position``; without it, it is where code actions were asked
    for last outside of chats: LSP tells a server of no other cursor.
    """
    found = chosen(server, given)
    if isinstance(found, str):
        return server.say(found)
    _, _, code = found
    place = _target(server, given)
    document = server.mirror.get_document(place[0]) if place is not None else None
    if place is None or document is None:
        return server.say(
            "Where to? Put the cursor there, open the code actions once, and come back to the chat."
        )
    offset = document.offset(place[1])
    base = document.text
    eol = "\r\n" if "\r\n" in base else "\n"
    text = code.text.replace("\r\n", "\n").replace("\n", eol)
    if offset != len(base) and base[:offset].rpartition("\n")[2].strip():
        # In the middle of a line it is one more piece of it.
        text = text.removesuffix(eol)
    change = Change(offset, offset, text)
    part = Part(
        document.uri,
        server.settings.relative(document.uri),
        base,
        base[:offset] + text + base[offset:],
        (change,),
    )
    kept = server.proposals.keep("Chat", (part,))
    return apply_proposal(server, {"proposal": kept.id})


def create_file(server: StreetraceServer, given: Any = None) -> Answer:
    """``streetrace.chat.create {uri?, block?, path?}``: make a new file of a code block."""
    found = chosen(server, given)
    if isinstance(found, str):
        return server.say(found)
    uri, _, code = found
    path = given.get("path") if isinstance(given, dict) else None
    path = path if isinstance(path, str) else code.path
    if not path:
        return server.say("The code block names no file. Pass its path, or insert the block.")
    root = server.chats.workspace_of(uri)
    if root is None:
        return server.say(_NO_WORKSPACE)
    if reason := refuse_path(path):
        return server.say(f"{path} is not made: {reason}.")
    if placeholders(code.text):
        return server.say(
            f"{path} is not made: it would have a place-holder where a secret belongs. Insert the "
            "block where you want it, and put the secret in yourself."
        )
    place = _uri(root, path)

    async def work(_: Job) -> Ending:
        if why := await create(server, place, code.text, "Streetrace: Chat"):
            raise RefusedError(f"{path} was not made: {why}.")
        return Ending("applied", f"Chat: made {path}, not saved yet.")

    return {"job": server.jobs.start("create", "Chat: Create file", uri, work).id}


def chosen(server: StreetraceServer, given: Any) -> tuple[str, Transcript, Code] | str:
    """The code block that ``uri`` and ``block`` name, or why there is none."""
    found = the_chat(server, given)
    if found is None:
        return NO_CHAT
    uri, text = found
    transcript = server.chats.read(text)
    codes = list(code_in(transcript))
    number = given.get("block") if isinstance(given, dict) else None
    if not codes:
        return _NO_CODE
    if number is None:
        return uri, transcript, codes[-1]
    if not isinstance(number, int) or not 1 <= number <= len(codes):
        return f"There is no code block {number}; the chat has {len(codes)}."
    return uri, transcript, codes[number - 1]


def _about(transcript: Transcript, code: Code) -> Lines | None:
    """The lines or the file that was attached last before an answer with this block."""
    asked = [
        place.turn.text
        for place in transcript.places
        if place.start < code.start and place.turn.speaker == "you"
    ]
    for question in reversed(asked):
        for one in reversed(attachments(question)):
            if one.kind == "file" and one.argument:
                return Lines(one.argument, 0, 0)
            if one.kind == "selection":
                return selected_in([question]) or selected_in(asked)
    return None


def _span(
    about: Lines | None, files: dict[str, str], known: Collection[str]
) -> tuple[str, int, int] | None:
    """Where the lines are that a chat is about; ``known``: what stood in them when it was asked."""
    if about is None or about.first == 0 or about.path not in files:
        return None
    text = files[about.path]
    if len(known) == 1:
        (lines,) = known
        places = _places(text, lines)
        by_number = about.first - 1
        if places and (by_number in places or len(places) == 1):
            # Where they stand by now, however much was typed above them.
            line = by_number if by_number in places else places[0]
            start = LineIndex(text).line_start(line)
            return about.path, start, start + len(lines)
    index = LineIndex(text)
    if about.last > index.line_count:
        return None
    start = index.line_start(about.first - 1)
    more = about.last < index.line_count
    end = index.line_start(about.last) if more else len(text)
    return about.path, start, end


def _cleaned(
    span: tuple[str, int, int] | None, redaction: Redaction
) -> tuple[str, int, int] | None:
    """The same lines in the text without secrets."""
    if span is None:
        return None
    path, start, end = span
    text = redaction.cleaned[path]
    return path, text.offset(start), text.offset(end, end=True)


def _places(text: str, wanted: str) -> list[int]:
    """The numbers, from 0, of the lines at which whole lines stand."""
    lines, searched = split_lines(text), split_lines(wanted)
    size = len(searched)
    return [n for n in range(len(lines) - size + 1) if lines[n : n + size] == searched]


def _other_lines(
    about: Lines | None,
    span: tuple[str, int, int] | None,
    files: dict[str, str],
    new: str,
    known: Collection[str],
) -> tuple[str, ...]:
    """What to agree to where a block takes the place of lines that may be other ones.

    They are known by their numbers alone, unless it was in this session that they were sent.
    """
    if about is None or span is None or "<<<<<" in new:
        return ()
    from rapidfuzz import fuzz

    path, start, end = span
    now = files[path][start:end]
    lines = f"Lines {about.first} to {about.last} of {path}"
    if fuzz.partial_ratio(now, new) < _ALIKE:
        return (f"{lines} look different from the code block.",)
    if set(known) != {now}:
        return (f"{lines} may be others by now than those that were asked about.",)
    return ()


def _parts(root: Path, planned: Plan, files: dict[str, str], changed: set[str]) -> tuple[Part, ...]:
    return tuple(
        Part(
            _uri(root, name),
            name,
            files.get(name),
            planned.files[name],
            tuple(
                Change(hunk.start, hunk.end, hunk.new)
                for hunk in planned.hunks
                if hunk.path == name
            ),
        )
        for name in sorted(changed)
    )


def _target(server: StreetraceServer, given: Any) -> tuple[str, types.Position] | None:
    target = given.get("target") if isinstance(given, dict) else None
    try:
        position = target["position"]  # type: ignore[index]
        return str(target["uri"]), types.Position(position["line"], position["character"])  # type: ignore[index]
    except (KeyError, TypeError):
        seen = server.chats.last_place
        return (seen.uri, seen.range.end) if seen is not None else None


def _uri(root: Path, path: str) -> str:
    return from_fs_path(str(root / path)) or ""
