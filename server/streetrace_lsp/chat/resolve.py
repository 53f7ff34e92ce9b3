"""From what a question mentions to what is sent: each attachment as it is at this moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from streetrace_lsp.chat.attach import ALONE, Refusal, attach
from streetrace_lsp.chat.attachments import Attachment, Lines, attachments, lines_of
from streetrace_lsp.chat.git_diff import diff
from streetrace_lsp.chat.messages import Attached
from streetrace_lsp.chat.search import CANDIDATES, SHOWN, Chunk, by_meaning, chunks, ranked
from streetrace_lsp.chat.symbol import defined
from streetrace_lsp.chat.workspace import texts
from streetrace_lsp.edits.lines import split_lines
from streetrace_lsp.prompts.languages import language_of
from streetrace_lsp.prompts.redaction import Redaction, redact
from streetrace_lsp.prompts.withheld import Rules

# One vector for each text; the first is the query's.
Embed = Callable[[Sequence[str]], Awaitable[list[list[float]]]]


@dataclass(frozen=True)
class Sources:
    """Where attachments come from.

    ``opened`` gives the text of a file that is open in the editor. ``opened_paths`` are those
    files, relative to ``root``; ``diagnostics`` are lines to send. ``trusted``: the project is, so
    that git may run. ``embed`` is None where no model for it is configured. ``actions`` maps each
    action's name to its prompt. ``selected`` is what the chat was started about. ``rules``: what
    is kept out of prompts. ``withheld`` hears, in words, what was kept from ``embed``.
    """

    root: Path
    opened: Callable[[Path], str | None] = lambda _: None
    opened_paths: tuple[str, ...] = ()
    diagnostics: tuple[str, ...] = ()
    trusted: bool = False
    embed: Embed | None = None
    actions: Mapping[str, str] = field(default_factory=dict)
    selected: Lines | None = None
    rules: Rules = ALONE
    withheld: Callable[[Sequence[str]], None] = lambda _: None


def selected_in(questions: Sequence[str]) -> Lines | None:
    """The lines that a chat was started about: those of its first ``@selection PATH:LINES``."""
    for question in questions:
        for one in attachments(question):
            if one.kind == "selection" and (lines := lines_of(one.argument)) is not None:
                return lines
    return None


async def resolve(one: Attachment, sources: Sources) -> tuple[Attached, ...] | Refusal:
    """What an attachment sends, or why it can't be sent."""
    match one.kind:
        case "action":
            return (Attached(f"/{one.argument} means", sources.actions[one.argument]),)
        case "file":
            return _file(one.argument, sources)
        case "selection":
            return _selection(one.argument, sources)
        case "diagnostics":
            said = "\n".join(sources.diagnostics)
            return (Attached("Diagnostics", said or "The editor reports none."),)
        case "open":
            return _open(sources)
        case "diff":
            return await _diff(sources)
        case "symbol":
            return await _symbol(one.argument, sources)
    return await _search(one.argument, sources)


def _file(path: str, sources: Sources) -> tuple[Attached, ...] | Refusal:
    if not path:
        return Refusal("@file needs a path: @file src/app.py")
    text = attach(sources.root, path, sources.opened, sources.rules)
    if isinstance(text, Refusal):
        return text
    return (Attached(f"File {path}", text, language_of(PurePath(path))),)


def _selection(argument: str, sources: Sources) -> tuple[Attached, ...] | Refusal:
    lines = lines_of(argument) if argument else sources.selected
    if lines is None:
        return Refusal("@selection needs a place here: @selection src/app.py:3-9")
    text = attach(sources.root, lines.path, sources.opened, sources.rules)
    if isinstance(text, Refusal):
        return text
    chosen = "".join(split_lines(text)[lines.first - 1 : lines.last])
    title = f"Lines {lines.first} to {lines.last} of {lines.path}"
    if not chosen:
        return Refusal(f"{lines.path} has no line {lines.first}.")
    return (Attached(title, chosen, language_of(PurePath(lines.path))),)


def _open(sources: Sources) -> tuple[Attached, ...] | Refusal:
    found: list[Attached] = []
    for path in sources.opened_paths:
        # What may not be sent is left out: nobody named it.
        one = _file(path, sources)
        if not isinstance(one, Refusal):
            found += one
    return tuple(found) or Refusal("@open: no file of the workspace folder is open.")


async def _diff(sources: Sources) -> tuple[Attached, ...] | Refusal:
    if not sources.trusted:
        return Refusal(
            "@diff runs git, which a repository can make start programs: it needs a trusted "
            "project. Write a .streetrace.toml with streetrace-lsp init, and trust it."
        )
    text = await diff(sources.root, sources.rules)
    if isinstance(text, Refusal):
        return text
    return (Attached("What changed since the last commit", text or "Nothing.", "diff"),)


async def _symbol(name: str, sources: Sources) -> tuple[Attached, ...] | Refusal:
    if not name:
        return Refusal("@symbol needs a name: @symbol total")
    # Reading a workspace takes a while.
    found = await asyncio.to_thread(
        lambda: defined(name, texts(sources.root, sources.opened, sources.rules))
    )
    if not found:
        return Refusal(f"@symbol {name}: no definition of it was found in the workspace folder.")
    return tuple(_piece(one) for one in found)


async def _search(words: str, sources: Sources) -> tuple[Attached, ...] | Refusal:
    if not words:
        return Refusal("@search needs words: @search where prices are rounded")
    pieces = await asyncio.to_thread(
        lambda: ranked(chunks(texts(sources.root, sources.opened, sources.rules)), words)
    )
    if not pieces:
        return Refusal(f"@search {words}: nothing in the workspace folder holds these words.")
    if sources.embed is not None:
        pieces = pieces[:CANDIDATES]
        redaction = await asyncio.to_thread(_without_secrets, words, pieces)
        sources.withheld(redaction.withheld)
        query, *vectors = await sources.embed([one.text for one in redaction.cleaned.values()])
        pieces = by_meaning(pieces, vectors, query)
    return tuple(_piece(one) for one in pieces[:SHOWN])


def _piece(chunk: Chunk) -> Attached:
    return Attached(chunk.title, chunk.text, language_of(PurePath(chunk.path)))


def _without_secrets(words: str, pieces: Sequence[Chunk]) -> Redaction:
    """The words and the pieces without secrets: whoever turns them into vectors gets them, too."""
    # No title is the same twice: each has its path and its lines.
    return redact({"@search": words, **{f"@search: {one.title}": one.text for one in pieces}})
