"""docs/backends/index.md, made from docs/backends/index.toml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tomli

DATA = Path(__file__).resolve().parent.parent / "docs" / "backends" / "index.toml"
# Its tests have a recipe's name in brackets.
RECIPES = ("tests/backends/test_recipes.py", "tests/backends/test_launch_recipes.py")

HEAD = """\
# Backends

<!-- Written by tools/generate-docs from docs/backends/index.toml. Do not edit. -->

Choose a system, follow its recipe, and paste its configuration into `.streetrace.toml`, or into
your own `config.toml`. Every recipe is tried: the test in its row sends the request over a socket
and looks at address, key and body.

To begin with: a machine of yours with 8 GB of free memory runs [Ollama](ollama.md), which is free
and keeps everything at home. Without one, [Groq](hosted-open-models.md#groq),
[DeepSeek](hosted-open-models.md#deepseek) and [Gemini](gemini.md) are cheap, and ready in five
minutes.
"""


def backends_page() -> str:
    """The whole page. Raises what reading the data raises."""
    return page(tomli.loads(DATA.read_text("utf-8")))


def page(data: dict[str, Any]) -> str:
    """The page for the data of index.toml."""
    parts = [
        HEAD,
        "## Systems\n",
        "Little effort and cost first. Cost is per token: free, or from $ (under a dollar per "
        "million tokens of answer) to $$$ (over ten).\n",
        _table(("System", "Cost", "Speed", "Window", "Effort", "Proof"), _systems(data)),
        "## Models by use\n",
        "Cheap first. US dollars per million tokens of prompt and of answer.\n",
        *_uses(data),
        "## Features\n",
        _table(("Feature", "Proof"), _features(data)),
        "What other programs' instructions mention and an editor's server does not have: "
        "[What does not apply here](features.md#what-does-not-apply-here).\n",
    ]
    return "\n".join(parts)


def _systems(data: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for row in data["system"]:
        about = (row["cost"], row["speed"], row["window"], row["effort"])
        yield _link(row["name"], row["link"]), *about, _proofs(row)


def _features(data: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for row in data["feature"]:
        yield _link(row["name"], row["link"]), _proofs(row)


def _uses(data: dict[str, Any]) -> Iterator[str]:
    for use in data["use"]:
        rows = ((name, data["models"][name]) for name in use["models"])
        yield f"### {use['name']}\n"
        yield _table(
            ("Target", "Prompt", "Answer", "Window"),
            ((f"`{name}`", *_price(facts), f"{facts['window']:,}") for name, facts in rows),
        )


def _price(facts: dict[str, Any]) -> tuple[str, str]:
    return _dollars(facts["input"]), _dollars(facts["output"])


def _dollars(amount: float) -> str:
    return "free" if not amount else f"{amount:g}"


def _proofs(row: dict[str, Any]) -> str:
    recipes = row.get("recipes") or [""]
    found = []
    for proof in row["proof"]:
        file, _, test = proof.partition("::")
        for recipe in recipes if file in RECIPES else [""]:
            name = f"{test}[{recipe}]" if recipe else test
            found.append(f"[`{name}`](../../{file})")
    return "<br>".join(found)


def _link(name: str, link: str) -> str:
    return f"[{name}]({link})"


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"
