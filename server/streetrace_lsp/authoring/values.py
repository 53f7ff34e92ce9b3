"""The values and the free names that fit at a place: targets, models, providers, variables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from streetrace_lsp.config.families import family
from streetrace_lsp.config.mend import Path
from streetrace_lsp.config.providers import PROVIDERS, Provider, find_provider

from .cursor import Cursor
from .keys import choices, key_at
from .known import Known

if TYPE_CHECKING:
    from streetrace_lsp.config.model import Backend

_LOCAL_ADDRESSES: Final = {
    "ollama": ("http://localhost:11434",),
    "lm_studio": ("http://localhost:1234/v1",),
    "hosted_vllm": ("http://localhost:8000/v1",),
    "litellm_proxy": ("http://localhost:4000",),
    "openai": ("http://localhost:8080/v1",),
}
_LANGUAGES: Final = (
    *("python", "javascript", "typescript", "javascriptreact", "typescriptreact", "go", "rust"),
    *("java", "c", "cpp", "csharp", "ruby", "php", "shellscript", "markdown", "toml", "yaml"),
)
_MODEL_KEYS: Final = frozenset({"model", "models"})
# Of a seller with thousands of models not all are shown at once.
_MOST_MODELS: Final = 300


@dataclass(frozen=True, slots=True)
class Value:
    """``text`` as it means, without quotes; ``is_text``: whether it needs them in TOML."""

    text: str
    detail: str = ""
    documentation: str = ""
    kind: Literal["value", "name", "variable"] = "value"
    is_text: bool = True


def values(cursor: Cursor, known: Known) -> Iterator[Value]:
    """What can be the value of the key at the cursor, the likeliest first."""
    path = tuple(step for step in cursor.path if isinstance(step, str))
    key = key_at(path)
    if cursor.place == "text" or key is None:
        return
    if _is_target(path):
        yield from targets(known)
    elif path[0] == "backends" and len(path) > 2:
        yield from _of_backend(path, known)
    elif path == ("defaults", "embedding_backend"):
        yield from _embedding_backends(known)
    elif path[0] == "actions" and path[-1] == "languages":
        yield from (Value(name) for name in _LANGUAGES)
    for choice in choices(key.schema):
        yield Value(_plain(choice), is_text=isinstance(choice, str))
    if not choices(key.schema) and isinstance(key.example, int | float):
        yield Value(_plain(key.example), "for example", is_text=False)


def names(path: Path, known: Known) -> Iterator[Value]:
    """The names that a person is likely to give at ``path``, a table of free names."""
    from streetrace_lsp.config.model import CHAT_TASK, TASKS

    settings = known.settings
    if path == ("tasks",):
        yield from (Value(name, "action") for name in (*TASKS, *settings.actions))
        yield Value(CHAT_TASK, "conversations")
    elif path == ("actions",):
        yield from (Value(name, "a built-in action, changed") for name in TASKS)
    elif path == ("backends",):
        yield from (Value(name, found.title) for name, found in PROVIDERS.items())
    elif path == ("prices",):
        yield from (Value(model) for model in _configured_models(known))
    elif len(path) > 2 and path[2] in {"models", "deployments", "endpoints"}:
        roles = dict.fromkeys(("edit", "chat"))
        roles |= dict.fromkeys(role for one in settings.backends.values() for role in one.models)
        yield from (Value(role, "role") for role in roles)
    elif len(path) > 2 and path[2] == "context_windows":
        yield from _models(str(path[1]), known)


def targets(known: Known) -> Iterator[Value]:
    """Every target string that the configuration gives a meaning, then a model of each provider."""
    from streetrace_lsp.routing.configured import configured_models

    settings = known.settings
    there = {name: one.provider for name, one in settings.backends.items()}
    for name, its in {**there, **known.declared}.items():
        yield Value(name, _title(its), kind="name")
    for entry in configured_models(settings):
        if entry.backend is not None:
            yield Value(entry.target, f"{_title(entry.provider)}: {entry.model}", kind="name")
    for name, pool in settings.pools.items():
        yield Value(name, f"pool of {', '.join(pool)}", kind="name")
    for provider in PROVIDERS.values():
        if provider.starter and provider.name not in settings.backends:
            yield Value(f"{provider.name}/{provider.starter}", provider.title)


def _is_target(path: tuple[str, ...]) -> bool:
    if path in {("model",), ("fallbacks",)} or path[0] in {"tasks", "pools"}:
        return True
    return path[0] == "actions" and path[-1] in {"model", "fallbacks"}


def _of_backend(path: tuple[str, ...], known: Known) -> Iterator[Value]:
    name, key = path[1], path[2]
    provider = _provider_of(name, known)
    if key == "provider":
        yield from _providers(name)
    elif path[-1] == "api_key" or key == "headers":
        yield from _variables(provider, known)
    elif path[-1] in {"api_base", "endpoints"} or key == "endpoints":
        yield from _addresses(provider, known)
    elif key in _MODEL_KEYS or path[-1] == "model":
        yield from _models(name, known)
    elif key == "embedding_model":
        yield from _models(name, known, embedding=True)


def _provider_of(name: str, known: Known) -> Provider | None:
    """A backend's provider as it is written now, else as its name suggests."""
    backend = known.settings.backends.get(name)
    written = known.declared.get(name) or (backend.provider if backend is not None else "")
    return find_provider(written or name)


def _providers(name: str) -> Iterator[Value]:
    likely = find_provider(name) or find_provider(family(f"{name}-") or "")
    for provider in sorted(PROVIDERS.values(), key=lambda one: one is not likely):
        keys = " or ".join(provider.key_variables)
        yield Value(provider.name, provider.title, f"Key: {keys}." if keys else "Needs no key.")


def _variables(provider: Provider | None, known: Known) -> Iterator[Value]:
    own = provider.key_variables if provider is not None else ()
    for variable in dict.fromkeys((*own, *known.variables)):
        is_set = "set" if variable in known.variables else ""
        yield Value(f"${{{variable}}}", is_set, kind="variable")


def _addresses(provider: Provider | None, known: Known) -> Iterator[Value]:
    if provider is None:
        return
    for address in _LOCAL_ADDRESSES.get(provider.name, ()):
        yield Value(address, "on this machine")
    for variable in provider.base_variables:
        is_set = "set" if variable in known.variables else ""
        yield Value(f"${{{variable}}}", is_set, kind="variable")


def _models(name: str, known: Known, *, embedding: bool = False) -> Iterator[Value]:
    """What the server lists, then what the provider sells."""
    from streetrace_lsp.routing.table_names import models_of

    backend = known.settings.backends.get(name)
    provider = _provider_of(name, known)
    listed = known.listed(name)
    for model in listed:
        yield Value(model, "listed by the server")
    if provider is None or provider.name in _LOCAL_ADDRESSES.keys() - {"openai"}:
        if provider is not None and provider.starter and not listed:
            yield Value(provider.starter, provider.title)
        return
    if provider.name == "openai" and _elsewhere(backend):
        return
    for model in models_of(provider.name, embedding=embedding)[:_MOST_MODELS]:
        if model not in listed:
            yield Value(model, provider.title)


def _elsewhere(backend: Backend | None) -> bool:
    """Whether an OpenAI-compatible server serves models of its own."""
    return backend is not None and bool(backend.api_base or backend.endpoints)


def _embedding_backends(known: Known) -> Iterator[Value]:
    for name, backend in known.settings.backends.items():
        if backend.embedding_model:
            yield Value(name, backend.embedding_model, kind="name")


def _configured_models(known: Known) -> Iterator[str]:
    from streetrace_lsp.routing.configured import configured_models

    return (entry.target for entry in configured_models(known.settings))


def _title(name: str) -> str:
    provider = find_provider(name)
    return provider.title if provider is not None else name


def _plain(choice: object) -> str:
    return str(choice).lower() if isinstance(choice, bool) else str(choice)
