"""The recipes of docs/backends/, read out of the pages, each with the request that it makes."""

from __future__ import annotations

from typing import Any

from backends.documented_openai import IN_OPENAIS_WIRE, KEY, MORE, row
from backends.wires import amazon, google
from backends.wires.row import MESSAGES, QUESTION, SYSTEM, Row, openai_body
from backends.wires.vendors import ANTHROPIC_BODY, GEMINI_BODY

_SONNET = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
_HAIKU = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
_ARN = f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/{_SONNET}"
_GCLOUD = ".config/gcloud/application_default_credentials.json"
_LLAMA = f"<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\n{SYSTEM}<|eot_id|>" + (
    f"<|start_header_id|>user<|end_header_id|>\n\n{QUESTION}<|eot_id|>"
    "<|start_header_id|>assistant<|end_header_id|>\n\n"
)


def _azure(heading: str, target: str, host: str, deployment: str, **facts: Any) -> Row:
    return row(
        "azure-openai",
        heading,
        target,
        origin=f"https://{host}.openai.azure.com",
        path=f"/openai/deployments/{deployment}/chat/completions?api-version=2024-10-21",
        headers={"api-key": KEY},
        absent=("authorization",),
        body=openai_body(deployment),
        **facts,
    )


def _anthropic(heading: str, target: str) -> Row:
    return row(
        "anthropic",
        heading,
        target,
        environment={"ANTHROPIC_API_KEY": KEY},
        origin="https://api.anthropic.com",
        path="/v1/messages",
        headers={"x-api-key": KEY, "anthropic-version": "2023-06-01"},
        absent=("authorization",),
        body=ANTHROPIC_BODY,
    )


def _gemini(heading: str, target: str) -> Row:
    return row(
        "gemini",
        heading,
        target,
        environment={"GEMINI_API_KEY": KEY},
        origin="https://generativelanguage.googleapis.com",
        path="/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
        headers={"x-goog-api-key": KEY},
        absent=("authorization",),
        body=GEMINI_BODY,
    )


def _vertex(heading: str, region: str, files: dict[str, str]) -> Row:
    return row(
        "vertex-ai",
        heading,
        "vertex/edit",
        origin=f"https://{region}-aiplatform.googleapis.com",
        path=f"/v1/projects/your-project/locations/{region}/publishers/google/models/"
        "gemini-2.5-flash:streamGenerateContent?alt=sse",
        headers={"authorization": "Bearer ya29.token"},
        body=GEMINI_BODY,
        files=files,
    )


def _bedrock(heading: str, target: str, model: str, **facts: Any) -> Row:
    return row(
        "bedrock",
        heading,
        target,
        origin="https://bedrock-runtime.us-east-1.amazonaws.com",
        path=amazon.path(model),
        body={
            "system": [{"text": SYSTEM}],
            "messages": [{"role": "user", "content": [{"text": QUESTION}]}],
            "inferenceConfig": {"maxTokens": 300, "temperature": 0.25},
        },
        **facts,
    )


def _ollama(nth: int, heading: str, target: str, origin: str, num_ctx: int, **changes: Any) -> Row:
    return row(
        "ollama",
        heading,
        target,
        nth,
        origin=origin,
        path="/api/chat",
        headers={},
        absent=("authorization",),
        body={
            "model": "qwen2.5-coder:14b",
            "messages": list(MESSAGES),
            "options": {"num_ctx": num_ctx, "num_predict": 300, "temperature": 0.25},
            "truncate": False,
            "shift": False,
            "stream": True,
            **changes,
        },
    )


DOCUMENTED: tuple[Row, ...] = (
    *IN_OPENAIS_WIRE,
    _anthropic("Anthropic", "claude/edit"),
    _anthropic("Configuration", "anthropic/claude-sonnet-4-5"),
    _gemini("Gemini", "gemini/edit"),
    _gemini("Configuration", "gemini/gemini-2.5-flash"),
    row(
        "cohere",
        "Cohere",
        "cohere/chat",
        environment={"COHERE_API_KEY": KEY},
        origin="https://api.cohere.com",
        path="/v2/chat",
        headers={"authorization": f"Bearer {KEY}"},
        body={
            "model": "command-a-03-2025",
            "messages": list(MESSAGES),
            "temperature": 0.25,
            "max_tokens": 300,
            "stream": True,
        },
    ),
    _azure(
        "Azure OpenAI",
        "azure/edit",
        "your-resource",
        "gpt-4o-edit",
        environment={"AZURE_API_KEY": KEY},
    ),
    _azure(
        "Configuration",
        "azure/gpt-4o-edit",
        "your-resource",
        "gpt-4o-edit",
        environment={
            "AZURE_API_KEY": KEY,
            "AZURE_API_BASE": "https://your-resource.openai.azure.com",
            "AZURE_API_VERSION": "2024-10-21",
        },
    ),
    _azure(
        "Configuration",
        "azure/eu_west",
        "eu-west",
        "gpt-4o-eu-west",
        nth=1,
        environment={"AZURE_US_EAST_KEY": "other", "AZURE_EU_WEST_KEY": KEY},
    ),
    row(
        "azure-ai",
        "Azure AI Studio",
        "catalog/edit",
        environment={"AZURE_AI_API_KEY": KEY},
        origin="https://your-endpoint.inference.ai.azure.com",
        path="/chat/completions",
        headers={"authorization": f"Bearer {KEY}"},
        body=openai_body("mistral-large"),
    ),
    row(
        "azure-ai",
        "Configuration",
        "phi",
        environment={"PHI_KEY": KEY, "MISTRAL_ON_AZURE_KEY": "other"},
        origin="https://phi-endpoint.swedencentral.models.ai.azure.com",
        path="/chat/completions",
        headers={"authorization": f"Bearer {KEY}"},
        body=openai_body("Phi-4"),
    ),
    _vertex("Vertex AI", "us-central1", {_GCLOUD: google.login()}),
    _vertex("Configuration", "europe-west4", {"vertex-key.json": google.service_account()}),
    _bedrock(
        "Amazon Bedrock",
        "bedrock/edit",
        _SONNET,
        environment={"AWS_BEARER_TOKEN_BEDROCK": KEY},
        headers={"authorization": f"Bearer {KEY}"},
        absent=("x-amz-date",),
    ),
    _bedrock(
        "A profile",
        "bedrock/edit",
        _SONNET,
        files={
            ".aws/credentials": "[work]\naws_access_key_id = AKIAWORK\n"
            "aws_secret_access_key = work-secret\n"
        },
        headers={"authorization": amazon.signed("AKIAWORK", "us-east-1")},
    ),
    _bedrock(
        "Access keys",
        f"bedrock/{_HAIKU}",
        _HAIKU,
        environment={
            "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "secret-canary",
            "AWS_REGION_NAME": "us-east-1",
        },
        headers={"authorization": amazon.signed("AKIAEXAMPLE", "us-east-1")},
    ),
    _bedrock(
        "An inference profile's ARN",
        f"bedrock/{_ARN}",
        _ARN,
        environment={"AWS_BEARER_TOKEN_BEDROCK": KEY},
        headers={"authorization": f"Bearer {KEY}"},
    ),
    _ollama(
        0, "Ollama", "local/edit", "http://localhost:11434", 16384, keep_alive="10m", think=False
    ),
    _ollama(0, "Configuration", "farm/edit", "http://localhost:11434", 8192),
    _ollama(1, "Configuration", "farm/edit", "http://server1.example.org:11434", 8192),
    row(
        MORE,
        "Replicate",
        "replicate/chat",
        environment={"REPLICATE_API_KEY": KEY},
        origin="https://api.replicate.com",
        path="/v1/models/meta/meta-llama-3-70b-instruct/predictions",
        headers={"authorization": f"Token {KEY}"},
        body={
            "input": {
                "prompt": _LLAMA,
                "temperature": 0.25,
                "max_new_tokens": 300,
                "stream": True,
            }
        },
    ),
)

# What these address is started first: see test_launch_recipes.py. ``{port}`` is the one it got.
LAUNCHED: tuple[Row, ...] = tuple(
    row(
        page,
        heading,
        "",
        origin="http://127.0.0.1:{port}",
        path="/v1/chat/completions",
        headers={"authorization": "Bearer none"},
        body=openai_body(model),
    )
    for page, heading, model in (
        ("launch", "Local servers on demand", "qwen2.5-coder"),
        ("vllm", "Configuration", "Qwen2.5-Coder-7B-Instruct"),
    )
)
