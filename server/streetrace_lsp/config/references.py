"""Values that are well-formed and still mean nothing: providers, targets, tasks, variables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from .expand import broken_reference, references
from .findings import Finding, Path
from .provider_names import MISNAMED, REFUSED
from .providers import PROVIDERS, find_provider
from .target_strings import TargetError, choose, nearest
from .variables import Variables

if TYPE_CHECKING:
    from .model import Backend, Settings

_OLLAMA: Final = (PROVIDERS["ollama"], None)


def odd_values(settings: Settings) -> list[Finding]:
    """What one file says that can't work, whatever stands elsewhere."""
    return [
        *(f for name, backend in settings.backends.items() for f in _backend(name, backend)),
        *_tasks(settings),
        *_actions(settings),
        *_requires(settings),
    ]


def odd_targets(own: Settings, effective: Settings, *, own_base: bool) -> list[Finding]:
    """The target strings of one file that mean nothing, or several things, in the whole."""
    findings: list[Finding] = []
    targets: list[tuple[Path, str, str]] = []
    if own.model:
        # Every task may come here; one that finds no model of its own says so when it is run.
        targets.append((("model",), own.model, "edit"))
    targets += [(("tasks", task), target, task) for task, target in own.tasks.items()]
    targets += [
        (("actions", name, "model"), action.model, name)
        for name, action in own.actions.items()
        if action.model
    ]
    for path, target, task in targets:
        try:
            choose(target, effective, task, own_base=own_base)
        except TargetError as error:
            findings.append(
                Finding(path, "value", "unclear-target", error.message, error.next_step)
            )
    return findings


def unset_variables(own: Settings, variables: Variables) -> list[Finding]:
    """The variables that one file's backends name and that have no value.

    For files that the user owns or trusts: it looks each variable up.
    """
    findings: list[Finding] = []
    for name, backend in own.backends.items():
        for key in ("api_key", "api_base"):
            value = getattr(backend, key)
            for variable in references(value) if value else ():
                if ":-" in value or variables.get(variable):
                    continue
                findings.append(
                    Finding(
                        ("backends", name, key),
                        "value",
                        "unset-variable",
                        f"{variable} is not set in the environment of the editor.",
                        unset_hint(variable, variables),
                        "warning",
                    )
                )
    return findings


def unset_hint(variable: str, variables: Variables) -> str:
    """What to do about a variable without a value."""
    for wrong, right in MISNAMED.items():
        if right == variable and variables.get(wrong):
            return f"{wrong} is set. Did you mean {variable}? Run: export {variable}=…"
    return f"Run: export {variable}=…, and start the editor from that shell."


def _backend(name: str, backend: Backend) -> Iterator[Finding]:
    if find_provider(backend.provider) is None:
        reason = REFUSED.get(backend.provider.lower())
        near = nearest(backend.provider, list(PROVIDERS))
        yield Finding(
            ("backends", name, "provider"),
            "value",
            "unknown-provider",
            f"The provider {backend.provider} is left out on purpose: {reason}."
            if reason
            else f"There is no provider {backend.provider} on the reviewed list.",
            f'Did you mean "{near}"?'
            if near and not reason
            else 'For an OpenAI-compatible server write provider = "openai" and api_base.',
        )
    values = {"api_key": backend.api_key, "api_base": backend.api_base}
    for key, value in values.items():
        if value and broken_reference(value):
            yield Finding(
                ("backends", name, key),
                "value",
                "broken-variable",
                f"{key} has a ${{ that begins no variable.",
                "Write ${VARIABLE} or ${VARIABLE:-default}.",
            )
    for key in ("num_ctx", "keep_alive", "think"):
        if getattr(backend, key) is not None and find_provider(backend.provider) not in _OLLAMA:
            yield Finding(
                ("backends", name, key),
                "key",
                "no-effect",
                f"{key} has an effect with Ollama only.",
                f"Remove it, or set the server's own field under [backends.{name}.extra_body].",
                "warning",
            )
    if backend.provider == "replay" and not backend.recordings:
        yield Finding(
            ("backends", name),
            "key",
            "missing-key",
            f"[backends.{name}] needs recordings.",
            'Write recordings = "FOLDER" under it.',
        )


def _tasks(settings: Settings) -> Iterator[Finding]:
    from .model import TASKS

    known = [*TASKS, *settings.actions]
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
            )


def _actions(settings: Settings) -> Iterator[Finding]:
    from .model import TASKS

    for name, action in settings.actions.items():
        if action.prompt is None and name not in TASKS:
            near = nearest(name, list(TASKS))
            yield Finding(
                ("actions", name),
                "key",
                "missing-key",
                f"[actions.{name}] needs prompt.",
                f"Did you mean {near}?" if near else 'Write prompt = "…" under it.',
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
