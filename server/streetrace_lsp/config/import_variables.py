"""Backends for the key variables that are set, by their names alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .draft import Draft
from .providers import PROVIDERS, Provider


def import_variables(has: Callable[[str], bool], draft: Draft, *, choose: bool = True) -> list[str]:
    """Add a backend for each provider whose key variable is there; the variables that were used.

    ``has`` tells whether a name is set; a value is never looked at. A provider of which no model
    can be guessed, or whose address is needed, becomes a suggestion. ``choose``: whether the
    first of them answers.
    """
    used: list[str] = []
    for provider, variable in _found(has):
        used.append(variable)
        base = next((name for name in provider.base_variables if has(name)), None)
        if not provider.starter or base is not None:
            draft.suggestions[provider.name] = _suggestion(provider, variable, base)
            continue
        name = draft.free_name(provider.name)
        key = f"${{{variable}}}"
        draft.backends[name] = {
            "provider": provider.name, "api_key": key, "model": provider.starter,
        }  # fmt: skip
        draft.remark(name, f"{variable} is set. Your code would be sent to {provider.title}.")
        if choose:
            draft.choose(name, [])
    return used


def _found(has: Callable[[str], bool]) -> Iterator[tuple[Provider, str]]:
    """Each provider with the first of its variables that is set; one variable only once."""
    used: set[str] = set()
    for provider in PROVIDERS.values():
        logins = (*provider.login_variables, *(name for _, name in provider.credentials))
        for variable in (*provider.key_variables, *logins):
            if variable not in used and has(variable):
                used.add(variable)
                yield provider, variable
                break


def _suggestion(provider: Provider, variable: str, base: str | None) -> str:
    also = f", and {base}" if base else ""
    lines = [
        f"{variable} is set{also}. To use {provider.title}, name a model; `model`, further up, "
        "says which backend answers:"
    ]
    lines += [f"[backends.{provider.name}]", f'provider = "{provider.name}"']
    if base is None and provider.base is None and not provider.origins:
        lines.append('api_base = "https://…"')
    if variable in provider.key_variables:
        lines.append(f'api_key = "${{{variable}}}"')
    return "\n".join([*lines, 'model = "…"'])
