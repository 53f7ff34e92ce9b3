"""Vendors with a wire of their own: Anthropic, Gemini, Cohere, Replicate, Ollama."""

from __future__ import annotations

from typing import Any

from backends.wires.clouds import REVIEWED
from backends.wires.row import MESSAGES, QUESTION, SYSTEM, Row

ANTHROPIC_BODY: dict[str, Any] = {
    "model": "claude-sonnet-4-5",
    "system": [{"type": "text", "text": SYSTEM}],
    "messages": [{"role": "user", "content": [{"type": "text", "text": QUESTION}]}],
    "temperature": 0.25,
    "max_tokens": 300,
    "stream": True,
}
GEMINI_BODY: dict[str, Any] = {
    "system_instruction": {"parts": [{"text": SYSTEM}]},
    "contents": [{"role": "user", "parts": [{"text": QUESTION}]}],
    "generationConfig": {"temperature": 0.25, "max_output_tokens": 300},
}
_GEMINI = Row(
    name="gemini",
    system="Gemini",
    recipe="""\
model = "gemini/gemini-2.5-flash"
""",
    environment={"GEMINI_API_KEY": "gemini-canary"},
    target="gemini/gemini-2.5-flash",
    origin="https://generativelanguage.googleapis.com",
    path="/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
    headers={"x-goog-api-key": "gemini-canary"},
    body=GEMINI_BODY,
    at_test_server={"GEMINI_API_BASE": "{server}/v1beta"},
    absent=("authorization",),
)

VENDORS = (
    Row(
        name="anthropic",
        system="Anthropic",
        recipe="""\
model = "claude/edit"

[backends.claude]
provider = "anthropic"
models = { edit = "claude-sonnet-4-5", chat = "claude-haiku-4-5" }
""",
        environment={"ANTHROPIC_API_KEY": "sk-ant-canary"},
        target="claude/edit",
        origin="https://api.anthropic.com",
        path="/v1/messages",
        headers={"x-api-key": "sk-ant-canary", "anthropic-version": "2023-06-01"},
        body=ANTHROPIC_BODY,
        at_test_server={"ANTHROPIC_BASE_URL": "{server}"},
        absent=("authorization",),
    ),
    _GEMINI,
    Row(
        name="gemini-with-googles-key",
        system="Gemini",
        recipe="""\
model = "gemini/chat"

[backends.gemini]
provider = "gemini"
api_key = "${GOOGLE_API_KEY}"
models = { chat = "gemini-2.5-flash" }
""",
        environment={"GOOGLE_API_KEY": "google-canary"},
        target="gemini/chat",
        origin=_GEMINI.origin,
        path=_GEMINI.path,
        headers={"x-goog-api-key": "google-canary"},
        body=GEMINI_BODY,
        at_test_server=_GEMINI.at_test_server,
        absent=("authorization",),
    ),
    Row(
        name="cohere",
        system="Cohere",
        recipe="""\
model = "cohere/command-r-plus"
""",
        environment={"COHERE_API_KEY": "cohere-canary"},
        target="cohere/command-r-plus",
        origin="https://api.cohere.com",
        path="/v2/chat",
        headers={"authorization": "Bearer cohere-canary"},
        body={
            "model": "command-r-plus",
            "messages": list(MESSAGES),
            "temperature": 0.25,
            "max_tokens": 300,
            "stream": True,
        },
        at_test_server={"COHERE_API_BASE": "{server}"},
    ),
    Row(
        name="replicate",
        system=REVIEWED,
        recipe="""\
model = "replicate/meta/meta-llama-3-70b-instruct"
""",
        environment={"REPLICATE_API_KEY": "r8-canary"},
        target="replicate/meta/meta-llama-3-70b-instruct",
        origin="https://api.replicate.com",
        path="/v1/models/meta/meta-llama-3-70b-instruct/predictions",
        headers={"authorization": "Token r8-canary"},
        body={
            "input": {
                "prompt": "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\n"
                f"{SYSTEM}<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n"
                f"{QUESTION}<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
                "temperature": 0.25,
                "max_new_tokens": 300,
                "stream": True,
            }
        },
        at_test_server={"REPLICATE_API_BASE": "{server}/v1"},
    ),
    Row(
        name="ollama",
        system="Ollama",
        recipe="""\
model = "local/edit"

[backends.local]
provider = "ollama"
models = { edit = "qwen2.5-coder" }
num_ctx = 8192
keep_alive = "10m"
think = false
""",
        environment={},
        target="local/edit",
        origin="http://localhost:11434",
        path="/api/chat",
        headers={},
        body={
            "model": "qwen2.5-coder",
            "messages": list(MESSAGES),
            "options": {"num_ctx": 8192, "num_predict": 300, "temperature": 0.25},
            "keep_alive": "10m",
            "think": False,
            "truncate": False,
            "shift": False,
            "stream": True,
        },
        at_test_server={"OLLAMA_API_BASE": "{server}"},
        absent=("authorization",),
    ),
)
