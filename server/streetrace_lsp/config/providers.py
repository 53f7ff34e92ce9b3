"""The providers that were reviewed: their variables, where they live, and who talks to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from .provider_names import ALIASES

Adapter = Literal["litellm", "ollama", "replay"]
# Which addresses get the provider's own key variable without being named in the configuration:
# every granted one; the built-in ones and one from the user's shell; the built-in ones alone.
OwnKey = Literal["granted", "shell", "built-in"]


class Setting(NamedTuple):
    """A call option: the backend's ``key`` gives its value, else the first variable that is set."""

    option: str
    variables: tuple[str, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Provider:
    """One row of the table.

    ``key_variables`` and ``base_variables``: the first one set is used. ``base``: the address
    that requests are sent to when none is configured. ``origins``: the built-in origins, which
    may get the provider's own key; ``{region}`` stands for the backend's ``region``, or the value
    of ``region_variables``, or ``region``; ``region_option`` is the call option that takes it.
    ``wide_origins`` are those of a part of the world (``eu``), and of ``global``, where the address
    is without it.
    ``settings``: further call options. ``credentials``: secret ones, with their variables.
    ``login_variables``: those that name a file, or a part of one, with credentials in it; see
    `routing.sign_in`. ``starter``: a model to offer.
    """

    name: str
    title: str
    key_variables: tuple[str, ...] = ()
    base_variables: tuple[str, ...] = ()
    base: str | None = None
    origins: tuple[str, ...] = ()
    wide_origins: tuple[str, ...] = ()
    region_variables: tuple[str, ...] = ()
    region: str = ""
    region_option: str = ""
    adapter: Adapter = "litellm"
    needs_key: bool = True
    own_key: OwnKey = "granted"
    settings: tuple[Setting, ...] = ()
    credentials: tuple[tuple[str, str], ...] = ()
    login_variables: tuple[str, ...] = ()
    starter: str = ""


def _cloud(
    name: str, title: str, keys: tuple[str, ...], base: str, *, starter: str = ""
) -> Provider:
    """An OpenAI-compatible service with one address and one key."""
    stem = keys[0].removesuffix("_API_KEY")
    return Provider(
        name,
        title,
        keys,
        (f"{stem}_API_BASE",),
        base=base,
        origins=("https://" + base.split("/")[2],),
        starter=starter,
    )


_ALL: Final = (
    Provider(
        "openai",
        "OpenAI",
        ("OPENAI_API_KEY",),
        ("OPENAI_BASE_URL", "OPENAI_API_BASE"),
        base="https://api.openai.com/v1",
        origins=(
            "https://api.openai.com",
            "https://eu.api.openai.com",
            "https://us.api.openai.com",
        ),
        own_key="shell",
        settings=(
            Setting("organization", ("OPENAI_ORGANIZATION", "OPENAI_ORG_ID"), "organization"),
        ),
        starter="gpt-5-mini",
    ),
    Provider(
        "anthropic",
        "Anthropic",
        ("ANTHROPIC_API_KEY",),
        ("ANTHROPIC_BASE_URL", "ANTHROPIC_API_BASE"),
        base="https://api.anthropic.com",
        origins=("https://api.anthropic.com",),
        starter="claude-sonnet-4-5",
    ),
    Provider(
        "gemini",
        "Gemini",
        ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
        ("GEMINI_API_BASE",),
        base="https://generativelanguage.googleapis.com/v1beta",
        origins=("https://generativelanguage.googleapis.com",),
        starter="gemini-2.5-flash",
    ),
    Provider(
        "azure",
        "Azure OpenAI",
        ("AZURE_API_KEY", "AZURE_OPENAI_API_KEY"),
        ("AZURE_API_BASE", "AZURE_OPENAI_ENDPOINT"),
        settings=(
            Setting("api_version", ("AZURE_API_VERSION", "OPENAI_API_VERSION"), "api_version"),
        ),
    ),
    Provider(
        "azure_ai",
        "Azure AI Studio",
        ("AZURE_AI_API_KEY", "AZURE_API_KEY"),
        ("AZURE_AI_API_BASE", "AZURE_API_BASE"),
        settings=(
            Setting("api_version", ("AZURE_AI_API_VERSION", "AZURE_API_VERSION"), "api_version"),
        ),
    ),
    Provider(
        "vertex_ai",
        "Vertex AI",
        base_variables=("VERTEXAI_API_BASE",),
        origins=(
            "https://{region}-aiplatform.googleapis.com",
            "https://aiplatform.googleapis.com",
            "https://oauth2.googleapis.com",
        ),
        wide_origins=(
            "https://aiplatform.{region}.rep.googleapis.com",
            "https://aiplatform.googleapis.com",
            "https://oauth2.googleapis.com",
        ),
        region_variables=("VERTEXAI_LOCATION", "VERTEX_LOCATION"),
        region="us-central1",
        region_option="vertex_location",
        needs_key=False,
        settings=(
            Setting("vertex_project", ("VERTEXAI_PROJECT", "GOOGLE_CLOUD_PROJECT"), "project"),
        ),
        login_variables=("GOOGLE_APPLICATION_CREDENTIALS",),
    ),
    Provider(
        "bedrock",
        "Amazon Bedrock",
        ("AWS_BEARER_TOKEN_BEDROCK",),
        ("AWS_BEDROCK_RUNTIME_ENDPOINT",),
        origins=("https://bedrock-runtime.{region}.amazonaws.com",),
        region_variables=("AWS_REGION_NAME", "AWS_REGION", "AWS_DEFAULT_REGION"),
        region="us-west-2",
        region_option="aws_region_name",
        needs_key=False,
        login_variables=("AWS_PROFILE_NAME", "AWS_PROFILE"),
        credentials=(
            ("aws_access_key_id", "AWS_ACCESS_KEY_ID"),
            ("aws_secret_access_key", "AWS_SECRET_ACCESS_KEY"),
            ("aws_session_token", "AWS_SESSION_TOKEN"),
        ),
    ),
    Provider(
        "litellm_proxy",
        "LiteLLM Proxy",
        ("LITELLM_PROXY_API_KEY",),
        ("LITELLM_PROXY_API_BASE",),
        needs_key=False,
    ),
    Provider(
        "cohere_chat",
        "Cohere",
        ("COHERE_API_KEY", "CO_API_KEY"),
        ("COHERE_API_BASE",),
        base="https://api.cohere.com",
        origins=("https://api.cohere.com", "https://api.cohere.ai"),
        starter="command-a-03-2025",
    ),
    Provider(
        "ollama",
        "Ollama",
        ("OLLAMA_API_KEY",),
        ("OLLAMA_API_BASE", "OLLAMA_HOST"),
        base="http://localhost:11434",
        # Ollama's own client sends this key to any host; it belongs to the vendor's cloud alone.
        origins=("https://ollama.com",),
        adapter="ollama",
        needs_key=False,
        own_key="built-in",
    ),
    Provider(
        "lm_studio",
        "LM Studio",
        ("LM_STUDIO_API_KEY",),
        ("LM_STUDIO_API_BASE",),
        base="http://localhost:1234/v1",
        needs_key=False,
    ),
    Provider(
        "hosted_vllm",
        "vLLM",
        ("HOSTED_VLLM_API_KEY",),
        ("HOSTED_VLLM_API_BASE",),
        base="http://localhost:8000/v1",
        needs_key=False,
    ),
    Provider(
        "llamafile",
        "llamafile",
        ("LLAMAFILE_API_KEY",),
        ("LLAMAFILE_API_BASE",),
        base="http://localhost:8080/v1",
        needs_key=False,
    ),
    Provider(
        "replicate",
        "Replicate",
        ("REPLICATE_API_KEY", "REPLICATE_API_TOKEN"),
        ("REPLICATE_API_BASE",),
        base="https://api.replicate.com/v1",
        origins=("https://api.replicate.com",),
    ),
    Provider("replay", "Replay", adapter="replay", needs_key=False),
    _cloud(
        "together_ai",
        "Together AI",
        ("TOGETHERAI_API_KEY", "TOGETHER_API_KEY", "TOGETHER_AI_API_KEY"),
        "https://api.together.ai/v1",
        starter="Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8",
    ),
    _cloud("groq", "Groq", ("GROQ_API_KEY",), "https://api.groq.com/openai/v1"),
    _cloud(
        "perplexity",
        "Perplexity",
        ("PERPLEXITYAI_API_KEY", "PERPLEXITY_API_KEY"),
        "https://api.perplexity.ai",
        starter="sonar",
    ),
    _cloud(
        "deepseek",
        "DeepSeek",
        ("DEEPSEEK_API_KEY",),
        "https://api.deepseek.com/beta",
        starter="deepseek-chat",
    ),
    _cloud("nebius", "Nebius AI Studio", ("NEBIUS_API_KEY",), "https://api.studio.nebius.ai/v1"),
    _cloud(
        "mistral",
        "Mistral",
        ("MISTRAL_API_KEY",),
        "https://api.mistral.ai/v1",
        starter="codestral-latest",
    ),
    _cloud("codestral", "Codestral", ("CODESTRAL_API_KEY",), "https://codestral.mistral.ai/v1"),
    _cloud(
        "openrouter",
        "OpenRouter",
        ("OPENROUTER_API_KEY", "OR_API_KEY"),
        "https://openrouter.ai/api/v1",
    ),
    _cloud("xai", "xAI", ("XAI_API_KEY",), "https://api.x.ai/v1", starter="grok-code-fast-1"),
    _cloud(
        "fireworks_ai",
        "Fireworks AI",
        ("FIREWORKS_API_KEY", "FIREWORKS_AI_API_KEY", "FIREWORKSAI_API_KEY"),
        "https://api.fireworks.ai/inference/v1",
    ),
    _cloud("cerebras", "Cerebras", ("CEREBRAS_API_KEY",), "https://api.cerebras.ai/v1"),
    _cloud("sambanova", "SambaNova", ("SAMBANOVA_API_KEY",), "https://api.sambanova.ai/v1"),
    _cloud(
        "nvidia_nim", "NVIDIA NIM", ("NVIDIA_NIM_API_KEY",), "https://integrate.api.nvidia.com/v1"
    ),
    _cloud("deepinfra", "DeepInfra", ("DEEPINFRA_API_KEY",), "https://api.deepinfra.com/v1/openai"),
    _cloud("moonshot", "Moonshot AI", ("MOONSHOT_API_KEY",), "https://api.moonshot.ai/v1"),
    _cloud(
        "dashscope",
        "DashScope",
        ("DASHSCOPE_API_KEY",),
        "https://dashscope.aliyuncs.com/compatible-mode/v1",
    ),
)

PROVIDERS: Final[dict[str, Provider]] = {provider.name: provider for provider in _ALL}


def find_provider(name: str) -> Provider | None:
    """The provider of this name or alias, or None when it is not on the reviewed list."""
    name = name.lower()
    return PROVIDERS.get(ALIASES.get(name, name))
