"""What a command line asks about: a place in a file, and what goes along with it."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from streetrace_lsp.cli.files import FileError, located, read_text, workspace_root
from streetrace_lsp.cli.folders import state_dir
from streetrace_lsp.cli.say import say
from streetrace_lsp.config.find import CONFIG_NAME
from streetrace_lsp.config.rules_files import rules_question
from streetrace_lsp.config.trust import TrustStore
from streetrace_lsp.edits.lines import LineIndex
from streetrace_lsp.prompts.actions import Action
from streetrace_lsp.prompts.build import Ask, Snapshot
from streetrace_lsp.prompts.languages import language_of
from streetrace_lsp.prompts.symbols import enclosing
from streetrace_lsp.prompts.withheld import IgnoreFiles, may_send
from streetrace_lsp.requests.commit import commit_ask
from streetrace_lsp.requests.files import mentioned, text_of
from streetrace_lsp.requests.guidance import Joining, joining, rules_of
from streetrace_lsp.requests.job import RefusedError

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration

_PLACE = re.compile(r"^(?P<path>.*?):(?P<first>\d+)(?:-(?P<last>\d+))?$")


@dataclass(frozen=True)
class Place:
    """A file in the workspace folder ``root``; ``lines``: first and last, counted from 1."""

    path: Path
    root: Path
    lines: tuple[int, int] | None = None


def place_of(given: str) -> Place:
    """The place that ``PATH[:START-END]`` means. Raises `FileError`."""
    path, lines = _parsed(given)
    return Place(path, workspace_root(path), lines)


def project_at(given: str) -> Place:
    """The project around a folder, at the place of its configuration file."""
    root = workspace_root(located(given) / CONFIG_NAME)
    return Place(root / CONFIG_NAME, root)


def ask_for_commit(place: Place, given: argparse.Namespace, configuration: Configuration) -> Ask:
    """The request for a commit message. Runs git; raises as `requests.commit.commit_ask`."""
    rules = rules_of(configuration, IgnoreFiles())
    joins = rules_for(configuration, place.path, place.root)
    return commit_ask(configuration, place.root, rules, joins, given.instruction)


def ask_for(
    action: Action, place: Place, given: argparse.Namespace, configuration: Configuration
) -> Ask:
    """What to ask a model. Raises `RefusedError` for a file that may not be sent."""
    path, root = place.path, place.root
    relative = path.relative_to(root).as_posix()
    if reason := may_send(root, path, rules_of(configuration, IgnoreFiles())):
        raise RefusedError(f"{relative} is not sent: {reason}.", "Nothing was asked.")
    joins = rules_for(configuration, path, root)
    text = read_text(path)
    start, end = _span(text, place.lines, language_of(path))
    return Ask(
        action,
        Snapshot(relative, text, language_of(path)),
        start,
        end,
        given.instruction,
        given.diagnostic,
        others=lambda reply: mentioned(
            root, reply, lambda name: text_of(root / name) if name != relative else None, relative
        ),
        guidance=joins.guidance,
        kept_out=joins.left_out,
    )


def rules_for(configuration: Configuration, path: Path, root: Path) -> Joining:
    """The rules files that hold for a file; says how to agree to those that nobody agreed to."""
    state = TrustStore(state_dir()).read()
    joins = joining(configuration, state, rules_of(configuration, IgnoreFiles()), path, root)
    for one in joins.pending:
        command = rules_question(one, state).command
        say(f"{one.name} is not sent. Look at it; to send it along, run: {command}")
    return joins


def _parsed(given: str) -> tuple[Path, tuple[int, int] | None]:
    match = _PLACE.match(given)
    if Path(given).exists():
        return located(given), None
    if match is None:
        name, colon, lines = given.rpartition(":")
        if colon and Path(name).exists():
            raise FileError(
                f"“{lines}” is no range of lines.", "Write PATH:START-END, such as a.py:3-9."
            )
        return located(given), None
    first = int(match["first"])
    return located(match["path"]), (first, int(match["last"] or first))


def _span(text: str, lines: tuple[int, int] | None, language: str) -> tuple[int, int]:
    """The code point offsets of the lines; a single line means the symbol around it."""
    if lines is None:
        return 0, len(text)
    first, last = lines
    index = LineIndex(text)
    # A person does not count the nothing behind the last end of line.
    count = index.line_count - (index.line_start(index.line_count - 1) == len(text))
    if not 1 <= first <= last <= count:
        raise FileError(
            f"The file has {'1 line' if count == 1 else f'{count} lines'}; lines {first}-{last} "
            "are no range in it.",
            "Give lines counted from 1, the first one first.",
        )
    start = index.line_start(first - 1)
    if first == last:
        return enclosing(text, start, language)
    return start, index.line_start(last) if last < index.line_count else len(text)
