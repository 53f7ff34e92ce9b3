"""The configurations that keys are added to."""

from __future__ import annotations

from backends.effects.scene import FIRST, SECOND

OPENAI = f"""
model = "one"
[backends.one]
provider = "openai"
api_base = "{FIRST}/v1"
api_key = "k"
model = "demo"
"""
OLLAMA = f"""
model = "one"
[backends.one]
provider = "ollama"
api_base = "{FIRST}"
model = "demo"
"""
TWO = f"""{OLLAMA}
[backends.two]
provider = "ollama"
api_base = "{SECOND}"
model = "other"
"""
AZURE = f"""
model = "one"
[backends.one]
provider = "azure"
api_base = "{FIRST}"
api_key = "k"
api_version = "2024-10-21"
model = "demo"
"""
DEPLOYED = f"""{AZURE}
[backends.one.deployments.chat]
deployment = "east"
"""
PRICED = f"""{OPENAI}
[prices.demo]
input = 2
output = 8
"""
