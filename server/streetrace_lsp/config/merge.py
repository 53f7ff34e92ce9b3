"""One configuration out of several: the project's file, the user's, and the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from streetrace_lsp.errors import StreetraceError

from .variables import Variables

if TYPE_CHECKING:
    from .model import Settings

Source = Literal["environment", "project", "user", "accepted offer"]

# The strictest of these wins, wherever it stands.
LIMITS: Final = ("max_tokens", "timeout", "first_token_timeout", "idle_timeout")


class OverrideError(StreetraceError):
    """A STREETRACE_ variable that can't be used."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the environment says; ``log`` comes from the user's shell alone."""

    model: str | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    log: str | None = None


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


def merge(project: Settings | None, user: Settings, given: Overrides) -> Merged:
    """The settings in effect.

    The environment beats the project, the project the user. A backend or action of the
    project replaces the user's of that name as a whole, so that no address of the one ever
    meets a key of the other. A project that names a model speaks for every task. Limits,
    ``local_only``, ``confirm`` and ``enabled = false`` only ever narrow.
    """
    sources: dict[str, Source] = {}
    defaults = _defaults(project, user, given, sources)
    values: dict[str, Any] = {"defaults": defaults}
    for name in ("backends", "actions", "tasks"):
        values[name] = _tables(name, project, user, sources)
    _tighten(values, project, user, given, defaults)
    if given.model:
        values["model"], sources["model"] = given.model, "environment"
    elif project is not None and project.model:
        values["model"], sources["model"] = project.model, "project"
    else:
        values["model"] = user.model
        if user.model:
            sources["model"] = "user"
    for name in ("local_only", "confirm"):
        values[name] = _either(name, project, user, sources, wanted=True)
    values["enabled"] = not _either("enabled", project, user, sources, wanted=False)
    return Merged(user.model_copy(update=values), sources)


def _defaults(
    project: Settings | None, user: Settings, given: Overrides, sources: dict[str, Source]
) -> Any:
    values: dict[str, Any] = {}
    for name in type(user.defaults).model_fields:
        mine, theirs = getattr(user.defaults, name), None
        source: Source = "user"
        if project is not None:
            theirs = getattr(project.defaults, name)
        chosen = getattr(given, name, None)
        if chosen is not None:
            mine, source = chosen, "environment"
        wins = (mine is None or theirs < mine) if theirs and name in LIMITS else chosen is None
        if theirs is not None and wins:
            mine, source = theirs, "project"
        if mine is not None:
            values[name], sources[f"defaults.{name}"] = mine, source
    return user.defaults.model_copy(update=values)


def _tables(
    name: str, project: Settings | None, user: Settings, sources: dict[str, Source]
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


def _tighten(
    values: dict[str, Any],
    project: Settings | None,
    user: Settings,
    given: Overrides,
    defaults: Any,
) -> None:
    """A project's backend can't raise the user's token limit."""
    limit = given.max_tokens or user.defaults.max_tokens
    for name in project.backends if project is not None and limit else ():
        backend = values["backends"][name]
        if backend.max_tokens is not None and backend.max_tokens > limit:
            values["backends"][name] = backend.model_copy(update={"max_tokens": limit})


def _either(
    name: str, project: Settings | None, user: Settings, sources: dict[str, Source], *, wanted: bool
) -> bool:
    """Whether one of the files says ``wanted``; the user's is named first."""
    if getattr(user, name) is wanted:
        sources[name] = "user"
        return True
    if project is not None and getattr(project, name) is wanted:
        sources[name] = "project"
        return True
    return False


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
