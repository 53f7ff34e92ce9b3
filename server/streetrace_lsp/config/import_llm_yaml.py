"""YAML with a section ``llm`` that holds backends by name, and its older form without it.

```yaml
llm:
  backend: "anthropic"
  fallback_backends: ["ollama"]
  anthropic: { api_key: "${ANTHROPIC_API_KEY}", models: { generator: "claude-sonnet-4-5" } }
```
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .draft import SMALL_MODEL, Draft, plain_name, target_of, with_variables
from .providers import Provider, find_provider
from .yaml_text import Source

# Keys of `llm` that are no backends.
_NO_BACKENDS: Final = frozenset({"backend", "fallback_backends", "global_defaults"})
_OLD: Final = ("ollama", "openai", "anthropic", "azure", "lmstudio")
# Theirs, and ours.
_KEYS: Final = {
    "base_url": "api_base",
    "endpoint": "api_base",
    "api_base": "api_base",
    "organization": "organization",
    "api_version": "api_version",
    "models": "models",
    "model": "model",
    "deployment_name": "model",
    "endpoints": "endpoints",
    "embedding_model": "embedding_model",
    "context_windows": "context_windows",
    "temperature": "temperature",
    "max_tokens": "max_tokens",
}
_NO_COUNTERPART: Final = "it has no counterpart here"
_TABLES: Final = frozenset({"models", "context_windows"})


def is_llm_yaml(data: Any) -> bool:
    """Whether this is such a file."""
    if not isinstance(data, dict):
        return False
    return isinstance(data.get("llm"), dict) or any(isinstance(data.get(n), dict) for n in _OLD)


def import_llm_yaml(source: Source, draft: Draft) -> None:
    """Add to ``draft`` what the file says; what has no place here is said there."""
    data = source.data
    section = data.get("llm")
    llm: dict[str, Any] = section if isinstance(section, dict) else {}
    names: dict[str, str] = {}
    for name, value in llm.items():
        if name not in _NO_BACKENDS:
            _backend(source, draft, ("llm", name), value, names)
    for name in _OLD:
        if name in data and name not in names:
            _backend(source, draft, (name,), data[name], names)
    defaults = llm.get("global_defaults")
    defaults = defaults if isinstance(defaults, dict) else {}
    _defaults(source, draft, defaults, names)
    wanted = defaults.get("default_backend") or llm.get("backend") or next(iter(names), None)
    given = llm.get("fallback_backends")
    chain = [wanted, *(given if isinstance(given, list) else ())]
    found = [_chosen(source, draft, str(name), names) for name in chain if name]
    targets = [target for target in found if target]
    if targets:
        draft.choose(targets[0], targets[1:])
    _rest(source, draft, names)


def _backend(
    source: Source, draft: Draft, at: tuple[str, ...], value: Any, names: dict[str, str]
) -> None:
    name, where = at[-1], source.place(*at)
    provider = find_provider(name)
    if provider is None or not isinstance(value, dict | None):
        draft.leave_out(where, ".".join(at), "it is no backend that is known here")
        return
    ours = names[name] = draft.free_name(plain_name(name))
    backend = draft.backends[ours] = {"provider": provider.name}
    for key, entry in (value or {}).items():
        place = source.place(*at, key)
        if entry is None or key in {"api_key", "deployments"}:
            continue
        if key in _TABLES and not isinstance(entry, dict):
            draft.leave_out(place, f"{name}.{key}", "it is no table of names")
        elif key in _KEYS:
            backend[_KEYS[key]] = _variables(entry)
        else:
            draft.leave_out(place, f"{name}.{key}", _NO_COUNTERPART)
    given = value or {}
    own = "api_base" not in backend
    if given.get("api_key") is not None:
        place = source.place(*at, "api_key")
        backend["api_key"] = draft.key(place, ours, given["api_key"], provider, own=own)
    _deployments(source, draft, at, given, provider)
    if not target_of(ours, backend):
        _suggest_model(draft, ours, provider)


def _deployments(
    source: Source, draft: Draft, at: tuple[str, ...], given: Mapping[str, Any], provider: Provider
) -> None:
    entries = given.get("deployments")
    name = next(reversed(draft.backends))
    backend = draft.backends[name]
    for role, entry in entries.items() if isinstance(entries, dict) else ():
        where = (*at, "deployments", role)
        if not isinstance(entry, dict) or not entry.get("deployment"):
            draft.leave_out(source.place(*where), f"deployment {role}", "it has no name")
            continue
        made = {"deployment": entry["deployment"]}
        base = entry.get("endpoint") or entry.get("base_url")
        if entry.get("model"):
            made["model"] = entry["model"]
        if base:
            made["api_base"] = _variables(base)
        if entry.get("api_key") is not None:
            label = f"{name}_{role}"
            key = draft.key(source.place(*where), label, entry["api_key"], provider, own=False)
            made["api_key"] = key
        backend.setdefault("deployments", {})[plain_name(role)] = made


def _suggest_model(draft: Draft, name: str, provider: Provider) -> None:
    """A backend that names no model gets the one that is offered to newcomers, and says so."""
    model = SMALL_MODEL if provider.name == "ollama" else provider.starter
    if model:
        draft.backends[name]["model"] = model
        draft.remark(name, f"No model was named; {model} is a suggestion.")
    else:
        command = f"streetrace-lsp models --backend {name}"
        draft.remark(name, f'No model was named. Write model = "…"; {command} lists them.')


def _defaults(
    source: Source, draft: Draft, defaults: Mapping[str, Any], names: dict[str, str]
) -> None:
    at = ("llm", "global_defaults")
    for key, value in defaults.items():
        if key in {"temperature", "max_tokens"}:
            draft.default(
                key, float(value) if isinstance(value, int | float) and key[0] == "t" else value
            )
        elif key == "default_embedding_backend":
            _searching(source, draft, str(value), names)
        elif key != "default_backend":
            draft.leave_out(source.place(*at, key), f"global_defaults.{key}", _NO_COUNTERPART)


def _searching(source: Source, draft: Draft, name: str, names: dict[str, str]) -> None:
    at = source.place("llm", "global_defaults", "default_embedding_backend")
    ours = names.get(name)
    if ours is None or "embedding_model" not in draft.backends[ours]:
        why = f"{name} names no embedding_model"
        draft.leave_out(at, "default_embedding_backend", why)
    else:
        draft.default("embedding_backend", ours)


def _chosen(source: Source, draft: Draft, name: str, names: dict[str, str]) -> str:
    """The target for a backend that is named as default or as fallback; empty where none is."""
    at = source.place("llm", "fallback_backends")
    if name not in names:
        # It may be named without a section of its own.
        _backend(source, draft, ("llm", name), {}, names)
    if name not in names:
        return ""
    ours = names[name]
    backend = draft.backends[ours]
    regions = backend.get("deployments", {})
    if (
        len(regions) > 1
        and not backend.get("model")
        and all("api_base" in r for r in regions.values())
    ):
        # One model in several regions.
        pools = draft.table.setdefault("pools", {})
        pool = f"{ours}-regions"
        pools[pool] = [f"{ours}/{role}" for role in regions]
        return pool
    target = target_of(ours, backend)
    if not target:
        draft.leave_out(at, name, "no model of it is named")
    return target


def _rest(source: Source, draft: Draft, names: dict[str, str]) -> None:
    """Tools are no actions of an editor; what else stands beside the backends."""
    for key, value in source.data.items():
        if key == "llm" or key in names:
            continue
        if key == "tools" and isinstance(value, dict):
            for tool, entry in value.items():
                _tool(source, draft, tool, entry, names)
        elif key == "model_selector" and isinstance(value, dict):
            kept = {k: v for k, v in value.items() if k in {"enabled", "weights"}}
            draft.table.setdefault("model_selector", kept)
        else:
            draft.leave_out(source.place(key), str(key), _NO_COUNTERPART)


def _tool(source: Source, draft: Draft, tool: str, entry: Any, names: dict[str, str]) -> None:
    entry = entry if isinstance(entry, dict) else {}
    llm = entry.get("llm") if isinstance(entry.get("llm"), dict) else {}
    role = llm.get("model_key") or llm.get("model")
    backend = names.get(str(entry.get("backend"))) or next(iter(names.values()), "")
    why = "a tool is no action of an editor"
    if role and backend:
        why += f'; for a task or action of yours its target would be "{backend}/{role}"'
    draft.leave_out(source.place("tools", tool), f"tools.{tool}", why)


def _variables(value: Any) -> Any:
    return with_variables(value) if isinstance(value, str) else value
