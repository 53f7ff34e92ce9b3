"""Three files of one tool: models by LiteLLM, models by vLLM, and the keys of providers.

litellm_models.yaml   models: [litellm_groq/llama3-8b-8192]
vllm_models.yaml      models: [{name: vllm_Qwen2-7B, model_path: /models/Qwen2-7B}]
api_providers.yaml    providers: {groq: {api_key_env: GROQ_API_KEY}}
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from .draft import Draft, plain_name, unused
from .families import family, wire_model
from .grants import VARIABLE
from .provider_names import REFUSED
from .providers import PROVIDERS, Provider, find_provider
from .yaml_text import Source

# It becomes an argument of a program, and must never be one of its options.
_SERVABLE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]*")
_SERVED: Final = (
    "vllm", "serve", "{model_path}", "--host", "127.0.0.1", "--port", "{port}",
)  # fmt: skip


def is_model_list(data: Any) -> bool:
    """Whether this is one of the three files."""
    if not isinstance(data, dict):
        return False
    return isinstance(data.get("models"), list) or isinstance(data.get("providers"), dict)


def import_model_lists(sources: Sequence[Source], draft: Draft, *, from_project: bool) -> None:
    """Add what the files say together. Programs to start go into the user's own file alone."""
    variables: dict[str, str] = {}
    for source in sources:
        _providers(source, draft, variables)
    targets: list[str] = []
    by_provider: dict[str, str] = {}
    for source in sources:
        models = source.data.get("models")
        for index, entry in enumerate(models if isinstance(models, list) else ()):
            at = source.place("models", index)
            if isinstance(entry, dict):
                found = _served(draft, at, entry, from_project=from_project)
            else:
                found = _hosted(draft, at, str(entry), variables, by_provider)
            targets += [found] if found else []
        for key in source.data:
            if key not in {"models", "providers"}:
                draft.leave_out(source.place(key), str(key), "it has no counterpart here")
    if targets:
        draft.choose(targets[0], [])


def _providers(source: Source, draft: Draft, variables: dict[str, str]) -> None:
    """The variable of each provider's key."""
    entries = source.data.get("providers")
    for name, entry in entries.items() if isinstance(entries, dict) else ():
        at = source.place("providers", name)
        variable = entry.get("api_key_env") if isinstance(entry, dict) else None
        if not isinstance(variable, str) or not VARIABLE.fullmatch(variable):
            draft.leave_out(at, name, "api_key_env is no name of a variable")
        elif find_provider(name) is None:
            draft.leave_out(at, name, _unknown(name))
            if name.lower() not in REFUSED:
                draft.suggestions[plain_name(name)] = (
                    f"If {name} speaks OpenAI's language, write its address and a model here:\n"
                    f'[backends.{plain_name(name)}]\nprovider = "openai"\n'
                    f'api_base = "https://…"\napi_key = "${{{variable}}}"\nmodel = "…"'
                )
        else:
            variables[_canonical(name).name] = variable


def _hosted(
    draft: Draft, at: str, entry: str, variables: dict[str, str], by_provider: dict[str, str]
) -> str | None:
    """The target of ``litellm_PROVIDER/MODEL`` or of a well-known name, or None."""
    model = entry.removeprefix("litellm_")
    head, slash, rest = model.partition("/")
    provider = find_provider(head) if slash and rest else None
    if not slash and (known := family(model)) is not None:
        provider, rest = PROVIDERS[known], wire_model(model)
    if provider is None:
        why = _unknown(head) if slash else "it is not clear who serves it; write PROVIDER/MODEL"
        draft.leave_out(at, entry, why)
        return None
    if provider.name not in by_provider:
        name = by_provider[provider.name] = draft.free_name(provider.name)
        variable = variables.get(provider.name) or next(iter(provider.key_variables), None)
        draft.backends[name] = {"provider": provider.name}
        if variable and provider.needs_key:
            draft.backends[name]["api_key"] = f"${{{variable}}}"
    name = by_provider[provider.name]
    return f"{name}/{_role(draft, name, rest)}"


def _served(draft: Draft, at: str, entry: dict[Any, Any], *, from_project: bool) -> str | None:
    """The target of a model that vLLM serves from a folder, or None."""
    said = entry.get("name")
    if not isinstance(said, str) or not _SERVABLE.fullmatch(said.removeprefix("vllm_")):
        draft.leave_out(at, "a model", "it has no name that vLLM could serve")
        return None
    model = said.removeprefix("vllm_")
    folder = entry.get("model_path")
    if from_project:
        name = next((n for n, b in draft.backends.items() if b["provider"] == "hosted_vllm"), "")
        name = name or draft.free_name("vllm")
        backend = draft.backends.setdefault(name, {"provider": "hosted_vllm"})
        if not backend.get("models"):
            draft.remark(
                name,
                "Start the server yourself: vllm serve FOLDER --served-model-name NAME; "
                "or have it started: streetrace-lsp init --user --from …",
            )
        if folder:
            why = "only your own file may start a program; see streetrace-lsp init --user"
            draft.leave_out(at, f"model_path of {said}", why)
        return f"{name}/{_role(draft, name, model)}"
    name = draft.free_name(model)
    backend = draft.backends[name] = {"provider": "hosted_vllm", "model": model}
    if isinstance(folder, str):
        launch = [*_SERVED, "--served-model-name", model]
        if isinstance(entry.get("tokenizer_path"), str):
            launch += ["--tokenizer", "{tokenizer_path}"]
            backend["tokenizer_path"] = entry["tokenizer_path"]
        backend |= {"model_path": folder, "launch": launch}
    return name


def _role(draft: Draft, name: str, model: str) -> str:
    """The role that means this model of a backend, added if it is new."""
    roles = draft.backends[name].setdefault("models", {})
    known = next((role for role, one in roles.items() if one == model), None)
    if known is not None:
        return str(known)
    role = unused(plain_name(model.rpartition("/")[2]), roles)
    roles[role] = model
    return role


def _unknown(name: str) -> str:
    reason = REFUSED.get(name.lower())
    if reason is not None:
        return f"the provider {name} is left out on purpose: {reason}"
    return "it is no provider on the reviewed list, and the files say no address"


def _canonical(name: str) -> Provider:
    found = find_provider(name)
    assert found is not None  # noqa: S101 - looked at before
    return found
