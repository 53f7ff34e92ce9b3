"""What the server's own words tell about the fix: the next step for errors that are well known.

A status code says little: Bedrock answers 400 to a model that needs an inference profile, and a
proxy answers 401 when the key that it holds itself is wrong. The words tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from .chat_call import ChatCall

_Step = Callable[[ChatCall], str]


@dataclass(frozen=True, slots=True)
class _Hint:
    pattern: re.Pattern[str]
    step: _Step
    providers: frozenset[str]


def hint(call: ChatCall, fault: Mapping[str, Any]) -> str | None:
    """The next step for what ``fault`` says, or None when its words are not known."""
    said = str(fault.get("said") or "")
    for one in _HINTS:
        if (not one.providers or call.provider in one.providers) and one.pattern.search(said):
            return one.step(call)
    return None


def profile_prefix(region: str) -> str:
    """The beginning of Bedrock's inference profiles in a region: ``us.``, ``eu.``, ``apac.`` …"""
    if region.startswith("us-gov"):
        return "us-gov."
    return {"us": "us.", "eu": "eu.", "ap": "apac."}.get(region.split("-", 1)[0], "us.")


def _profile(call: ChatCall) -> str:
    prefix = profile_prefix(str(call.options.get("aws_region_name") or "us-west-2"))
    return (
        f'Use an inference profile instead: the model "{prefix}{call.model}" with the prefix of '
        "your region, or the profile's ARN (`aws bedrock list-inference-profiles` lists both)."
    )


def _hint(pattern: str, step: str | _Step, *providers: str) -> _Hint:
    return _Hint(
        re.compile(pattern, re.IGNORECASE),
        step if callable(step) else lambda _call: step,
        frozenset(providers),
    )


_HINTS: Final = (
    _hint(r"on-demand throughput isn|inference profile that contains", _profile),
    _hint(
        r"access to the model with the specified model id|model access is denied",
        "Ask for access to the model in the Bedrock console (Model access), in this region.",
        "bedrock",
    ),
    _hint(
        r"not authorized to perform: bedrock:",
        "Allow bedrock:InvokeModelWithResponseStream for this model and region in the policy of "
        "your AWS user or role.",
        "bedrock",
    ),
    _hint(
        r"security token .{0,40}(?:expired|invalid)|expiredtoken|signature expired",
        "Sign in to AWS again (`aws sso login`), or set new AWS_ACCESS_KEY_ID, "
        "AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.",
        "bedrock",
    ),
    _hint(
        r"model identifier is invalid",
        "Check the model's id, and that this region has it: "
        "`aws bedrock list-foundation-models --region REGION`.",
        "bedrock",
    ),
    _hint(
        r"has not been used in project|service_disabled|api .{0,40}(?:is|has been) disabled",
        "Switch the service on: `gcloud services enable aiplatform.googleapis.com` for Vertex AI, "
        "`generativelanguage.googleapis.com` for Gemini.",
        "vertex_ai",
        "gemini",
    ),
    _hint(
        r"permission '?aiplatform\.|aiplatform\.endpoints\.predict",
        "Give the account the role roles/aiplatform.user in this project.",
        "vertex_ai",
    ),
    _hint(
        r"credentials were not found|reauthentication|refresherror|invalid_grant",
        "Sign in again with `gcloud auth application-default login`, or check the file that "
        "GOOGLE_APPLICATION_CREDENTIALS names.",
        "vertex_ai",
    ),
    _hint(
        r"publisher model .{0,200}not found",
        "Check the model's id and the region, and enable the model in the Model Garden.",
        "vertex_ai",
    ),
    _hint(
        r"deploymentnotfound|deployment for this resource does not exist",
        "Name the deployment, not the model: `az cognitiveservices account deployment list` "
        "lists the deployments. A new one needs some minutes.",
        "azure",
        "azure_ai",
    ),
    _hint(
        r"api.?version",
        "Set api_version of the backend to one that Azure lists, for example 2024-10-21.",
        "azure",
        "azure_ai",
    ),
    _hint(
        r"no models? (?:is |are )?loaded|load a model",
        "Load a model in LM Studio, or run `lms load MODEL`.",
        "lm_studio",
    ),
    _hint(
        r"requires more system memory|out of memory|insufficient memory|cuda error",
        "Choose a smaller model or a smaller num_ctx, or close what else uses the memory.",
    ),
    _hint(
        r"no connected db|database (?:is )?not connected|no_db_connection",
        "Check the key. A virtual key needs the proxy's database: see that PostgreSQL is ready "
        "(`pg_isready`) and that DATABASE_URL is set where the proxy runs.",
        "litellm_proxy",
        "openai",
    ),
    _hint(
        # The proxy quotes the provider behind it with the name of LiteLLM's exception.
        r"litellm\.(?:AuthenticationError|PermissionDeniedError)",
        "The proxy's own key for the provider behind it is wrong: check the API keys in the "
        "proxy's environment (the variables that config.yaml names).",
        "litellm_proxy",
        "openai",
    ),
    _hint(
        r"max_(?:completion_|output_)?tokens|max tokens",
        "Lower max_tokens, under [defaults] or in the backend.",
    ),
)
