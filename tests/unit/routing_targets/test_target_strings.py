"""What target strings mean, the ones of everyday documents first."""

from pathlib import Path

import pytest

from configured_project import Workspace
from streetrace_lsp.routing.errors import RoutingError
from streetrace_lsp.routing.targets import Target, resolve

KEYS = {
    name: f"key-{name}"
    for name in (
        "OPENAI_API_KEY",
        "ANTHROPIC_API_KEY",
        "GEMINI_API_KEY",
        "GROQ_API_KEY",
        "TOGETHERAI_API_KEY",
        "PERPLEXITYAI_API_KEY",
        "DEEPSEEK_API_KEY",
        "NEBIUS_API_KEY",
        "AZURE_API_KEY",
        "COHERE_API_KEY",
        "MISTRAL_API_KEY",
        "AWS_BEARER_TOKEN_BEDROCK",
    )
}
ENVIRON = {
    **KEYS,
    "AZURE_API_BASE": "https://team.openai.azure.com/",
    "AZURE_API_VERSION": "2024-02-01",
    "NEBIUS_API_BASE": "https://api.studio.nebius.ai/v1",
    "VERTEXAI_PROJECT": "team",
    "VERTEXAI_LOCATION": "us-central1",
    "AWS_REGION_NAME": "us-east-1",
    "OLLAMA_API_BASE": "http://localhost:11434",
}
OPENAI = ("openai", "OPENAI_API_KEY", "https://api.openai.com")
ANTHROPIC = ("anthropic", "ANTHROPIC_API_KEY", "https://api.anthropic.com")
GEMINI = ("gemini", "GEMINI_API_KEY", "https://generativelanguage.googleapis.com")
DEEPSEEK = ("deepseek", "DEEPSEEK_API_KEY", "https://api.deepseek.com")
GROQ = ("groq", "GROQ_API_KEY", "https://api.groq.com")
TOGETHER = ("together_ai", "TOGETHERAI_API_KEY", "https://api.together.ai")
AZURE = ("azure", "AZURE_API_KEY", "https://team.openai.azure.com")
AZURE_AI = ("azure_ai", "AZURE_API_KEY", "https://team.openai.azure.com")
VERTEX = ("vertex_ai", None, "https://us-central1-aiplatform.googleapis.com")
BEDROCK = (
    "bedrock",
    "AWS_BEARER_TOKEN_BEDROCK",
    "https://bedrock-runtime.us-east-1.amazonaws.com",
)
COHERE = ("cohere_chat", "COHERE_API_KEY", "https://api.cohere.com")
OLLAMA = ("ollama", None, "http://localhost:11434")
NEBIUS = ("nebius", "NEBIUS_API_KEY", "https://api.studio.nebius.ai")
MISTRAL = ("mistral", "MISTRAL_API_KEY", "https://api.mistral.ai")
PERPLEXITY = ("perplexity", "PERPLEXITYAI_API_KEY", "https://api.perplexity.ai")
ARN = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-x-v1:0"

# Every --model= string of the documents that people follow today, in their order.
DOCUMENTED = [
    ("gpt-4o", OPENAI, "gpt-4o"),
    ("gpt-4-turbo", OPENAI, "gpt-4-turbo"),
    ("gpt-3.5-turbo", OPENAI, "gpt-3.5-turbo"),
    ("deepseek/deepseek-chat", DEEPSEEK, "deepseek-chat"),
    ("deepseek/deepseek-coder", DEEPSEEK, "deepseek-coder"),
    (
        "together_ai/meta-llama/Llama-3.2-70B-Instruct-Turbo",
        TOGETHER,
        "meta-llama/Llama-3.2-70B-Instruct-Turbo",
    ),
    ("together_ai/mistralai/Codestral-22B-v0.1", TOGETHER, "mistralai/Codestral-22B-v0.1"),
    ("groq/llama-3.1-70b-versatile", GROQ, "llama-3.1-70b-versatile"),
    ("groq/mixtral-8x7b-32768", GROQ, "mixtral-8x7b-32768"),
    ("azure/your-gpt-4o-deployment", AZURE, "your-gpt-4o-deployment"),
    ("azure/your-gpt-4-turbo-deployment", AZURE, "your-gpt-4-turbo-deployment"),
    ("azure/your-gpt-35-turbo-deployment", AZURE, "your-gpt-35-turbo-deployment"),
    ("azure_ai/gpt-4o", AZURE_AI, "gpt-4o"),
    ("azure_ai/gpt-4-turbo", AZURE_AI, "gpt-4-turbo"),
    ("azure_ai/mistral-large", AZURE_AI, "mistral-large"),
    ("vertex_ai/claude-3-5-sonnet@20241022", VERTEX, "claude-3-5-sonnet@20241022"),
    ("vertex_ai/claude-3-haiku@20240307", VERTEX, "claude-3-haiku@20240307"),
    ("vertex_ai/gemini-1.5-pro", VERTEX, "gemini-1.5-pro"),
    ("vertex_ai/gemini-1.5-flash", VERTEX, "gemini-1.5-flash"),
    ("vertex_ai/codestral-22b", VERTEX, "codestral-22b"),
    ("gemini/gemini-1.5-pro", GEMINI, "gemini-1.5-pro"),
    ("gemini/gemini-1.5-flash", GEMINI, "gemini-1.5-flash"),
    ("gemini/gemini-1.0-pro", GEMINI, "gemini-1.0-pro"),
    ("claude-3-5-sonnet-20241022", ANTHROPIC, "claude-3-5-sonnet-20241022"),
    ("claude-3-5-haiku-20241022", ANTHROPIC, "claude-3-5-haiku-20241022"),
    ("claude-3-opus-20240229", ANTHROPIC, "claude-3-opus-20240229"),
    (
        "bedrock/anthropic.claude-3-5-sonnet-20241022-v2:0",
        BEDROCK,
        "anthropic.claude-3-5-sonnet-20241022-v2:0",
    ),
    (
        "bedrock/us.anthropic.claude-3-7-sonnet-20250219-v1:0",
        BEDROCK,
        "us.anthropic.claude-3-7-sonnet-20250219-v1:0",
    ),
    ("bedrock/mistral.mistral-7b-instruct-v0:2", BEDROCK, "mistral.mistral-7b-instruct-v0:2"),
    (
        "bedrock/mistral.codestral-22b-instruct-v1:0",
        BEDROCK,
        "mistral.codestral-22b-instruct-v1:0",
    ),
    (f"bedrock/{ARN}", BEDROCK, ARN),
    ("claude-3-sonnet", ANTHROPIC, "claude-3-sonnet"),
    ("gemini-pro", GEMINI, "gemini-pro"),
    ("gpt-4", OPENAI, "gpt-4"),
    ("deepseek-chat", DEEPSEEK, "deepseek-chat"),
    ("codestral", MISTRAL, "codestral-latest"),
    ("cohere/command-r-plus", COHERE, "command-r-plus"),
    ("cohere/command-r", COHERE, "command-r"),
    ("cohere/command-light", COHERE, "command-light"),
    ("ollama/deepseek-coder", OLLAMA, "deepseek-coder"),
    ("ollama/deepseek-llm", OLLAMA, "deepseek-llm"),
    ("ollama/codestral", OLLAMA, "codestral"),
    ("ollama/llama3.1", OLLAMA, "llama3.1"),
    ("ollama/codellama", OLLAMA, "codellama"),
    ("ollama/mistral", OLLAMA, "mistral"),
    ("nebius/llama-3.1-70b-instruct", NEBIUS, "llama-3.1-70b-instruct"),
    ("nebius/mistral-7b-instruct", NEBIUS, "mistral-7b-instruct"),
    ("nebius/deepseek-coder-33b-instruct", NEBIUS, "deepseek-coder-33b-instruct"),
]
OTHERS = [
    ("litellm_gpt-4", OPENAI, "gpt-4"),
    ("litellm_openai/gpt-4", OPENAI, "gpt-4"),
    ("litellm_groq/llama3-8b-8192", GROQ, "llama3-8b-8192"),
    (
        "litellm_perplexity/llama-3.1-sonar-small-128k-online",
        PERPLEXITY,
        "llama-3.1-sonar-small-128k-online",
    ),
    ("ollama_chat/qwen2.5-coder:14b", OLLAMA, "qwen2.5-coder:14b"),
    ("o3", OPENAI, "o3"),
    ("Anthropic/claude-3-opus", ANTHROPIC, "claude-3-opus"),
    # Further names in the same documents: in their configuration files and code.
    ("gemini-2.5-flash", GEMINI, "gemini-2.5-flash"),
    ("gemini-2.0-flash", GEMINI, "gemini-2.0-flash"),
    ("claude-3-5-sonnet", ANTHROPIC, "claude-3-5-sonnet"),
    ("claude-3-opus", ANTHROPIC, "claude-3-opus"),
    ("claude-3-haiku", ANTHROPIC, "claude-3-haiku"),
    ("litellm_gpt-3.5-turbo", OPENAI, "gpt-3.5-turbo"),
    (
        "litellm_together_ai/meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo",
        TOGETHER,
        "meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo",
    ),
    (
        "litellm_perplexity/llama-3.1-sonar-large-128k-online",
        PERPLEXITY,
        "llama-3.1-sonar-large-128k-online",
    ),
    ("mistral/codestral-22b-instruct-v1:0", MISTRAL, "codestral-22b-instruct-v1:0"),
]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    login = tmp_path / "service-account.json"
    login.write_text("{}")
    return Workspace(tmp_path, {**ENVIRON, "GOOGLE_APPLICATION_CREDENTIALS": str(login)})


def where(target: Target) -> tuple[str, str | None, str]:
    return target.provider, target.key_variable, str(target.origins[0])


@pytest.mark.parametrize(("text", "expected", "model"), DOCUMENTED + OTHERS)
def test_a_documented_string_finds_provider_model_key_and_origin(
    workspace: Workspace, text: str, expected: tuple[str, str | None, str], model: str
) -> None:
    target = resolve(workspace.load(), "fix", text)
    assert (where(target), target.model) == (expected, model)
    variable = expected[1]
    assert (target.key.reveal() if target.key else None) == (
        ENVIRON[variable] if variable else None
    )


def test_all_documented_strings_are_in_the_table() -> None:
    assert len({text for text, _, _ in DOCUMENTED}) == 48


@pytest.mark.parametrize("text", ["claude-3-sonnet", "gemini-pro", "deepseek-chat", "codestral"])
def test_a_guess_by_family_is_said(workspace: Workspace, text: str) -> None:
    assert text in resolve(workspace.load(), "fix", text).note
    assert resolve(workspace.load(), "fix", "openai/gpt-4").note == ""


@pytest.mark.parametrize("name", ["claude-3-sonnet", "gemini-pro", "gpt-4", "codestral", "mine"])
def test_a_bare_name_goes_to_the_users_own_address(workspace: Workspace, name: str) -> None:
    workspace.environ.values_by_name["OPENAI_API_BASE"] = "http://localhost:4000"
    target = resolve(workspace.load(), "fix", name)
    assert (target.provider, target.model) == ("openai", name)
    assert target.api_base == "http://localhost:4000"
    assert target.key_variable == "OPENAI_API_KEY"


BACKENDS = """\
[backends.claude]
provider = "anthropic"
[backends.claude.models]
edit = "claude-e"
chat = "claude-c"
document = "claude-d"

[backends.one]
provider = "ollama"
models = { fast = "tiny" }

[backends.two]
provider = "ollama"
models = { fast = "tiny", slow = "huge" }

[backends.gpu]
provider = "hosted_vllm"
api_base = "http://gpu:8000/v1"
model = "Qwen2-7B-Instruct"

[backends.openai]
provider = "ollama"
model = "llama3"
"""


@pytest.mark.parametrize(
    ("text", "task", "backend", "model"),
    [
        ("claude/edit", "explain", "claude", "claude-e"),
        ("claude/claude-opus/4", "fix", "claude", "claude-opus/4"),
        ("claude", "fix", "claude", "claude-e"),
        ("claude", "explain", "claude", "claude-c"),
        ("claude", "document", "claude", "claude-d"),
        ("one", "fix", "one", "tiny"),
        ("two/slow", "fix", "two", "huge"),
        ("vllm_Qwen2-7B-Instruct", "fix", "gpu", "Qwen2-7B-Instruct"),
        # A backend comes before a provider of its name.
        ("openai/llama3", "fix", "openai", "llama3"),
        ("openai", "fix", "openai", "llama3"),
    ],
)
def test_a_backend_finds_its_model(
    workspace: Workspace, text: str, task: str, backend: str, model: str
) -> None:
    target = resolve(workspace.user(BACKENDS).load(), task, text)
    assert (target.backend, target.model) == (backend, model)


@pytest.mark.parametrize(
    ("text", "message", "step"),
    [
        ("two", "two has several models (fast, slow)", "Write two/ROLE"),
        ("mystery", "not clear who serves the model mystery", "ollama/mystery"),
        ("clade/edit", "clade (in clade/edit) is neither", "Did you mean claude?"),
        ("openay/gpt-4", "openay", "Did you mean openai?"),
        ("vllm_other", "No vLLM backend declares the model other", "[backends.gpu]"),
        ("litellm_my_custom_ai/my-model-v1", "my_custom_ai", "[backends.my_custom_ai]"),
        ("groq", "groq is a provider", "Write groq/MODEL"),
        ("groq/", "names no model", "Write groq/MODEL"),
        ("huggingface/x", "CVE-2024-2952", "OpenAI-compatible"),
        ("vllm/x", "left out on purpose", "hosted_vllm"),
        ("petals/x", "left out on purpose", "OpenAI-compatible"),
        ("github_copilot/x", "left out on purpose", "OpenAI-compatible"),
        ("/x", "names no backend", "PROVIDER/MODEL"),
    ],
)
def test_what_stays_unclear_is_refused_with_a_next_step(
    workspace: Workspace, text: str, message: str, step: str
) -> None:
    with pytest.raises(RoutingError) as refused:
        resolve(workspace.user(BACKENDS).load(), "fix", text)
    assert message in refused.value.sentence
    assert step in refused.value.sentence


def test_two_backends_that_declare_one_vllm_model_are_ambiguous(workspace: Workspace) -> None:
    gpu = 'provider = "hosted_vllm"\napi_base = "http://g:1/v1"\nmodel = "m"\n'
    workspace.user(f"[backends.a]\n{gpu}[backends.b]\n{gpu}")
    with pytest.raises(RoutingError, match="ambiguous"):
        resolve(workspace.load(), "fix", "vllm_m")
