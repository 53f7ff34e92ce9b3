"""Which of a project's rules files join a request, and why others do not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from streetrace_lsp.config.rules_files import RulesFile, rules_files
from streetrace_lsp.prompts.build import Guidance
from streetrace_lsp.prompts.withheld import IgnoreFiles, Rules, may_send

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.config.trust import TrustState


@dataclass(frozen=True)
class Joining:
    """``guidance`` joins the request. ``left_out``: files that do not, each with the reason.
    ``pending``: those of them that a person can agree to."""

    guidance: tuple[Guidance, ...] = ()
    left_out: tuple[str, ...] = ()
    pending: tuple[RulesFile, ...] = ()


def rules_of(configuration: Configuration, files: IgnoreFiles) -> Rules:
    """What is kept out of prompts under a configuration."""
    return Rules(tuple(configuration.settings.context.exclude), files)


def joining(
    configuration: Configuration,
    state: TrustState,
    rules: Rules,
    document: Path | None,
    root: Path | None,
) -> Joining:
    """The rules files for ``document`` in the workspace folder ``root``, as they are now."""
    if document is None or root is None or not configuration.settings.context.rules:
        return Joining()
    project = configuration.project
    trusted = project is None or project.status in {"trusted", "none_needed"}
    guidance: list[Guidance] = []
    left_out: list[str] = []
    pending: list[RulesFile] = []
    for one in rules_files(document, root):
        reason = one.fault or may_send(root, one.path, rules)
        status = one.status(state)
        if reason is None or not reason:
            if configuration.restricted:
                reason = "your editor restricts this folder"
            elif not trusted:
                reason = "the project is not trusted"
            elif status == "denied":
                reason = "you chose never to send it"
            elif status == "restricted":
                reason = "you have not agreed to it as it is now"
                pending.append(one)
        if reason:
            left_out.append(f"{one.name} ({reason})")
        else:
            guidance.append(Guidance(one.name, one.text))
    return Joining(tuple(guidance), tuple(left_out), tuple(pending))
