"""docs/backends/index.md: a row for every system and feature, each with a proof that is one."""

from __future__ import annotations

import ast
import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import tomli

from backends.documented import DOCUMENTED, LAUNCHED
from backends.recipes import PAGES
from backends.wires.row import Row

REPOSITORY = PAGES.parents[1]
DATA: dict[str, Any] = tomli.loads((PAGES / "index.toml").read_text("utf-8"))
PAGE = (PAGES / "index.md").read_text("utf-8")
# Everything that the instructions people come from configure.
SYSTEMS = {
    "OpenAI",
    "Any OpenAI-compatible endpoint",
    "Together AI",
    "Groq",
    "Perplexity",
    "DeepSeek",
    "Nebius",
    "Azure OpenAI",
    "Azure AI Studio",
    "Vertex AI",
    "Gemini",
    "Anthropic",
    "Amazon Bedrock",
    "LiteLLM Proxy",
    "Cohere",
    "Ollama",
    "LM Studio",
    "vLLM",
    "Local server on demand",
    "Mistral",
    "Replicate",
    "OpenRouter",
    "xAI",
    "A provider of your own",
    "Replay",
}
FEATURES = {
    "Variables in values",
    "Target strings",
    "What comes before what",
    "Keys and where they may go",
    "Without any configuration",
    "Token counts",
    "Trying again",
    "Roles",
    "Tasks, and a model for one action",
    "Fallback chain",
    "Endpoint pools",
    "Defaults",
    "Switching models",
    "Context windows",
    "Usage",
    "Budgets",
    "Response cache",
    "Model selector",
    "Recommendation",
    "Comparison",
    "Models",
    "Doctor",
    "A first configuration, and other tools' files",
    "Privacy first",
    "Embeddings",
    "Outgrowing one machine",
    "Observability",
    "Keys for editors started from a desktop",
    ".env",
    "Network and proxy",
    "Gateways: headers and further fields",
}
# It answers out of files, and sends nothing.
WITHOUT_WIRE = {"Replay"}
_AUTHENTICATION = {"authorization", "x-api-key", "api-key", "x-goog-api-key"}
_RECIPES = {row.name: row for row in (*DOCUMENTED, *LAUNCHED)}
# The proofs that send a recipe's request.
_PROOFS = {
    "tests/backends/test_recipes.py::test_the_request_of_a_recipe",
    "tests/backends/test_launch_recipes.py::test_the_request_of_a_recipe",
}

named = pytest.mark.parametrize(
    "row", [*DATA["system"], *DATA["feature"]], ids=lambda row: str(row["name"])
)
each_system = pytest.mark.parametrize("row", DATA["system"], ids=lambda row: str(row["name"]))


@cache
def functions_in(file: str) -> frozenset[str]:
    """The test functions of a file, by their node paths without the file."""
    tree = ast.parse((REPOSITORY / file).read_text("utf-8"))
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            methods = (ast.FunctionDef, ast.AsyncFunctionDef)
            found |= {f"{node.name}::{one.name}" for one in node.body if isinstance(one, methods)}
    return frozenset(name for name in found if name.rpartition("::")[2].startswith("test_"))


def test_every_system_and_every_feature_has_one_row() -> None:
    assert sorted(row["name"] for row in DATA["system"]) == sorted(SYSTEMS)
    assert sorted(row["name"] for row in DATA["feature"]) == sorted(FEATURES)
    for row in [*DATA["system"], *DATA["feature"]]:
        assert f"[{row['name']}]({row['link']})" in PAGE


@named
def test_a_row_has_a_proof_that_exists(row: dict[str, Any]) -> None:
    assert row["proof"]
    for proof in row["proof"]:
        file, _, test = proof.partition("::")
        assert (REPOSITORY / file).is_file(), file
        assert test in functions_in(file), proof


@each_system
def test_the_proof_of_a_system_asserts_address_authentication_and_body(row: dict[str, Any]) -> None:
    if row["name"] in WITHOUT_WIRE:
        assert row["recipes"] == []
        return
    assert _PROOFS & set(row["proof"])
    assert row["recipes"]
    for name in row["recipes"]:
        wire = _RECIPES[name]
        assert wire.origin
        assert wire.path
        assert wire.body
        assert authenticates(wire) or (row.get("keyless") and "authorization" in wire.absent), name


def authenticates(wire: Row) -> bool:
    sent = _AUTHENTICATION & {header for header, value in wire.headers.items() if value}
    return bool(sent) or "key=" in wire.path


def test_the_proof_compares_address_headers_and_body() -> None:
    """The words of the proof itself: without these comparisons the rows would prove nothing."""
    for proof, origin in zip(
        sorted(_PROOFS),
        (
            'request.headers["host"] == row.origin.partition',
            "str(target.origins[0]) == row.origin",
        ),
        strict=True,
    ):
        words = (REPOSITORY / proof.partition("::")[0]).read_text("utf-8")
        assert "assert_is_the_rows(row, server)" in words
        assert origin in words
    source = (REPOSITORY / "tests/backends/wires/asked.py").read_text("utf-8")
    for compared in ("(row.method, row.path) in", "row.headers", "request.json == row.body"):
        assert compared in source


@each_system
def test_a_system_is_compared_with_the_others(row: dict[str, Any]) -> None:
    assert all(row[column] for column in ("cost", "speed", "window", "effort"))


def test_the_models_of_a_use_stand_cheap_first() -> None:
    for use in DATA["use"]:
        prices = [DATA["models"][name]["output"] for name in use["models"]]
        assert prices == sorted(prices), use["name"]


@pytest.mark.parametrize("name", [n for n, facts in DATA["models"].items() if "table" in facts])
def test_price_and_window_are_those_of_litellm(name: str, litellm_table: dict[str, Any]) -> None:
    facts = DATA["models"][name]
    known = litellm_table[facts["table"]]
    assert facts["input"] == pytest.approx(known["input_cost_per_token"] * 1e6)
    assert facts["output"] == pytest.approx(known["output_cost_per_token"] * 1e6)
    assert facts["window"] == known["max_input_tokens"]


@pytest.fixture(scope="module")
def litellm_table() -> dict[str, Any]:
    """The table that LiteLLM brings along, read as a file: importing it takes seconds."""
    spec = find_spec("litellm")
    assert spec is not None
    assert spec.origin is not None
    file = Path(spec.origin).with_name("model_prices_and_context_window_backup.json")
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found
