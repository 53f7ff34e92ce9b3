"""One configuration out of several: the project's file, the user's, and the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from streetrace_lsp.errors import StreetraceError

from .editor_settings import NONE, EditorSettings
from .limiting import Source, Sources, budget, context, narrowed, prices, review, strictest
from .variables import Variables

if TYPE_CHECKING:
    from .model import Settings

_USER: Final[Source] = "user"
_PROJECT: Final[Source] = "project"
# Tables that a project says nothing about.
_USERS: Final = frozenset({"network", "model_host"})
# The strictest of these wins, wherever it stands.
LIMITS: Final = ("max_tokens", "timeout", "first_token_timeout", "idle_timeout")


class OverrideError(StreetraceError):
    """A STREETRACE_ variable that can't be used."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the environment says; ``log`` comes from the user's shell alone.

    ``switched`` is the target that the person switched to in the editor.
    """

    model: str | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    log: str | None = None
    switched: str | None = None


@dataclass(frozen=True)
class Merged:
    """The settings in effect, and by dotted key where each value that was set comes from."""

    settings: Settings
    sources: Mapping[str, Source]


def overrides(variables: Variables) -> Overrides:
    """STREETRACE_MODEL, _TEMPERATURE, _MAX_TOKENS and _LOG. Raises `OverrideError`."""
    temperature = variables.get("STREETRACE_TEMPERATURE")
    max_tokens = variables.get("STREETRACE_MAX_TOKENS")
    return Overrides(
        model=variables.get("STREETRACE_MODEL"),
        temperature=_number("STREETRACE_TEMPERATURE", temperature, 0, 2),
        max_tokens=None
        if max_tokens is None
        else int(_number("STREETRACE_MAX_TOKENS", max_tokens, 1, 10_000_000) or 0),
        log=variables.shell_only().get("STREETRACE_LOG"),
    )


def merge(
    project: Settings | None,
    user: Settings,
    given: Overrides,
    editor: EditorSettings = NONE,
    *,
    trusted: bool = False,
) -> Merged:
    """The settings in effect; ``project`` holds only what it may say, ``trusted`` or not.

    The switch beats the environment, that the project, that the editor, and that the user's
    file. A backend, action or pool of the project replaces the user's of that name as a whole, so
    that no address of the one ever meets a key of the other. A project that names a model
    speaks for every task, and for what is tried when it fails. Limits, the budget,
    ``local_only``, ``confirm``, ``review`` and ``enabled = false`` only ever narrow.
    """
    sources: Sources = {}
    values: dict[str, Any] = {"defaults": _defaults(project, user, given, editor, sources)}
    for name in ("backends", "actions", "pools", "tasks"):
        values[name] = _tables(name, project, user, sources)
    _tighten(values, project, user, given, editor)
    values["model"] = _model(project, user, given, _models(editor, trusted=trusted), sources)
    values["fallbacks"] = _fallbacks(project, user, sources)
    for name in ("cache", "context", "model_selector", "network", "model_host"):
        theirs = getattr(project, name) if project is not None else None
        values[name] = _keys(name, None if name in _USERS else theirs, getattr(user, name), sources)
    values["context"] = context(values["context"], project, user, sources)
    values["budget"] = budget(project, user, sources)
    values["prices"] = prices(project, user, sources)
    for name in ("local_only", "confirm"):
        values[name] = narrowed(name, project, user, sources, wanted=True)
    values["review"] = review(project, user, sources)
    values["enabled"] = not narrowed("enabled", project, user, sources, wanted=False)
    return Merged(user.model_copy(update=values), sources)


def _model(
    project: Settings | None,
    user: Settings,
    given: Overrides,
    editors: str | None,
    sources: Sources,
) -> str | None:
    candidates: tuple[tuple[Source, str | None], ...] = (
        ("switch", given.switched),
        ("environment", given.model),
        ("project", project.model if project is not None else None),
        ("editor", editors),
        ("user", user.model),
    )
    for source, model in candidates:
        if model:
            sources["model"] = source
            return model
    return None


def _models(editor: EditorSettings, *, trusted: bool) -> str | None:
    """The model of the editor: a workspace's own only where the project is trusted."""
    return (editor.model if trusted else None) or editor.user_model


def _fallbacks(project: Settings | None, user: Settings, sources: Sources) -> list[str] | None:
    """A project's own, also none at all where it names a model: the user's go with the user's."""
    found, source = user.fallbacks, _USER
    if project is not None and (project.model or project.fallbacks):
        found, source = project.fallbacks, _PROJECT
    if found:
        sources["fallbacks"] = source
    return found


def _defaults(
    project: Settings | None,
    user: Settings,
    given: Overrides,
    editor: EditorSettings,
    sources: Sources,
) -> Any:
    values: dict[str, Any] = {}
    for name in type(user.defaults).model_fields:
        own: list[tuple[Source, Any]] = [
            ("user", getattr(user.defaults, name)),
            ("editor", editor.user_numbers.get(name)),
        ]
        others: list[tuple[Source, Any]] = [
            ("editor", editor.numbers.get(name)),
            ("project", getattr(project.defaults, name) if project is not None else None),
        ]
        shell: Source = "environment"
        chosen = getattr(given, name, None)
        if name in LIMITS:
            # The user's shell speaks for the user; nobody raises what the user says.
            found = strictest([*([(shell, chosen)] if chosen is not None else own), *others])
        else:
            found = _last([*own, *others, (shell, chosen)])
        if found is not None:
            sources[f"defaults.{name}"], values[name] = found
    return user.defaults.model_copy(update=values)


def _last(given: list[tuple[Source, Any]]) -> tuple[Source, Any] | None:
    return next((pair for pair in reversed(given) if pair[1] is not None), None)


def _tables(
    name: str, project: Settings | None, user: Settings, sources: Sources
) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    if name != "tasks" or project is None or not project.model:
        merged.update(getattr(user, name))
        sources.update({f"{name}.{key}": "user" for key in merged})
    if project is not None:
        theirs = getattr(project, name)
        merged.update(theirs)
        sources.update({f"{name}.{key}": "project" for key in theirs})
    return merged


def _keys(name: str, project: Any, user: Any, sources: Sources) -> Any:
    """A table key by key: what the project says, and else the user."""
    values: dict[str, Any] = {}
    for key in type(user).model_fields:
        mine, theirs = getattr(user, key), getattr(project, key, None)
        if hasattr(mine, "model_fields_set"):
            values[key] = _keys(f"{name}.{key}", theirs, mine, sources)
        elif project is not None and key in project.model_fields_set:
            values[key], sources[f"{name}.{key}"] = theirs, "project"
        elif key in user.model_fields_set:
            sources[f"{name}.{key}"] = "user"
    return user.model_copy(update=values)


def _tighten(
    values: dict[str, Any],
    project: Settings | None,
    user: Settings,
    given: Overrides,
    editor: EditorSettings,
) -> None:
    """A project's backend can't raise the user's token limit."""
    own = strictest(
        [("user", user.defaults.max_tokens), ("editor", editor.user_numbers.get("max_tokens"))]
    )
    limit = given.max_tokens or (own[1] if own else None)
    for name in project.backends if project is not None and limit else ():
        backend = values["backends"][name]
        if backend.max_tokens is not None and backend.max_tokens > limit:
            values["backends"][name] = backend.model_copy(update={"max_tokens": limit})


def _number(name: str, text: str | None, lowest: float, highest: float) -> float | None:
    if text is None:
        return None
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not lowest <= number <= highest:
        raise OverrideError(
            f"{name} is not a number from {lowest} to {highest}.", f"Correct it, or unset {name}."
        )
    return number
