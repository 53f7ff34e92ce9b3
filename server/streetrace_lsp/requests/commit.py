"""The request for a commit message: what is staged, and the words to write it with."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.prompts.actions import COMMIT, Action, actions
from streetrace_lsp.prompts.build import Ask, Snapshot
from streetrace_lsp.requests.guidance import Joining
from streetrace_lsp.requests.staged import NAME, staged

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.prompts.withheld import Rules

_FENCED = re.compile(r"\s*(`{3,})[^\n]*\n(?P<text>.*?)\n?\1\s*", re.DOTALL)


def commit_action(configuration: Configuration) -> Action:
    """The action, as a person or a project may have worded it. Raises where it can't be used."""
    action = actions(configuration.settings.actions).get(COMMIT.name, COMMIT)
    if action.fault:
        raise StreetraceError(action.fault)
    return action


def require_trusted(configuration: Configuration) -> None:
    """Raise `StreetraceError` unless a person trusts the project: git reads its configuration."""
    project = configuration.project
    if project is None or project.status != "trusted":
        raise StreetraceError(
            "git is asked only in a project that you trust, because a repository's own "
            "configuration can make git start programs.",
            "Run streetrace-lsp init here, or streetrace-lsp trust.",
        )


def commit_ask(
    configuration: Configuration, root: Path, rules: Rules, joins: Joining, instruction: str = ""
) -> Ask:
    """What to ask. Runs git: use a thread. Raises ``StagedError`` and as the functions above."""
    require_trusted(configuration)
    found = staged(root, rules)
    return Ask(
        commit_action(configuration),
        Snapshot(NAME, found.diff, "diff"),
        0,
        len(found.diff),
        instruction,
        guidance=joins.guidance,
        kept_out=(*joins.left_out, *found.left_out),
    )


def message_of(answer: str) -> str:
    """The commit message in a model's answer: without a code block around all of it."""
    fenced = _FENCED.fullmatch(answer)
    text = fenced["text"] if fenced is not None else answer
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return "\n".join(lines) + "\n"
