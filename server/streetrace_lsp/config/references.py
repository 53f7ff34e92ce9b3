"""Values that are well-formed and still mean nothing: backends, tasks, actions, variables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .expand import references
from .findings import Finding
from .key_names import no_key, own_variable
from .mend import Mend, remove, rename, text
from .odd_actions import odd_action
from .odd_addresses import misread_addresses
from .odd_backends import odd_backend, with_variables
from .provider_names import MISNAMED
from .target_strings import nearest
from .variables import Variables

if TYPE_CHECKING:
    from .model import Settings


def odd_values(settings: Settings) -> list[Finding]:
    """What one file says that can't work, whatever stands elsewhere."""
    return [
        *(f for name, backend in settings.backends.items() for f in odd_backend(name, backend)),
        *(f for name, one in settings.backends.items() for f in misread_addresses(name, one)),
        *_tasks(settings),
        *(f for name, action in settings.actions.items() for f in odd_action(name, action)),
        *_requires(settings),
    ]


def key_variables(settings: Settings) -> tuple[str, ...]:
    """The variables that the backends take their keys from, by name alone, in their order."""
    found: dict[str, None] = {}
    for name, backend in settings.backends.items():
        named = [one for _, value in with_variables(name, backend) for one in references(value)]
        if backend.api_key is None and (own := own_variable(backend.model_dump())):
            named.insert(0, own)
        found.update(dict.fromkeys(one for one in named if no_key(one) is None))
    return tuple(found)


def unset_variables(own: Settings, variables: Variables) -> list[Finding]:
    """The variables that one file's backends name and that have no value.

    For files that the user owns or trusts: it looks each variable up.
    """
    return [
        Finding(
            path,
            "value",
            "unset-variable",
            f"{variable} is not set.",
            unset_hint(variable, variables),
            "warning",
            _set_ones(value, variable, variables),
        )
        for name, backend in own.backends.items()
        for path, value in with_variables(name, backend)
        for variable in references(value)
        if ":-" not in value and not variables.has(variable)
    ]


def _set_ones(value: str, variable: str, variables: Variables) -> tuple[Mend, ...]:
    """The variables that are set and were probably meant."""
    return tuple(
        text(value.replace(f"${{{variable}}}", f"${{{wrong}}}"))
        for wrong, right in MISNAMED.items()
        if right == variable and variables.has(wrong)
    )


def unset_hint(variable: str, variables: Variables) -> str:
    """What to do about a variable without a value."""
    for wrong, right in MISNAMED.items():
        if right == variable and variables.has(wrong):
            return f"{wrong} is set. Did you mean {variable}? Run: export {variable}=…"
    export = f"Run: export {variable}=…, and start the editor from that shell"
    if no_key(variable):
        return f"{export}."  # an address is not stored with the keys
    if variables.in_editor:
        return f"Store {variable} with the command “Streetrace: Set API Key…”."
    return f"{export}; or store it for every editor: streetrace-lsp key set {variable}"


def _tasks(settings: Settings) -> Iterator[Finding]:
    from .model import CHAT_TASK, TASKS

    known = [*TASKS, CHAT_TASK, *settings.actions]
    for task in settings.tasks:
        if task not in known:
            near = nearest(task, known)
            yield Finding(
                ("tasks", task),
                "key",
                "unknown-task",
                f"There is no task {task}.",
                f"Did you mean {near}?" if near else f"Known: {', '.join(known)}.",
                "warning",
                (rename(near), remove(task)) if near else (remove(task),),
            )


def _requires(settings: Settings) -> Iterator[Finding]:
    from streetrace_lsp import __version__

    from .requires import satisfies

    if settings.requires and not satisfies(__version__, settings.requires):
        yield Finding(
            ("requires",),
            "value",
            "requires",
            f"This file asks for Streetrace {settings.requires}; this one is {__version__}.",
            "Update streetrace-lsp.",
        )
