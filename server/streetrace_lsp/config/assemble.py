"""From the files and the trust store to the configuration in effect."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from streetrace_lsp.errors import StreetraceError

from .configuration import Configuration, ConfigurationError, Project, ProjectStatus
from .dotenv import DOTENV_NAME, read_dotenv
from .editor_settings import NONE, EditorSettings
from .find import UnreadableError, inside, is_foreign, owner_name
from .findings import place
from .layer import Layer
from .merge import Merged, OverrideError, Overrides, merge, overrides
from .model import Settings
from .needed import has_own_base, used_backends, variable_names
from .odd_addresses import barred_targets, unusable_addresses
from .odd_targets import odd_targets
from .pin import canonical, difference, digest
from .problems import Problem
from .question import Question, Subject, grant_question, trust_question, uses
from .readable import escaped
from .references import unset_variables
from .tiers import only_free
from .tracked import is_tracked
from .trust import TrustState, real
from .variables import Variables

_NOTHING_TO_TRUST = digest(canonical({}))


@dataclass(frozen=True)
class Parts:
    """Everything that a configuration is made of. ``project`` is None where there is no file.

    ``stands``: where ``project`` is what a person types, the file as it stands on the disk. It
    decides how far what is typed is trusted.
    """

    user_path: Path
    user: Layer | None
    project: Layer | None
    root: Path | None
    state: TrustState
    variables: Variables
    switched: str | None = None
    editor: EditorSettings = NONE
    stands: Layer | None = None


def assemble(parts: Parts) -> Configuration:
    """The configuration in effect. Reads a trusted project's `.env`, and nothing else."""
    user = (parts.user and parts.user.settings) or Settings()
    problems = [*(parts.user.problems if parts.user else ())]
    fault = _fault(parts.user)
    layer, root = parts.project, parts.root
    if layer is not None and root is not None and not inside(layer.path, root):
        problems.append(_outside(layer.path))
        layer = None
    status: ProjectStatus = "none_needed"
    used: Settings | None = None
    variables = parts.variables
    if layer is not None and root is not None:
        problems += layer.problems
        fault = fault or _fault(layer)
        status = _status(layer, parts.state, parts.stands)
        if parts.editor.restricted and status == "trusted":
            status = "restricted"
        if layer.settings is not None and layer.table is not None:
            used = (
                layer.settings
                if status == "trusted"
                else Settings.model_validate(only_free(layer.table))
            )
            if status == "trusted":
                variables, found = _with_dotenv(layer, user, root, variables)
                problems += found
    given, bad = _overrides(variables, parts.switched)
    trusted = status == "trusted"
    merged = _accepted(merge(used, user, given, parts.editor, trusted=trusted), parts.state)
    own_base = has_own_base(parts.variables)
    if parts.user is not None and parts.user.settings is not None:
        problems += _meaning(
            parts.user, merge(None, user, given).settings, variables, own_base=own_base
        )
        problems += _reach(parts.user, merge(None, user, given).settings, variables)
    mine = parts.user.partial.settings if parts.user and parts.user.partial else user
    problems += _rest(parts.user, mine, own_base=own_base)
    problems += _rest(layer if root is not None else None, mine, own_base=own_base)
    project = None
    if layer is not None and root is not None:
        question = None
        backends: frozenset[str] = frozenset()
        if layer.settings is not None:
            whole = merge(layer.settings, user, given).settings
            backends = frozenset(layer.settings.backends)
            # In a workspace that the editor restricts there is nothing to agree to.
            if not parts.editor.restricted:
                question = _question(layer, status, whole, parts.state, variables)
            # Before trust no variable is looked up because of a project.
            known = variables if status == "trusted" else None
            problems += _meaning(layer, whole, known, own_base=own_base)
            problems += _reach(layer, whole, variables, from_project=True)
        project = Project(layer.path, root, status, question, backends)
    return Configuration(
        merged.settings,
        tuple(problems),
        project,
        merged.sources,
        variables,
        parts.state.grants,
        given,
        parts.state.offers,
        parts.user_path,
        fault or bad,
        _written(layer if root is not None else None, mine, given),
        parts.editor.restricted,
    )


def _written(layer: Layer | None, user: Settings, given: Overrides) -> Settings:
    if layer is None:
        return merge(None, user, given).settings
    settings = layer.partial.settings if layer.partial is not None else layer.settings
    return merge(settings, user, given).settings


def _fault(layer: Layer | None) -> StreetraceError | None:
    """Why nothing may be asked because of this file."""
    if layer is None:
        return None
    if layer.settings is None:
        return ConfigurationError(layer.fault, "Until it is corrected nothing is asked.")
    return _too_new(layer)


def _too_new(layer: Layer) -> StreetraceError | None:
    unmet = next((problem for problem in layer.problems if problem.code == "requires"), None)
    if unmet is None:
        return None
    return ConfigurationError(f"{escaped(str(layer.path))}: {unmet.message}", unmet.suggestion)


def _status(layer: Layer, state: TrustState, stands: Layer | None) -> ProjectStatus:
    if stands is not None and _status(stands, state, None) == "trusted":
        return "trusted"
    if layer.settings is None:
        return "restricted"
    if layer.sha256 == _NOTHING_TO_TRUST:
        return "none_needed"
    if state.fault:
        return "restricted"
    return state.status(real(layer.path), layer.sha256, layer.owner)


def _outside(path: Path) -> Problem:
    message = "This file is a link to a place outside the workspace, so it is not used."
    return Problem(path, 0, 0, "error", "outside", message, "Put the file itself here.")


def _with_dotenv(
    layer: Layer, user: Settings, root: Path, variables: Variables
) -> tuple[Variables, list[Problem]]:
    names = variable_names(merge(layer.settings, user, Overrides()).settings)
    path = layer.path.parent / DOTENV_NAME
    try:
        found = read_dotenv(layer.path.parent, root, names)
    except UnreadableError as error:
        reason = f"{DOTENV_NAME} is not used: {error}."
        return variables, [Problem(path, 0, 0, "warning", "dotenv", reason)]
    problems = []
    if found and is_tracked(path, root):
        message = f"git tracks {DOTENV_NAME}, so its keys are in the repository."
        step = f"Run: git rm --cached {DOTENV_NAME}, ignore it, and replace the keys."
        problems.append(Problem(path, 0, 0, "warning", "dotenv", message, step))
    return replace(variables, dotenv=found), problems


def _overrides(
    variables: Variables, switched: str | None
) -> tuple[Overrides, StreetraceError | None]:
    try:
        return replace(overrides(variables), switched=switched or None), None
    except OverrideError as error:
        return Overrides(switched=switched or None), error


def _accepted(merged: Merged, state: TrustState) -> Merged:
    """Where no file names a model, what the user accepted when it was offered."""
    accepted = next((target for target in state.offers.values() if target), None)
    if merged.settings.model or merged.settings.tasks or accepted is None:
        return merged
    return Merged(
        merged.settings.model_copy(update={"model": accepted}),
        {**merged.sources, "model": "accepted offer"},
    )


def _question(
    layer: Layer, status: ProjectStatus, whole: Settings, state: TrustState, variables: Variables
) -> Question | None:
    """What to ask at the next action: about trust, about missing grants, or nothing."""
    settings = layer.settings
    if settings is None or status in {"denied", "none_needed"}:
        return None
    found = uses(used_backends(settings, whole), variables, state.grants)
    subject = Subject(layer.path, layer.sha256, layer.summary, layer.owner)
    if status == "trusted":
        return grant_question(subject, found.missing) if found.missing else None
    foreign = owner_name(layer.owner) if layer.owner is not None and is_foreign(layer.owner) else ""
    subject = replace(subject, foreign=foreign, changed=_changed(layer, state))
    return trust_question(subject, settings, found)


def _changed(layer: Layer, state: TrustState) -> str:
    pin = state.pins.get(real(layer.path))
    if pin is None:
        return ""
    changed = difference(pin.summary, layer.summary)
    if pin.owner != layer.owner and layer.owner is not None:
        changed = f"{changed}\nThe file now belongs to {owner_name(layer.owner)}.".strip()
    return changed or "A value that is not shown here."


def _meaning(
    layer: Layer, whole: Settings, known: Variables | None, *, own_base: bool
) -> tuple[Problem, ...]:
    """What is well-formed and still can't work: unclear targets, and unset variables where
    ``known`` says that they may be looked up."""
    if layer.settings is None or not layer.current:
        return ()
    findings = odd_targets(layer.settings, whole, own_base=own_base)
    if known is not None:
        findings += unset_variables(layer.settings, known)
    return place(layer.path, layer.text, findings)


def _reach(
    layer: Layer, whole: Settings, variables: Variables, *, from_project: bool = False
) -> tuple[Problem, ...]:
    """What can't be reached: no usable address, or one that `local_only` forbids."""
    if layer.settings is None or not layer.current:
        return ()
    findings = [
        *unusable_addresses(layer.settings, variables, from_project=from_project),
        *barred_targets(layer.settings, whole, variables, from_project=from_project),
    ]
    return place(layer.path, layer.text, findings)


def _rest(layer: Layer | None, user: Settings, *, own_base: bool) -> tuple[Problem, ...]:
    """The unclear targets of a file of which a value can't be used."""
    if layer is None or layer.partial is None:
        return ()
    own = layer.partial.settings
    findings = odd_targets(own, merge(own, user, Overrides()).settings, own_base=own_base)
    return place(layer.path, layer.text, layer.partial.about_the_rest(findings))
