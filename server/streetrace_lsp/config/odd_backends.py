"""What one backend says that can't work, whatever stands elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from .expand import broken_reference
from .findings import Finding, Path
from .mend import Mend, remove, text
from .odd_targets import has_embeddings
from .provider_names import REFUSED
from .providers import PROVIDERS, find_provider
from .target_strings import nearest

if TYPE_CHECKING:
    from .model import Backend

_OF_OLLAMA: Final = ("num_ctx", "keep_alive", "think")
_OF_LAUNCH: Final = ("launch_timeout", "model_path", "tokenizer_path", "gpu_memory_utilization")


def _with_setting(key: str) -> tuple[str, ...]:
    settings = {provider.name: provider.settings for provider in PROVIDERS.values()}
    return tuple(name for name, given in settings.items() if key in {one.key for one in given})


# The keys that not every provider takes, with those that do.
_TAKEN_BY: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(_OF_OLLAMA, ("ollama",)),
    **{key: _with_setting(key) for key in ("organization", "api_version", "project")},
    "region": tuple(provider.name for provider in PROVIDERS.values() if provider.region_option),
    "profile": ("bedrock",),
    "credentials_file": ("vertex_ai",),
    "recordings": ("replay",),
}


def odd_backend(name: str, backend: Backend) -> Iterator[Finding]:
    """The findings about the backend ``name``."""
    yield from _provider(name, backend)
    for path, value in with_variables(name, backend):
        if broken_reference(value):
            yield Finding(
                path,
                "value",
                "broken-variable",
                f"{_key(path)} has a ${{ that begins no variable.",
                "Write ${VARIABLE} or ${VARIABLE:-default}.",
                mends=(text(value + "}"),) if not broken_reference(value + "}") else (),
            )
    yield from _addresses(name, backend)
    yield from _without_effect(name, backend)
    for key in ("model_path", "tokenizer_path"):
        value = getattr(backend, key)
        if value is not None and not PurePath(value).is_absolute():
            yield Finding(
                ("backends", name, key),
                "value",
                "not-absolute",
                f"{key} must be an absolute path.",
                "Write the whole path, from / on; ~ is not replaced here.",
            )
    if backend.provider == "replay" and not backend.recordings:
        yield Finding(
            ("backends", name),
            "key",
            "missing-key",
            f"[backends.{name}] needs recordings.",
            'Write recordings = "FOLDER" under it.',
            mends=(
                Mend(
                    'Add recordings = "recordings"',
                    "add",
                    'recordings = "recordings"',
                    ("backends", name),
                ),
            ),
        )


def with_variables(name: str, backend: Backend) -> Iterator[tuple[Path, str]]:
    """The values of a backend's addresses, keys and headers, each with its path."""
    path: Path = ("backends", name)
    for key in ("api_key", "api_base"):
        if value := getattr(backend, key):
            yield (*path, key), value
    yield from (((*path, "headers", header), value) for header, value in backend.headers.items())
    listed = backend.endpoints
    parts = listed.items() if isinstance(listed, dict) else [("", listed)]
    for role, addresses in parts:
        for place, address in enumerate(addresses):
            yield (*path, "endpoints", *([role] if role else []), place), address
    for role, deployment in backend.deployments.items():
        for key in ("api_key", "api_base"):
            if value := getattr(deployment, key):
                yield (*path, "deployments", role, key), value


def _provider(name: str, backend: Backend) -> Iterator[Finding]:
    if find_provider(backend.provider) is not None:
        return
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
        mends=_other_provider(backend.provider, near),
    )


def _other_provider(given: str, near: str | None) -> tuple[Mend, ...]:
    if given.lower() == "vllm":
        return (text("hosted_vllm"),)
    if given.lower() in REFUSED:
        return ()
    return (text(near),) if near else (text("openai"),)


def _addresses(name: str, backend: Backend) -> Iterator[Finding]:
    listed = backend.endpoints
    if backend.api_base is not None and listed and isinstance(listed, list):
        yield Finding(
            ("backends", name, "api_base"),
            "key",
            "two-addresses",
            f"[backends.{name}] has both api_base and endpoints; api_base is not used.",
            "Remove one of them, or add api_base to the list.",
            mends=(remove("api_base"),),
        )
    for role in backend.deployments:
        if role in backend.models:
            yield Finding(
                ("backends", name, "models", role),
                "key",
                "no-effect",
                f"The role {role} has a deployment, so its model here is not used.",
                f"Remove it, or write it as model under [backends.{name}.deployments.{role}].",
                "warning",
                (remove(role),),
            )


def _without_effect(name: str, backend: Backend) -> Iterator[Finding]:
    provider = find_provider(backend.provider)
    for key, takers in _TAKEN_BY.items():
        if getattr(backend, key) is None or provider is None or provider.name in takers:
            continue
        instead = f", or set the server's own field under [backends.{name}.extra_body]"
        yield Finding(
            ("backends", name, key),
            "key",
            "no-effect",
            f"{key} has an effect with {' and '.join(PROVIDERS[one].title for one in takers)} "
            "only.",
            f"Remove it{instead if key in _OF_OLLAMA else ''}.",
            "warning",
            (remove(key),),
        )
    for key in _OF_LAUNCH:
        if getattr(backend, key) is not None and backend.launch is None:
            yield Finding(
                ("backends", name, key),
                "key",
                "no-effect",
                f"{key} has an effect with launch only.",
                f'Remove it, or write launch = ["…"] under [backends.{name}].',
                "warning",
                (remove(key),),
            )
    if backend.embedding_model is not None and not has_embeddings(backend):
        yield Finding(
            ("backends", name, "embedding_model"),
            "key",
            "no-embeddings",
            "Anthropic has no embeddings.",
            "Remove it, and name a backend of another provider as embedding_backend.",
            mends=(remove("embedding_model"),),
        )


def _key(path: Path) -> str:
    return ".".join(str(step) for step in path[2:] if isinstance(step, str))
