"""Azure OpenAI, whose address holds the deployment, and Azure AI Studio."""

from __future__ import annotations

from backends.wires.row import Row, openai_body

_RESOURCE = "https://my-resource.openai.azure.com"
_STUDIO = "https://my-model.eastus2.models.ai.azure.com"
_PATH = "/openai/deployments/my-gpt-4o/chat/completions?api-version=2024-10-21"

AZURE = (
    Row(
        name="azure",
        system="Azure OpenAI",
        recipe="""\
model = "azure/my-gpt-4o"
""",
        environment={
            "AZURE_API_KEY": "azure-canary",
            "AZURE_API_BASE": _RESOURCE,
            "AZURE_API_VERSION": "2024-10-21",
        },
        target="azure/my-gpt-4o",
        origin=_RESOURCE,
        path=_PATH,
        headers={"api-key": "azure-canary"},
        body=openai_body("my-gpt-4o"),
        absent=("authorization",),
    ),
    Row(
        name="azure-other-variables",
        system="Azure OpenAI",
        recipe="""\
model = "azure/my-gpt-4o"
""",
        environment={
            "AZURE_OPENAI_API_KEY": "azure-canary",
            "AZURE_OPENAI_ENDPOINT": f"{_RESOURCE}/",
            "OPENAI_API_VERSION": "2024-10-21",
        },
        target="azure/my-gpt-4o",
        origin=_RESOURCE,
        path=_PATH,
        headers={"api-key": "azure-canary"},
        body=openai_body("my-gpt-4o"),
        absent=("authorization",),
    ),
    Row(
        name="azure-in-the-file",
        system="Azure OpenAI",
        recipe=f"""\
model = "company/edit"

[backends.company]
provider = "azure"
api_base = "{_RESOURCE}"
api_key = "${{AZURE_API_KEY}}"
api_version = "2024-10-21"
models = {{ edit = "my-gpt-4o" }}
""",
        # What the file says comes first.
        environment={"AZURE_API_KEY": "azure-canary", "AZURE_API_VERSION": "2023-05-15"},
        target="company/edit",
        origin=_RESOURCE,
        path=_PATH,
        headers={"api-key": "azure-canary"},
        body=openai_body("my-gpt-4o"),
        absent=("authorization",),
    ),
    Row(
        name="azure-deployment",
        system="Azure OpenAI",
        recipe=f"""\
model = "company/edit"

[backends.company]
provider = "azure"
api_base = "{_RESOURCE}"
api_version = "2024-10-21"

[backends.company.deployments.edit]
deployment = "my-gpt-4o"
model = "gpt-4o"

[backends.company.deployments.chat]
deployment = "gpt-4o-west"
model = "gpt-4o"
api_base = "https://my-west.openai.azure.com"
api_key = "${{AZURE_WEST_KEY}}"
""",
        environment={"AZURE_API_KEY": "azure-canary", "AZURE_WEST_KEY": "west-canary"},
        target="company/edit",
        origin=_RESOURCE,
        path=_PATH,
        headers={"api-key": "azure-canary"},
        body=openai_body("my-gpt-4o"),
        absent=("authorization",),
    ),
    Row(
        name="azure-deployment-elsewhere",
        system="Azure OpenAI",
        recipe=f"""\
[backends.company]
provider = "azure"
api_base = "{_RESOURCE}"

[backends.company.deployments.chat]
deployment = "gpt-4o-west"
model = "gpt-4o"
api_base = "https://my-west.openai.azure.com"
api_key = "${{AZURE_WEST_KEY}}"
api_version = "2024-06-01"
""",
        environment={"AZURE_API_KEY": "azure-canary", "AZURE_WEST_KEY": "west-canary"},
        target="company/chat",
        origin="https://my-west.openai.azure.com",
        path="/openai/deployments/gpt-4o-west/chat/completions?api-version=2024-06-01",
        headers={"api-key": "west-canary"},
        body=openai_body("gpt-4o-west"),
        absent=("authorization",),
    ),
    Row(
        name="azure-deployment-of-a-reasoning-model",
        system="Azure OpenAI",
        recipe=f"""\
[backends.company]
provider = "azure"
api_base = "{_RESOURCE}"
api_version = "2024-12-01-preview"

[backends.company.deployments.think]
deployment = "thinker"
model = "o3-mini"
""",
        environment={"AZURE_API_KEY": "azure-canary"},
        target="company/think",
        origin=_RESOURCE,
        path="/openai/deployments/thinker/chat/completions?api-version=2024-12-01-preview",
        headers={"api-key": "azure-canary"},
        # The name of the deployment does not tell; `model` does.
        body=openai_body("thinker", temperature=None, max_tokens=None, max_completion_tokens=300),
        absent=("authorization",),
    ),
    Row(
        name="azure_ai",
        system="Azure AI Studio",
        recipe="""\
model = "azure_ai/mistral-large"
""",
        environment={"AZURE_AI_API_KEY": "studio-canary", "AZURE_AI_API_BASE": _STUDIO},
        target="azure_ai/mistral-large",
        origin=_STUDIO,
        path="/chat/completions",
        headers={"authorization": "Bearer studio-canary"},
        body=openai_body("mistral-large"),
    ),
    Row(
        name="azure_ai-foundry",
        system="Azure AI Studio",
        recipe="""\
model = "studio/edit"

[backends.studio]
provider = "azure_ai"
api_base = "https://my-project.services.ai.azure.com"
api_key = "${AZURE_API_KEY}"
api_version = "2024-05-01-preview"
models = { edit = "mistral-large" }
""",
        environment={"AZURE_API_KEY": "studio-canary"},
        target="studio/edit",
        origin="https://my-project.services.ai.azure.com",
        path="/models/chat/completions?api-version=2024-05-01-preview",
        headers={"api-key": "studio-canary"},
        body=openai_body("mistral-large"),
        fixed=True,
    ),
    Row(
        name="azure_ai-openai-model",
        system="Azure AI Studio",
        recipe="""\
model = "studio/edit"

[backends.studio]
provider = "azure_ai"
api_base = "https://my-hub.openai.azure.com"
api_key = "${AZURE_API_KEY}"
api_version = "2024-10-21"
models = { edit = "gpt-4o" }
""",
        environment={"AZURE_API_KEY": "studio-canary"},
        target="studio/edit",
        origin="https://my-hub.openai.azure.com",
        # OpenAI's models are deployments there too.
        path="/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21",
        headers={"api-key": "studio-canary"},
        body=openai_body("gpt-4o"),
        absent=("authorization",),
    ),
)
