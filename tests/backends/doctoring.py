"""`streetrace-lsp doctor` run in a child, and the backends that it is to look at."""

from __future__ import annotations

import json
from typing import Any

from program import Program

# Words of the code that mean nothing to a person.
INTERNAL = ("restricted", "none_needed", "litellm_proxy", "adapter", "refused_origin", "exposure")


def backend(name: str, provider: str, base: str, model: str = "demo", more: str = "") -> str:
    return (
        f'[backends.{name}]\nprovider = "{provider}"\napi_base = "{base}"\nmodel = "{model}"\n'
        f"{more}\n"
    )


def doctor(program: Program, *arguments: str) -> tuple[int, str]:
    done = program.run("doctor", *arguments)
    assert not any(word in done.stdout for word in INTERNAL), done.stdout
    return done.returncode, done.stdout


def findings(program: Program, *arguments: str) -> dict[str, Any]:
    done = program.run("doctor", "--json", *arguments)
    found: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (0 if found["healthy"] else 1)
    return found
