"""OpenAI, and what speaks its wire at an address that the user names."""

from __future__ import annotations

from backends.wires.row import Row, openai_body

OPENAI = (
    Row(
        name="openai",
        system="OpenAI",
        recipe="""\
model = "gpt/edit"

[backends.gpt]
provider = "openai"
api_key = "${OPENAI_API_KEY}"
organization = "org-example"

[backends.gpt.models]
edit = "gpt-4o"
chat = "gpt-4o-mini"
""",
        environment={"OPENAI_API_KEY": "sk-openai-canary"},
        target="gpt/edit",
        origin="https://api.openai.com",
        path="/v1/chat/completions",
        headers={
            "authorization": "Bearer sk-openai-canary",
            "openai-organization": "org-example",
        },
        body=openai_body("gpt-4o"),
        at_test_server={"OPENAI_BASE_URL": "{server}/v1"},
    ),
    Row(
        name="openai-by-variables",
        system="OpenAI",
        recipe='model = "gpt-4o"\n',
        environment={
            "OPENAI_API_KEY": "sk-openai-canary",
            "OPENAI_ORGANIZATION": "org-of-the-shell",
            "OPENAI_API_BASE": "https://eu.api.openai.com/v1",
        },
        target="gpt-4o",
        origin="https://eu.api.openai.com",
        path="/v1/chat/completions",
        headers={
            "authorization": "Bearer sk-openai-canary",
            "openai-organization": "org-of-the-shell",
        },
        body=openai_body("gpt-4o"),
    ),
    Row(
        name="any-openai-compatible",
        system="Any OpenAI-compatible endpoint",
        recipe="""\
model = "team/edit"

[backends.team]
provider = "openai"
api_base = "https://llm.example.org/v1"
api_key = "${TEAM_LLM_KEY}"
models = { edit = "qwen2.5-coder" }
headers = { X-Team = "compilers" }
extra_body = { top_k = 20 }
""",
        environment={"TEAM_LLM_KEY": "team-canary"},
        target="team/edit",
        origin="https://llm.example.org",
        path="/v1/chat/completions",
        headers={"authorization": "Bearer team-canary", "x-team": "compilers"},
        body=openai_body("qwen2.5-coder", top_k=20),
        absent=("openai-organization",),
    ),
    Row(
        name="litellm-proxy",
        system="LiteLLM Proxy",
        recipe="""\
model = "proxy/team-model"

[backends.proxy]
provider = "litellm_proxy"
api_base = "https://litellm.example.org"
api_key = "${LITELLM_PROXY_API_KEY}"
""",
        environment={"LITELLM_PROXY_API_KEY": "sk-virtual-canary"},
        target="proxy/team-model",
        origin="https://litellm.example.org",
        path="/chat/completions",
        headers={"authorization": "Bearer sk-virtual-canary"},
        body=openai_body("team-model"),
    ),
    Row(
        name="litellm-proxy-by-variables",
        system="LiteLLM Proxy",
        recipe='model = "litellm_proxy/azure/gpt-4o"\n',
        environment={
            "LITELLM_PROXY_API_BASE": "https://litellm.example.org",
            "LITELLM_PROXY_API_KEY": "sk-virtual-canary",
        },
        target="litellm_proxy/azure/gpt-4o",
        origin="https://litellm.example.org",
        path="/chat/completions",
        headers={"authorization": "Bearer sk-virtual-canary"},
        body=openai_body("azure/gpt-4o"),
    ),
    Row(
        name="litellm-proxy-as-openai",
        system="LiteLLM Proxy",
        recipe='model = "claude-3-sonnet"\n',
        environment={
            "OPENAI_API_BASE": "http://localhost:4000",
            "OPENAI_API_KEY": "anything",
        },
        target="claude-3-sonnet",
        origin="http://localhost:4000",
        path="/chat/completions",
        headers={"authorization": "Bearer anything"},
        body=openai_body("claude-3-sonnet"),
    ),
    Row(
        name="lm-studio",
        system="LM Studio",
        recipe="""\
model = "studio/edit"

[backends.studio]
provider = "lm_studio"
models = { edit = "qwen2.5-coder-7b-instruct" }
""",
        environment={},
        target="studio/edit",
        origin="http://localhost:1234",
        path="/v1/chat/completions",
        headers={},
        body=openai_body("qwen2.5-coder-7b-instruct"),
        at_test_server={"LM_STUDIO_API_BASE": "{server}/v1"},
    ),
    Row(
        name="vllm",
        system="vLLM",
        recipe="""\
model = "gpu/edit"

[backends.gpu]
provider = "hosted_vllm"
api_base = "http://localhost:8000/v1"
models = { edit = "Qwen/Qwen2.5-Coder-7B-Instruct" }
""",
        environment={"HOSTED_VLLM_API_KEY": "vllm-canary"},
        target="gpu/edit",
        origin="http://localhost:8000",
        path="/v1/chat/completions",
        headers={"authorization": "Bearer vllm-canary"},
        body=openai_body("Qwen/Qwen2.5-Coder-7B-Instruct"),
    ),
    Row(
        name="vllm-by-model",
        system="vLLM",
        recipe="""\
[backends.gpu]
provider = "hosted_vllm"
api_base = "http://localhost:8000/v1"
model = "Qwen2-7B-Instruct"
""",
        environment={},
        target="vllm_Qwen2-7B-Instruct",
        origin="http://localhost:8000",
        path="/v1/chat/completions",
        headers={},
        body=openai_body("Qwen2-7B-Instruct"),
    ),
    Row(
        name="local-server",
        system="Local server on demand",
        recipe="""\
model = "local/edit"

[backends.local]
provider = "llamafile"
models = { edit = "qwen2.5-coder" }
""",
        environment={},
        target="local/edit",
        origin="http://localhost:8080",
        path="/v1/chat/completions",
        headers={},
        body=openai_body("qwen2.5-coder"),
        at_test_server={"LLAMAFILE_API_BASE": "{server}/v1"},
    ),
)
