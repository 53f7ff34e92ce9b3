"""What a key or value of a configuration file means, as Markdown. Never shows a secret."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streetrace_lsp.config.effective import effective
from streetrace_lsp.config.expand import references
from streetrace_lsp.config.mend import Path
from streetrace_lsp.config.positions import Place, Positions
from streetrace_lsp.config.providers import PROVIDERS, find_provider
from streetrace_lsp.config.variables import Variables

from .cursor import cursor_at
from .described import documentation, kind
from .keys import key_at
from .resolution import Resolution, in_words, resolve_model, resolve_target
from .targets_in import models_in, targets_in

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration

# Variables that hold an address and no secret.
_ADDRESSES: Final = {name for provider in PROVIDERS.values() for name in provider.base_variables}
_PLACES: Final = {"shell": "set in your shell", ".env": "set in .env", "key store": "stored"}


@dataclass(frozen=True, slots=True)
class Hover:
    """Markdown about the part of the text from ``start`` to ``end``, in code points."""

    text: str
    start: int
    end: int


def hover(text: str, offset: int, configuration: Configuration, *, own: bool) -> Hover | None:
    """What stands at ``offset``; None where there is nothing to say.

    ``own``: whether the file is the user's own. Variables are looked up in a file that is the
    user's or trusted, and in no other; their values are never shown.
    """
    positions = Positions(text)
    path = _at(positions, offset)
    if path is None or key_at(_named(path)) is None:
        # In a broken text a key may seem to stand in another table.
        return _of_key(text, offset, own=own)
    place = positions.places[path]
    inside_value = place.value[0] <= offset <= place.value[1]
    start, end = place.value if inside_value else place.key
    trusted = own or (configuration.project is not None and _is_trusted(configuration))
    variables = configuration.variables if trusted else None
    parts = [
        *_about_key(path, own=own),
        *_about_target(path, configuration),
        *_about_backend(path, configuration),
        *_about_variables(text[slice(*place.value)], variables),
        *_in_effect(path, configuration),
    ]
    return Hover("\n\n".join(parts), start, end) if parts else None


def _of_key(text: str, offset: int, *, own: bool) -> Hover | None:
    """What the key at ``offset`` does; nothing of its value."""
    cursor = cursor_at(text, offset)
    word = text[cursor.start : cursor.end]
    path = (*cursor.path, word) if cursor.place in {"key", "header"} else cursor.path
    parts = list(_about_key(path, own=own)) if word and path else []
    return Hover("\n\n".join(parts), cursor.start, cursor.end) if parts else None


def _named(path: Path) -> tuple[str, ...]:
    return tuple(step for step in path if isinstance(step, str))


def _is_trusted(configuration: Configuration) -> bool:
    project = configuration.project
    return project is not None and project.status in {"trusted", "none_needed"}


def _at(positions: Positions, offset: int) -> Path | None:
    """The innermost key or value around ``offset``."""

    def holds(place: Place) -> bool:
        return any(start <= offset <= end for start, end in (place.key, place.value))

    found = [(path, place) for path, place in positions.places.items() if holds(place)]
    return min(found, key=_narrowness, default=(None, None))[0]


def _narrowness(found: tuple[Path, Place]) -> tuple[int, int]:
    path, place = found
    return place.value[1] - place.value[0], -len(path)


def _about_key(path: Path, *, own: bool) -> Iterator[str]:
    named = _named(path)
    key = key_at(named)
    if key is None:
        return
    shown = ".".join(named)
    yield f"**{shown}** ({kind(key)})"
    said = documentation(key, from_project=not own)
    if said and (key.description or not key.is_table):
        yield said


def _about_target(path: Path, configuration: Configuration) -> Iterator[str]:
    settings = configuration.written or configuration.settings
    for place, target, task in targets_in(settings):
        if place == path:
            found = resolve_target(configuration, target, task)
            words = in_words(found) if isinstance(found, Resolution) else [found]
            yield "\n".join(f"- {line}" for line in words)
    for place, backend, model in models_in(settings):
        if place == path:
            known = resolve_model(configuration, backend, model)
            if known is not None:
                yield "\n".join(f"- {line}" for line in in_words(known))


def _about_backend(path: Path, configuration: Configuration) -> Iterator[str]:
    """The provider of a backend: where the cursor is on its name or on the provider's."""
    if len(path) not in {2, 3} or path[0] != "backends" or path[2:] not in {(), ("provider",)}:
        return
    settings = configuration.written or configuration.settings
    backend = settings.backends.get(str(path[1]))
    provider = find_provider(backend.provider) if backend is not None else None
    if provider is None:
        return
    lines = [f"Provider: {provider.title}"]
    address = (backend.api_base if backend is not None else None) or provider.base
    if address:
        lines.append(f"Address: {_without_login(address)}")
    if provider.key_variables:
        lines.append(f"Its own key variable: {' or '.join(provider.key_variables)}")
    yield "\n".join(f"- {line}" for line in lines)


def _about_variables(value: str, variables: Variables | None) -> Iterator[str]:
    from streetrace_lsp.routing.key_found import place_of

    for name in references(value):
        if variables is None:
            yield f"`{name}` is looked up once the project is trusted."
        elif variables.has(name):
            said = f"`{name}` is {_PLACES[place_of(name, variables)]}"
            yield f"{said}: {_address(name, variables)}." if name in _ADDRESSES else f"{said}."
        else:
            yield f"`{name}` is not set."


def _address(name: str, variables: Variables) -> str:
    """The address in a variable that is known to hold one, without a login."""
    return f"`{_without_login(variables.get(name) or '')}`"


def _in_effect(path: Path, configuration: Configuration) -> Iterator[str]:
    """The value that holds, where it is not the one of this file."""
    dotted = ".".join(str(step) for step in path)
    for key, shown, source in effective(configuration):
        if key == dotted and source not in {"project", "user", "default"}:
            yield f"In effect: `{shown}` ({source})"


def _without_login(address: str) -> str:
    head, at, rest = address.rpartition("@")
    return f"{head.partition('://')[0]}://…@{rest}" if at else address
