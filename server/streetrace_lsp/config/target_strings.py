"""What a target string means: which backend or provider, and which of its models."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streetrace_lsp.errors import StreetraceError

from .families import family, near_family, wire_model
from .provider_names import REFUSED
from .providers import PROVIDERS, Provider, find_provider

if TYPE_CHECKING:
    from .model import Backend, Settings


# So many of a backend's models are offered in place of its name.
_MOST: Final = 4
_LONGEST_NAME: Final = 64


class TargetError(StreetraceError):
    """A target string that names nothing, or more than one thing.

    ``instead``: target strings that may be meant. ``backend``: the name of a backend that isn't
    there and could be made.
    """

    def __init__(
        self,
        message: str,
        next_step: str = "",
        *,
        instead: tuple[str, ...] = (),
        backend: str | None = None,
    ) -> None:
        super().__init__(message, next_step)
        self.instead = instead
        self.backend = backend


@dataclass(frozen=True, slots=True)
class Choice:
    """A configured backend by name (None: the provider itself), its provider, and a model.

    ``note`` is a sentence for the user where the meaning was not obvious. ``role``: the role
    that was meant, where there was one; it decides which servers of the backend are asked. For
    a deployment ``model`` is the deployment's name.
    """

    backend: str | None
    provider: Provider
    model: str
    note: str = ""
    role: str | None = None


def choose(target: str, settings: Settings, task: str, *, own_base: bool = False) -> Choice:
    """What ``target`` means for ``task``. Raises `TargetError`.

    Pools are not looked at here: see `pools.pool_of`.
    The order: BACKEND/ROLE, BACKEND/MODEL, BACKEND, ``litellm_`` stripped, ``vllm_X``,
    PROVIDER/MODEL, a bare name. ``own_base`` tells whether the user's own OPENAI_BASE_URL or
    OPENAI_API_BASE is set: bare names go there.
    """
    target = target.strip()
    head, slash, rest = target.partition("/")
    if not head.strip():
        raise TargetError(
            f"“{target}” names no backend or provider.",
            "Write PROVIDER/MODEL, for example ollama/qwen2.5-coder, or the name of a backend.",
        )
    if head in settings.backends:
        return _of_backend(head, rest if slash else None, settings, task)
    if target.startswith("litellm_") and head not in PROVIDERS:
        return choose(target.removeprefix("litellm_"), settings, task, own_base=own_base)
    if target.startswith("vllm_"):
        return _declared_by_vllm(target.removeprefix("vllm_"), settings)
    if slash:
        return Choice(None, _provider(head, target, settings), _named(rest, target))
    return _bare(target, settings, own_base=own_base)


def role_model(backend: Backend, name: str, task: str, settings: Settings) -> str:
    """The model that serves ``task`` in a backend: by task, by kind, then the only one.

    Raises `TargetError` when several could be meant, or there is none.
    """
    return _for_task(backend, name, task, settings)[1]


def _for_task(backend: Backend, name: str, task: str, settings: Settings) -> tuple[str | None, str]:
    """The role that ``task`` has in a backend, if any, and its model."""
    models = backend.models | {r: d.deployment for r, d in backend.deployments.items()}
    roles = (task, "chat" if answers(task, settings) else "edit")
    for role in roles:
        if role in models:
            return role, models[role]
    role_of_servers = next((role for role in roles if role in _servers(backend)), None)
    if backend.model:
        return role_of_servers, backend.model
    if len(backend.deployments) == len(models) == 1:
        return next(iter(models.items()))
    if len(set(models.values())) == 1 and not backend.deployments:
        return role_of_servers, next(iter(models.values()))
    if models:
        raise TargetError(
            f"{name} has several models ({', '.join(sorted(models))}), and none is for {task}.",
            f"Write {name}/ROLE, or set model under [backends.{name}].",
            instead=tuple(f"{name}/{role}" for role in sorted(models)[:_MOST]),
        )
    if backend.provider == "replay":
        return None, "replay"
    raise TargetError(
        f"{name} names no model.", f"Write {name}/MODEL, or set model under [backends.{name}]."
    )


def _servers(backend: Backend) -> dict[str, list[str]]:
    """The endpoints by role, where they are given so."""
    return backend.endpoints if isinstance(backend.endpoints, dict) else {}


def answers(task: str, settings: Settings) -> bool:
    """Whether ``task`` answers a question instead of editing."""
    from .model import ANSWERING_TASKS, CHAT_TASK

    action = settings.actions.get(task)
    if action is not None and action.kind is not None:
        return action.kind == "answer"
    return task in ANSWERING_TASKS or task == CHAT_TASK


def _of_backend(name: str, rest: str | None, settings: Settings, task: str) -> Choice:
    backend = settings.backends[name]
    provider = _provider(backend.provider, name, settings)
    if rest is None:
        role, model = _for_task(backend, name, task, settings)
        return Choice(name, provider, model, role=role)
    if rest in backend.deployments:
        return Choice(name, provider, backend.deployments[rest].deployment, role=rest)
    if rest in backend.models:
        return Choice(name, provider, backend.models[rest], role=rest)
    if rest in _servers(backend):
        return Choice(name, provider, role_model(backend, name, rest, settings), role=rest)
    return Choice(name, provider, _named(rest, f"{name}/"))


def _declared_by_vllm(model: str, settings: Settings) -> Choice:
    declaring = [
        name
        for name, backend in sorted(settings.backends.items())
        if _provider_name(backend.provider) == "hosted_vllm"
        and model in {backend.model, *backend.models.values()}
    ]
    if len(declaring) == 1:
        return Choice(declaring[0], PROVIDERS["hosted_vllm"], model)
    if declaring:
        raise TargetError(
            f"vllm_{model} is ambiguous: {' and '.join(declaring)} declare it.",
            f"Write {declaring[0]}/{model}.",
            instead=tuple(f"{backend}/{model}" for backend in declaring),
        )
    raise TargetError(
        f"No vLLM backend declares the model {model}.",
        f'Add one: [backends.gpu] provider = "hosted_vllm", api_base = "…", model = "{model}".',
    )


def _bare(name: str, settings: Settings, *, own_base: bool) -> Choice:
    if own_base and name:
        return Choice(None, PROVIDERS["openai"], name)
    known = family(name)
    if known is not None:
        wire = wire_model(name)
        title = PROVIDERS[known].title
        note = f"{name} is taken as {known}/{wire} ({title})."
        return Choice(None, PROVIDERS[known], wire, note)
    provider = find_provider(name)
    if provider is not None:
        raise TargetError(
            f"{name} is a provider, but no model of it is named.",
            f"Write {provider.name}/MODEL"
            + (f", for example {provider.name}/{provider.starter}." if provider.starter else "."),
            instead=(f"{provider.name}/{provider.starter}",) if provider.starter else (),
        )
    near = nearest(name, [*settings.backends, *settings.pools]) or near_family(name)
    raise TargetError(
        f"It is not clear who serves the model {name}.",
        f"Did you mean {near}?" if near else f"Write PROVIDER/{name}, for example ollama/{name}.",
        instead=(near,) if near else (f"ollama/{name}",),
        backend=_possible_name(name),
    )


def _possible_name(name: str) -> str | None:
    """``name``, where a backend could be called so."""
    from .table import NAME_PATTERN

    return name if re.match(NAME_PATTERN, name) and len(name) <= _LONGEST_NAME else None


def _provider(name: str, target: str, settings: Settings) -> Provider:
    provider = find_provider(name)
    if provider is not None:
        return provider
    reason = REFUSED.get(name.lower())
    if reason is not None:
        raise TargetError(
            f"The provider {name} is left out on purpose: {reason}.",
            "Choose another provider, or an OpenAI-compatible server with provider = "
            '"openai" and api_base.',
        )
    near = nearest(name, [*settings.backends, *PROVIDERS])
    raise TargetError(
        f"{name} (in {target}) is neither a backend nor a provider on the reviewed list.",
        f"Did you mean {near}?"
        if near
        else f'Declare it: [backends.{name}] provider = "openai", api_base = "…", '
        'api_key = "${…}".',
        instead=(target.replace(name, near, 1),) if near else (),
        backend=_possible_name(name) if target.startswith(name) else None,
    )


def nearest(name: str, among: list[str]) -> str | None:
    """The name among these that ``name`` was probably meant to be."""
    from rapidfuzz import process
    from rapidfuzz.distance import JaroWinkler

    found = process.extractOne(
        name.lower(), among, scorer=JaroWinkler.similarity, score_cutoff=0.83
    )
    return found[0] if found else None


def _provider_name(name: str) -> str:
    provider = find_provider(name)
    return provider.name if provider else name


def _named(model: str, target: str) -> str:
    if not model:
        raise TargetError(f"{target} names no model.", f"Write {target.rstrip('/')}/MODEL.")
    return model
