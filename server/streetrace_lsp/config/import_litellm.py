"""LiteLLM's ``config.yaml``: its list of models as backends, roles and pools.

Its keys are those of LiteLLM's proxy documentation, "Config: model_list, litellm_settings,
router_settings, general_settings".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .draft import Draft, plain_name, unused, with_variables
from .families import family
from .origins import parse_address
from .provider_names import REFUSED
from .providers import PROVIDERS, Provider, find_provider
from .yaml_text import Source

SECTIONS: Final = ("litellm_settings", "router_settings", "general_settings")
# Theirs, and ours: what decides the backend that a model stands in.
_SAME: Final = {
    "api_version": "api_version",
    "organization": "organization",
    "aws_region_name": "region",
    "region_name": "region",
    "vertex_location": "region",
    "vertex_project": "project",
    "temperature": "temperature",
    "max_tokens": "max_tokens",
    "num_ctx": "num_ctx",
    "keep_alive": "keep_alive",
}
_LIMITS: Final = "limits of requests are the proxy's; a server that asks for patience gets it"
_AWS: Final = "the AWS variables and profiles of your own shell are read"
_PARAMETERS: Final = {
    "rpm": _LIMITS,
    "tpm": _LIMITS,
    "max_parallel_requests": _LIMITS,
    "weight": "the least busy server of a pool is asked",
    "timeout": "deadlines stand under [defaults], for every backend",
    "stream_timeout": "deadlines stand under [defaults], for every backend",
    "num_retries": "retries follow one fixed rule",
    "max_retries": "retries follow one fixed rule",
    "input_cost_per_token": "write it under [prices]",
    "output_cost_per_token": "write it under [prices]",
    "aws_access_key_id": _AWS,
    "aws_secret_access_key": _AWS,
    "aws_session_token": _AWS,
    "aws_profile_name": "only your own file may name a profile",
    "vertex_credentials": "only your own file may name a file of credentials",
    "extra_body": "look at it, and write it under [backends.NAME.extra_body]",
    "extra_headers": "look at them, and write them under [backends.NAME.headers]",
    "stream": "answers are always streamed",
    "custom_llm_provider": "",
    "api_base": "",
    "base_url": "",
    "api_key": "",
    "model": "",
}
_PROXYS: Final = "it is the proxy's own business; with the proxy running, use it as a backend"
_SETTINGS: Final = {
    "num_retries": "retries follow one fixed rule",
    "routing_strategy": "the least busy server of a pool is asked",
    "context_window_fallbacks": "a prompt that is too long is shortened, with a note",
    "content_policy_fallbacks": "what a model declined is never put to another one",
    "model_group_alias": "write the model's own name",
    "cache": "write ttl under [cache]",
}


def is_litellm(data: Any) -> bool:
    """Whether this is such a file."""
    return isinstance(data, dict) and ("model_list" in data or any(s in data for s in SECTIONS))


def import_litellm(source: Source, draft: Draft) -> None:
    """Add to ``draft`` what the file says; what has no place here is said there."""
    data = source.data
    groups: dict[str, list[str]] = {}
    known: dict[tuple[Any, ...], str] = {}
    entries = data.get("model_list")
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        at = source.place("model_list", index)
        if not isinstance(entry, dict) or not isinstance(entry.get("litellm_params"), dict):
            draft.leave_out(at, "an entry of model_list", "it has no litellm_params")
            continue
        target = _entry(source, draft, index, entry, known)
        if target is not None:
            groups.setdefault(str(entry.get("model_name") or target), []).append(target)
    chosen = {name: _one(draft, name, targets) for name, targets in groups.items()}
    if chosen:
        first = next(iter(chosen))
        draft.choose(chosen[first], _fallbacks(source, draft, chosen, first))
    _settings(source, draft)


def _entry(
    source: Source,
    draft: Draft,
    index: int,
    entry: Mapping[str, Any],
    known: dict[tuple[Any, ...], str],
) -> str | None:
    """The target of one entry, with its backend added; None where it has no place here."""
    at = source.place("model_list", index)
    parameters, info = entry["litellm_params"], entry.get("model_info")
    info = info if isinstance(info, dict) else {}
    name = str(entry.get("model_name") or parameters.get("model") or f"entry {index + 1}")
    found = _provider(parameters)
    if isinstance(found, str):
        draft.leave_out(at, name, found)
        return None
    provider, model = found
    if "*" in model or "*" in name:
        why = f"a pattern names no model; write a target such as {provider.name}/MODEL"
        draft.leave_out(at, name, why)
        return None
    mode = info.get("mode")
    if str(mode) not in {"None", "chat", "completion", "responses", "embedding"}:
        draft.leave_out(at, name, f"{mode} is nothing that an editor asks for")
        return None
    base = parameters.get("api_base") or parameters.get("base_url")
    if base is not None and not _usable(base):
        draft.leave_out(at, name, "its api_base is no address that can be used here")
        return None
    settings = _connection(provider, parameters, base)
    key = parameters.get("api_key")
    place = (*sorted((k, str(v)) for k, v in settings.items()), str(key))
    if place not in known:
        known[place] = draft.free_name(provider.name)
        backend = dict(settings)
        if key is not None:
            where = source.place("model_list", index, "litellm_params", "api_key")
            own = base is None
            backend["api_key"] = draft.key(where, known[place], key, provider, own=own)
        draft.backends[known[place]] = backend
    for key_name in parameters:
        why = _PARAMETERS.get(key_name, "it has no counterpart here")
        if why and key_name not in _SAME:
            where = source.place("model_list", index, "litellm_params", key_name)
            draft.leave_out(where, f"{key_name} of {name}", why)
    if mode == "embedding":
        draft.backends[known[place]].setdefault("embedding_model", model)
        draft.default("embedding_backend", known[place])
        return None
    return _add_model(draft, known[place], name, model, info)


def _provider(parameters: Mapping[str, Any]) -> tuple[Provider, str] | str:
    """The provider and its name of the model, or why there is none."""
    model = parameters.get("model")
    if not isinstance(model, str) or not model.strip():
        return "it names no model"
    head, slash, rest = model.partition("/")
    given = parameters.get("custom_llm_provider")
    if isinstance(given, str):
        head, slash, rest = given, "/", model.removeprefix(f"{given}/")
    if not slash:
        name = family(model)
        if name is None and (parameters.get("api_base") or parameters.get("base_url")):
            name = "openai"
        if name is None:
            return "it is not clear who serves it; write PROVIDER/MODEL"
        return PROVIDERS[name], model
    provider = find_provider(head)
    if provider is None:
        reason = REFUSED.get(head.lower(), "it is not on the list of reviewed providers")
        return f"the provider {head} is left out: {reason}"
    return provider, rest


def _usable(base: Any) -> bool:
    if not isinstance(base, str):
        return False
    text = with_variables(base)
    if "${" in text:
        return "@" not in text
    try:
        parse_address(text)
    except ValueError:
        return False
    return True


def _connection(provider: Provider, parameters: Mapping[str, Any], base: Any) -> dict[str, Any]:
    settings: dict[str, Any] = {"provider": provider.name}
    if base is not None:
        settings["api_base"] = with_variables(base)
    for theirs, ours in _SAME.items():
        value = parameters.get(theirs)
        if value is not None:
            settings[ours] = with_variables(value) if isinstance(value, str) else value
    return settings


def _add_model(draft: Draft, name: str, said: str, model: str, info: Mapping[str, Any]) -> str:
    """Give the backend one more role; its target."""
    backend = draft.backends[name]
    base_model = info.get("base_model")
    if backend["provider"] == "azure" and isinstance(base_model, str):
        roles = backend.setdefault("deployments", {})
        entry: Any = {"deployment": model, "model": base_model.rpartition("/")[2]}
    else:
        roles, entry = backend.setdefault("models", {}), model
    role = plain_name(said)
    if roles.get(role) != entry:
        taken = {*backend.get("models", {}), *backend.get("deployments", {})}
        role = unused(role, taken)
        roles[role] = entry
    window = info.get("max_input_tokens")
    if isinstance(window, int) and not isinstance(window, bool):
        backend.setdefault("context_windows", {})[model] = window
    costs = [info.get("input_cost_per_token"), info.get("output_cost_per_token")]
    if all(isinstance(cost, int | float) and not isinstance(cost, bool) for cost in costs):
        # Theirs is per token, ours per million.
        price = {"input": _million(costs[0]), "output": _million(costs[1])}
        draft.table.setdefault("prices", {})[f"{name}/{model}"] = price
    return f"{name}/{role}"


def _million(cost: Any) -> float:
    return round(float(cost) * 1_000_000, 6)


def _one(draft: Draft, name: str, targets: list[str]) -> str:
    """One target for a name that several servers serve: a pool."""
    targets = list(dict.fromkeys(targets))
    if len(targets) == 1:
        return targets[0]
    pool = draft.free_name(name)
    draft.table.setdefault("pools", {})[pool] = targets
    return pool


def _fallbacks(source: Source, draft: Draft, chosen: Mapping[str, str], first: str) -> list[str]:
    found: list[str] = []
    for section in ("litellm_settings", "router_settings"):
        part = source.data.get(section)
        if not isinstance(part, dict):
            continue
        entries = part.get("fallbacks")
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            at = source.place(section, "fallbacks", index)
            for name, others in entry.items() if isinstance(entry, dict) else ():
                if name == first and isinstance(others, list):
                    found += [chosen[other] for other in map(str, others) if other in chosen]
                else:
                    why = "a chain of its own goes by task here: see fallbacks and [tasks]"
                    draft.leave_out(at, f"fallbacks of {name}", why)
        default = part.get("default_fallbacks")
        for other in default if isinstance(default, list) and not found else ():
            found += [chosen[str(other)]] if str(other) in chosen else []
    return list(dict.fromkeys(found))


def _settings(source: Source, draft: Draft) -> None:
    """The other sections: the little of them that is ours, and the rest by name."""
    data = source.data
    for section in SECTIONS:
        part = data.get(section)
        for key, value in part.items() if isinstance(part, dict) else ():
            at = source.place(section, key)
            if key in {"request_timeout", "timeout"} and section != "general_settings":
                draft.default("timeout", value)
            elif key not in {"fallbacks", "default_fallbacks"}:
                draft.leave_out(at, f"{section}.{key}", _SETTINGS.get(key, _PROXYS))
    variables = data.get("environment_variables")
    if isinstance(variables, dict) and variables:
        names = ", ".join(map(str, variables))
        why = f"values are not copied; set them yourself: {names}"
        draft.leave_out(source.place("environment_variables"), "environment_variables", why)
    ours = {"model_list", "environment_variables", *SECTIONS}
    for key in data:
        if key not in ours:
            draft.leave_out(source.place(key), str(key), "it has no counterpart here")
