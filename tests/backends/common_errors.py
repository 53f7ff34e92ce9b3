"""The "Common errors" of the instructions that people come from: each as an answer, and its fix."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from backends.asking import ANTHROPIC, BEDROCK, COHERE, GEMINI, OLLAMA, OPENAI, Answer, Wire
from backends.fault_server import Reply
from streetrace_lsp.routing.events import BackendError

AZURE = Wire("azure", "litellm", "azure")
VLLM = Wire("vllm", "litellm", "hosted_vllm", "/v1")
STUDIO = Wire("lm-studio", "litellm", "lm_studio", "/v1")
PROXY = Wire("litellm-proxy", "litellm", "litellm_proxy")
BEDROCK_OPTIONS = {"aws_region_name": "eu-west-1"}
SONNET = "anthropic.claude-sonnet-4-20250514-v1:0"


@dataclass(frozen=True)
class Entry:
    """An entry of the instructions, an answer that provokes it, and its fix in our words."""

    says: str
    wire: Wire
    reply: Reply
    fix: tuple[str, ...]
    changes: dict[str, Any] = field(default_factory=dict)
    kind: str = ""


def stated(http: int, message: str, **more: Any) -> Reply:
    """An error as the vendor's own servers spell it."""
    body = {"error": {"message": message, **more}}
    return Reply(status=http, body=json.dumps(body).encode())


def amazon(status: int, message: str) -> Reply:
    return Reply(status=status, body=json.dumps({"message": message}).encode())


ENTRIES = {
    # The guide to Streetrace's backends.
    "bedrock: on-demand throughput": Entry(
        "copy the ARN of the cross-region inference profile and use it as the model",
        BEDROCK,
        amazon(
            400,
            f"Invocation of model ID {SONNET} with on-demand throughput isn’t supported. Retry "
            "your request with the ID or ARN of an inference profile that contains this model.",
        ),
        ("inference profile", f'"eu.{SONNET}"', "ARN"),
        {"model": SONNET, "options": BEDROCK_OPTIONS},
        "request",
    ),
    "bedrock: model access": Entry(
        "enable the required models in your AWS account",
        BEDROCK,
        amazon(403, "You don't have access to the model with the specified model ID."),
        ("Model access",),
        {"model": SONNET, "options": BEDROCK_OPTIONS},
    ),
    "bedrock: permissions": Entry(
        "create a policy for Bedrock",
        BEDROCK,
        amazon(
            403,
            "User: arn:aws:iam::123456789012:user/me is not authorized to perform: "
            "bedrock:InvokeModelWithResponseStream on resource: x",
        ),
        ("bedrock:InvokeModelWithResponseStream", "policy"),
        {"model": SONNET, "options": BEDROCK_OPTIONS},
    ),
    "bedrock: region": Entry(
        "some models may not be available in all regions",
        BEDROCK,
        amazon(400, "The provided model identifier is invalid."),
        ("region", "list-foundation-models"),
        {"model": SONNET, "options": BEDROCK_OPTIONS},
        "not_found",
    ),
    "bedrock: expired": Entry(
        "short-term keys are recommended",
        BEDROCK,
        amazon(403, "The security token included in the request is expired"),
        ("aws sso login",),
        {"model": SONNET, "options": BEDROCK_OPTIONS},
    ),
    "invalid key: openai": Entry(
        "verify the key is correct and has proper permissions",
        OPENAI,
        stated(401, "Incorrect API key provided.", type="invalid_request_error"),
        ("MY_KEY", "right", "may use this model"),
        kind="auth",
    ),
    "invalid key: anthropic": Entry(
        "verify the key is correct and has proper permissions",
        ANTHROPIC,
        stated(401, "invalid x-api-key", type="authentication_error"),
        ("MY_KEY", "right", "may use this model"),
        kind="auth",
    ),
    "invalid key: gemini": Entry(
        "verify the key is correct and has proper permissions",
        GEMINI,
        stated(400, "API key not valid. Please pass a valid API key.", status="INVALID_ARGUMENT"),
        ("MY_KEY", "right", "may use this model"),
        kind="auth",
    ),
    "invalid key: cohere": Entry(
        "verify the key is correct and has proper permissions",
        COHERE,
        Reply(status=401, body=b'{"message": "invalid api token"}'),
        ("MY_KEY", "right", "may use this model"),
        kind="auth",
    ),
    "invalid key: azure": Entry(
        "verify the key is correct and has proper permissions",
        AZURE,
        stated(401, "Access denied due to invalid subscription key or wrong API endpoint."),
        ("MY_KEY", "right"),
        {"options": {"api_version": "2024-10-21"}},
        "auth",
    ),
    "model not found: openai": Entry(
        "check the model id's spelling",
        OPENAI,
        stated(404, "The model `demo` does not exist or you do not have access to it."),
        ("spelling", "model's id"),
        kind="not_found",
    ),
    "model not found: anthropic": Entry(
        "check the model id's spelling",
        ANTHROPIC,
        stated(404, "model: demo", type="not_found_error"),
        ("spelling", "model's id"),
        kind="not_found",
    ),
    "model not found: gemini": Entry(
        "check if the model name is correct and available",
        GEMINI,
        stated(404, "models/demo is not found for API version v1beta", status="NOT_FOUND"),
        ("spelling", "your account may use it"),
        kind="not_found",
    ),
    "model not found: ollama": Entry(
        "ollama pull <model-name>",
        OLLAMA,
        Reply(status=404, message='model "demo" not found, try pulling it first'),
        ("ollama pull demo",),
        kind="not_found",
    ),
    "model not found: azure": Entry(
        "check the deployment name (not the model name!)",
        AZURE,
        stated(
            404,
            "The API deployment for this resource does not exist.",
            code="DeploymentNotFound",
        ),
        ("Name the deployment, not the model", "deployment list"),
        {"options": {"api_version": "2024-10-21"}},
        "not_found",
    ),
    "model not found: vllm": Entry(
        "check that model names match",
        VLLM,
        stated(404, "The model `demo` does not exist."),
        ("--served-model-name", "/v1/models"),
        kind="not_found",
    ),
    "model not found: lm studio": Entry(
        "load a model",
        STUDIO,
        stated(404, "No models loaded. Please load a model in the developer page."),
        ("lms load",),
        kind="not_found",
    ),
    "rate limit: openai": Entry(
        "wait or upgrade your plan",
        OPENAI,
        stated(429, "Rate limit reached for demo"),
        ("Wait", "higher limit"),
        kind="rate_limit",
    ),
    "rate limit: anthropic": Entry(
        "wait or upgrade your plan",
        ANTHROPIC,
        Reply(status=429, headers={"Retry-After": "12"}, message="slow down"),
        ("Wait 12 seconds", "higher limit"),
        kind="rate_limit",
    ),
    "billing": Entry(
        "configure billing limits",
        OPENAI,
        stated(
            429,
            "You exceeded your current quota, please check your plan and billing details.",
            code="insufficient_quota",
        ),
        ("credit", "limit"),
        kind="quota",
    ),
    "region: openai": Entry(
        "some models may not be available in all regions",
        OPENAI,
        stated(
            403,
            "Country, region, or territory not supported",
            code="unsupported_country_region_territory",
        ),
        ("region", "another provider or model"),
        kind="region",
    ),
    "region: gemini": Entry(
        "some models may not be available in all regions",
        GEMINI,
        stated(400, "User location is not supported for the API use."),
        ("region", "another provider or model"),
        kind="region",
    ),
    "context length: openai": Entry(
        "reduce the prompt, use a larger window, enable truncation in the configuration",
        OPENAI,
        stated(400, "This model's maximum context length is 8192 tokens.", code="too_long"),
        ("Select less", "larger window", 'overflow = "trim"', "[context]"),
        kind="context",
    ),
    "context length: anthropic": Entry(
        "reduce the prompt, use a larger window, enable truncation in the configuration",
        ANTHROPIC,
        stated(400, "prompt is too long: 210000 tokens > 200000 maximum"),
        ("Select less", "larger window", 'overflow = "trim"', "[context]"),
        kind="context",
    ),
    "context length: ollama": Entry(
        "reduce the prompt, use a larger window, enable truncation in the configuration",
        OLLAMA,
        Reply(status=400, message="the input length exceeds the context length"),
        ("Select less", "num_ctx", "larger window", 'overflow = "trim"'),
        kind="context",
    ),
    "memory: ollama": Entry(
        "check GPU memory availability",
        OLLAMA,
        Reply(status=500, message="model requires more system memory (9 GiB) than is available"),
        ("smaller model", "num_ctx"),
        kind="server",
    ),
    # A key that a server wants and that nobody configured.
    "no key": Entry(
        "set the environment variable or add it to the configuration",
        OPENAI,
        stated(401, "You didn't provide an API key."),
        ("OPENAI_API_KEY", "api_key"),
        {"key": None, "key_variable": None},
        "auth",
    ),
}


def fixed(found: Answer, *fix: str) -> BackendError:
    """The error of an answer, once the user reads all of ``fix`` in it."""
    assert found.error is not None
    assert "mine" in found.error.message
    for words in fix:
        assert words in found.error.sentence, found.error.sentence
    return found.error
