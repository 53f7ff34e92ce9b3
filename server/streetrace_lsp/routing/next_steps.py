"""What to do now: the next step for each kind of fault, by provider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from streetrace_lsp.config.providers import find_provider

from .chat_call import ChatCall
from .hints import hint

RETRY_LATER: Final = "Try again, or choose another model."
LAUNCHED: Final = "Run the command of `launch` in a terminal to see what its server says."
TRY_AGAIN: Final = "Nothing was changed; try again."

_START: Final = {
    "ollama": "Start it with `ollama serve`.",
    "lm_studio": "Start LM Studio's server (Developer tab, or `lms server start`).",
    "hosted_vllm": "Start vLLM with `vllm serve MODEL`.",
    "litellm_proxy": "Start the proxy with `litellm --config config.yaml`. If it does not stay "
    "up, its log says why: a config.yaml that can't be read, or a database (PostgreSQL) that is "
    "not ready.",
}
_SPELLING: Final = "Check the spelling of the model's id, and that your account may use it."
_UNKNOWN_MODEL: Final = {
    "azure": "Azure wants the name of the deployment, not of the model: "
    "`az cognitiveservices account deployment list` lists the deployments.",
    "litellm_proxy": "Use a model_name of the proxy's config.yaml: `streetrace-lsp models` lists "
    "them, as does the proxy's /model/info. If it is missing there, check the syntax of the file.",
    "hosted_vllm": "Use the name that the server serves: its /v1/models lists it, and "
    "--served-model-name sets it.",
    "lm_studio": "Use the name of a loaded model: `lms ps` lists them.",
    "bedrock": "Check the model's id, and that this region has it: "
    "`aws bedrock list-foundation-models --region REGION`.",
    "vertex_ai": "Check the model's id and the region, and enable the model in the Model Garden.",
}
_REMOVE_V1: Final = "Remove /v1 from the end of api_base: Ollama's own interface is above it."
_OWN_SERVERS: Final = frozenset({"openai", "hosted_vllm", "lm_studio", "litellm_proxy"})


def start_step(call: ChatCall) -> str:
    """For a server that can't be reached."""
    if call.launched:
        return LAUNCHED
    if step := _START.get(call.provider if call.adapter != "ollama" else "ollama"):
        return step
    if call.local:
        return "Start the server, or correct `api_base`."
    return "Check the network and the firewall."


def auth_step(call: ChatCall, fault: Mapping[str, Any]) -> str:
    """For a key that was refused."""
    if step := hint(call, fault):
        return step
    variable = call.key_variable
    named = f"the key in {variable}" if variable else "the key"
    return (
        f"Check that {named} is right and not expired, and that it may use this model; "
        "`streetrace-lsp doctor` tests it."
    )


def no_key_step(call: ChatCall) -> str:
    """For a server that wants a key where none is configured."""
    provider = find_provider(call.provider)
    place = f"[backends.{call.backend.partition(' @ ')[0]}]"
    write = f'rite api_key = "${{VARIABLE}}" under {place}'
    if call.key_variables:
        return f"Set {call.key_variables[0]}, or w{write}."
    step = f"W{write}, with the name of the variable that holds its key."
    if provider is None or not provider.key_variables:
        return step
    return f"{step} {provider.key_variables[0]} goes to {provider.title}'s own addresses only."


def model_step(call: ChatCall, fault: Mapping[str, Any]) -> str:
    """For a model that the server does not know."""
    if step := hint(call, fault):
        return step
    if _ends_in_v1(call):
        return _REMOVE_V1
    if call.adapter == "ollama":
        return f"Get it with `ollama pull {call.model}`, or correct the model's name."
    if step := _UNKNOWN_MODEL.get(call.provider):
        return step
    if call.provider in _OWN_SERVERS and call.api_base:
        return f"{_SPELLING} Its /v1/models lists what it serves; check `api_base` as well."
    return _SPELLING


def list_step(call: ChatCall) -> str:
    """For a server without a list of its models."""
    if _ends_in_v1(call):
        return _REMOVE_V1
    return "Check `api_base`, and whether this is the provider: most servers list at /v1/models."


def _ends_in_v1(call: ChatCall) -> bool:
    return call.adapter == "ollama" and (call.api_base or "").rstrip("/").endswith("/v1")


def context_step(call: ChatCall) -> str:
    """For a prompt that is longer than the model's window."""
    longer = "choose a model with a larger window"
    if call.adapter == "ollama":
        longer = f"raise num_ctx under [backends.{call.backend}], or {longer}"
    return (
        f"Select less code, {longer}, or tell its window under "
        f'[backends.{call.backend}.context_windows]: with overflow = "trim" under [context] the '
        "prompt is then shortened to it."
    )


def rate_limit_step(fault: Mapping[str, Any]) -> str:
    """For too many requests."""
    after = fault.get("retry_after")
    wait = f"Wait {after:.0f} seconds" if after else "Wait a little"
    return f"{wait}, choose another model, or ask the provider for a higher limit."


def quota_step(_call: ChatCall) -> str:
    """For an account without credit."""
    return "Add credit or raise the limit with the provider, or choose another model."


def region_step(call: ChatCall) -> str:
    """For a model or service that is not offered where the request comes from or goes to."""
    if call.provider in {"bedrock", "vertex_ai", "azure", "azure_ai"}:
        return "Choose a region that has this model, or another model."
    return "Choose another provider or model: this one is not offered in your region."


def timeout_step(kind: str, call: ChatCall) -> str:
    """For a deadline of ours: timeout_first, timeout_idle or timeout_total."""
    key = {"timeout_first": "first_token_timeout", "timeout_idle": "idle_timeout"}.get(
        kind, "timeout"
    )
    longer = f"increase {key} under [defaults]"
    if call.adapter == "ollama":
        return (
            "`ollama ps` shows whether the model is loaded, and whether it fits the graphics "
            f"card. Choose a smaller model, or {longer}."
        )
    if call.local:
        return f"Check that the model fits this machine, or {longer}."
    if kind == "timeout_total":
        return f"Ask for less at once, or {longer}."
    return f"Check the network and the firewall, choose another model, or {longer}."
