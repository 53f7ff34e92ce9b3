"""A code block of an answer as an edit: of the files it speaks of, at a place, or as a new file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
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
from streetrace_lsp.lsp.chat_commands import NO_CHAT, the_chat
from streetrace_lsp.prompts.redaction import Redaction, placeholders, redact_again
from streetrace_lsp.requests.files import mentioned, text_of
from streetrace_lsp.requests.outcome import RefusedError
from streetrace_lsp.requests.outgoing import put_back
from streetrace_lsp.review.proposals import Part, Proposal

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer

_TITLE = "Chat"
# Of 100: less than this is other code.
_ALIKE = 50
_NO_CODE = "There is no code block in this chat's answers."
_NO_WORKSPACE = "This chat belongs to no workspace folder: insert the code block at the cursor."
_NO_FILE = (
    "The code block does not say which file it is for, and the chat names none. Put the cursor "
    "where it belongs and choose “Streetrace: Insert at cursor” in the chat."
)


@dataclass(frozen=True)
class Chosen:
    """A code block, and the chat that it stands in."""

    uri: str
    transcript: Transcript
    code: Code


def chosen(server: StreetraceServer, given: Any) -> Chosen:
    """The code block that ``uri`` and ``block`` name. Raises `RefusedError` where there is none."""
    found = the_chat(server, given)
    if found is None:
        raise RefusedError(NO_CHAT)
    uri, text = found
    transcript = server.chats.read(text)
    codes = list(code_in(transcript))
    number = given.get("block") if isinstance(given, dict) else None
    if not codes:
        raise RefusedError(_NO_CODE)
    if number is None:
        return Chosen(uri, transcript, codes[-1])
    if not isinstance(number, int) or not 1 <= number <= len(codes):
        raise RefusedError(f"There is no code block {number}; the chat has {len(codes)}.")
    return Chosen(uri, transcript, codes[number - 1])


def prepared(server: StreetraceServer, chosen: Chosen) -> Proposal:
    """The edit that a code block asks for, kept to be applied. Raises `RefusedError`."""
    transcript, code = chosen.transcript, chosen.code
    root = server.chats.workspace_of(chosen.uri)
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
    meant = server.chats.stand_ins.meant(chosen.uri, code.text, files)
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
        *planned.confirm,
        *(
            reason
            for name in sorted(changed)
            for reason in reasons(name, files.get(name), planned.files[name])
        ),
    )
    return server.proposals.keep(_TITLE, _parts(root, planned, files, changed), confirm)


def inserted(
    server: StreetraceServer, chosen: Chosen, uri: str, position: types.Position
) -> Proposal:
    """A code block at a place of an open document, kept to be applied. Raises `RefusedError`."""
    document = server.mirror.get_document(uri)
    if document is None:
        path = server.settings.relative(uri)
        raise RefusedError(f"{path} is not open in the editor.", "Open it, and try again.")
    offset = document.offset(position)
    base = document.text
    eol = "\r\n" if "\r\n" in base else "\n"
    text = chosen.code.text.replace("\r\n", "\n").replace("\n", eol)
    if offset != len(base) and base[:offset].rpartition("\n")[2].strip():
        # In the middle of a line it is one more piece of it.
        text = text.removesuffix(eol)
    part = Part(
        document.uri,
        server.settings.relative(document.uri),
        base,
        base[:offset] + text + base[offset:],
        (Change(offset, offset, text),),
    )
    return server.proposals.keep(_TITLE, (part,))


def as_file(server: StreetraceServer, chosen: Chosen, path: str | None = None) -> Proposal:
    """A code block as a new file, kept to be made. Raises `RefusedError`.

    ``path`` is relative to the workspace folder; without it the block names the file.
    """
    path = path or chosen.code.path
    if not path:
        raise RefusedError("The code block names no file. Pass its path, or insert the block.")
    root = server.chats.workspace_of(chosen.uri)
    if root is None:
        raise RefusedError(_NO_WORKSPACE)
    if reason := refuse_path(path):
        raise RefusedError(f"{path} is not made: {reason}.")
    if placeholders(chosen.code.text):
        raise RefusedError(
            f"{path} is not made: it would have a place-holder where a secret belongs.",
            "Insert the block where you want it, and put the secret in yourself.",
        )
    return server.proposals.keep(_TITLE, (Part(_uri(root, path), path, None, chosen.code.text),))


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


def _uri(root: Path, path: str) -> str:
    return from_fs_path(str(root / path)) or ""
