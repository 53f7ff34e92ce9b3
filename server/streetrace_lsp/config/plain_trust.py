"""How far a project's file is trusted, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .configuration import Project
from .readable import escaped


@dataclass(frozen=True, slots=True)
class PlainTrust:
    """``words``: the state in a phrase. ``next_step``: what to do about it, if anything."""

    words: str
    next_step: str = ""


_PLAIN: Final = {
    "trusted": "you trust it",
    "none_needed": "it asks for nothing that needs trust",
    "denied": "you chose never to trust it, so nothing of it is used but its limits",
    "restricted": "you have not trusted it yet, so nothing of it is used but its limits",
}


def plain_trust(project: Project) -> PlainTrust:
    """The state of ``project``, and the command that changes it where it needs to change."""
    path = escaped(str(project.path))
    if project.status == "denied":
        step = f"To change your mind, run: streetrace-lsp trust --revoke {path}"
        return PlainTrust(_PLAIN["denied"], step)
    if project.question is None:
        return PlainTrust(_PLAIN[project.status])
    step = f"Look at it; to agree, run: {project.question.command}"
    if project.status == "trusted":
        return PlainTrust("you trust it, but not yet every address that it uses", step)
    return PlainTrust(_PLAIN[project.status], step)
