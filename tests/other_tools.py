"""Configuration files of other tools, with a secret wherever one could stand."""

from __future__ import annotations

from pathlib import Path

# Nothing that holds this may ever be written, printed or logged.
SECRET = "canary-7f3a"

LITELLM = f"""\
model_list:
  - model_name: gpt-4o
    litellm_params:
      model: azure/gpt-4o-eu
      api_base: https://my-eu.openai.azure.com/
      api_key: os.environ/AZURE_EU_KEY
      api_version: 2024-10-21
      rpm: 6
    model_info:
      base_model: azure/gpt-4o
  - model_name: gpt-4o
    litellm_params:
      model: azure/gpt-4o-us
      api_base: os.environ/AZURE_API_BASE
      api_key: os.environ/AZURE_API_KEY
  - model_name: claude
    litellm_params:
      model: anthropic/claude-sonnet-4-5
      api_key: sk-ant-{SECRET}
  - model_name: local
    litellm_params: {{model: ollama/qwen2.5-coder, api_base: "http://localhost:11434"}}
    model_info:
      max_input_tokens: 32768
      input_cost_per_token: 0.0000001
      output_cost_per_token: 0.0000002
  - model_name: "*"
    litellm_params: {{model: "openai/*", api_key: os.environ/OPENAI_API_KEY}}
  - model_name: hub
    litellm_params: {{model: huggingface/some-model, api_key: hf-{SECRET}}}
  - model_name: hot
    litellm_params: {{model: groq/llama3-8b-8192, temperature: 7}}
  - model_name: leaky
    litellm_params: {{model: openai/x, api_base: "https://me:{SECRET}@llm.example.org"}}
  - model_name: search
    litellm_params: {{model: openai/text-embedding-3-small, api_key: os.environ/OPENAI_API_KEY}}
    model_info: {{mode: embedding}}
router_settings:
  redis_password: {SECRET}
  fallbacks: [{{"gpt-4o": ["claude", "local"]}}, {{"claude": ["local"]}}]
litellm_settings:
  request_timeout: 300
  drop_params: true
general_settings:
  master_key: sk-{SECRET}
environment_variables:
  LANGFUSE_SECRET_KEY: {SECRET}
"""

LLM = f"""\
llm:
  backend: "ollama"
  fallback_backends: ["openai", "azure"]
  global_defaults:
    default_backend: "anthropic"
    default_embedding_backend: "openai"
    temperature: 0.7
    max_tokens: 4096
  ollama:
    base_url: "http://localhost:11434"
    models: {{generator: "qwen2.5-coder:14b", triage: "tinyllama"}}
    endpoints: {{generator: ["http://localhost:11434", "http://server2:11434"]}}
    context_windows: {{"qwen2.5-coder:14b": 131072}}
  openai:
    api_key: "${{OPENAI_API_KEY}}"
    base_url: "https://api.openai.com/v1"
    organization: null
    models: {{generator: "gpt-4o"}}
    embedding_model: "text-embedding-3-small"
  anthropic:
    api_key: "sk-ant-{SECRET}"
    models: {{generator: "claude-sonnet-4-5", triage: "claude-haiku-4-5"}}
  azure:
    api_key: "${{AZURE_OPENAI_API_KEY}}"
    api_version: "2024-10-21"
    deployments:
      us_east: {{deployment: "east", model: "gpt-4o", endpoint: "https://east.openai.azure.com"}}
      eu_west: {{deployment: "west", model: "gpt-4o", endpoint: "https://west.openai.azure.com"}}
  lmstudio:
    base_url: "http://localhost:1234/v1"
    models: {{generator: "local-model"}}
tools:
  reviewer: {{type: "llm", backend: "anthropic", llm: {{model_key: "triage"}}}}
model_selector: {{enabled: true, weights: {{speed: 40}}}}
"""

OLD_LLM = """\
ollama:
  base_url: "http://localhost:11434"
"""

HOSTED = """\
{"models": ["litellm_gpt-4o", "litellm_groq/llama3-8b-8192", "litellm_house/model-v1"]}
"""
SERVED = """\
models:
  - name: vllm_Qwen2-7B-Instruct
    model_path: /models/Qwen/Qwen2-7B-Instruct
    tokenizer_path: /models/Qwen/Qwen2-7B-Instruct
    description: for local inference
  - name: vllm_small
    model_path: /models/small
  - name: vllm_--trust-remote-code
    model_path: /models/bad
"""
PROVIDERS = """\
providers:
  groq: {api_key_env: "TEAM_GROQ_KEY", description: "Groq"}
  house: {api_key_env: "HOUSE_API_KEY", description: "our own"}
"""
DOTENV = f"""\
OPENAI_API_KEY=sk-{SECRET}
export GROQ_API_KEY="{SECRET}"
HOUSE_TOKEN={SECRET}
UNRELATED=1
"""


def write(folder: Path, **texts: str) -> list[str]:
    """The files in ``folder``; ``a__b=…`` is ``a.b``. Returns their paths."""
    folder.mkdir(exist_ok=True)
    paths = []
    for name, text in texts.items():
        path = folder / name.replace("__", ".")
        path.write_text(text, "utf-8")
        paths.append(str(path))
    return paths
