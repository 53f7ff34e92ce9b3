"""Every piece of configuration in the documents is valid, and every recipe finds its target."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli
from jsonschema import Draft202012Validator

from backends.documented import DOCUMENTED, LAUNCHED
from backends.recipes import PAGES, Block, blocks, recipe
from configured_project import Workspace
from streetrace_lsp.config.expand import references
from streetrace_lsp.config.json_schema import json_schema
from streetrace_lsp.config.providers import PROVIDERS
from streetrace_lsp.routing.targets import resolve

REPOSITORY = PAGES.parents[1]
# The keys of docs/configuration.md are pieces, tried in tests/unit/config/test_reference.py.
DOCUMENTS = [
    REPOSITORY / "README.md",
    *sorted(path for path in PAGES.parent.rglob("*.md") if path.name != "configuration.md"),
]
# A page of one system says these things, in this order; the example comes before all of them.
PARTS = (
    "Get access",
    "Commands",
    "Least privilege",
    "Variables",
    "Configuration",
    "Models",
    "Errors",
)
SYSTEM_PAGES = [
    path for path in sorted(PAGES.glob("*.md")) if path.stem not in {"index", "features"}
]
# What the shell of someone who follows the recipes has set, beside the variables of the recipe.
SHELL = {
    **{provider.key_variables[0]: "k" for provider in PROVIDERS.values() if provider.needs_key},
    "AZURE_API_BASE": "https://your-resource.openai.azure.com",
    "AZURE_API_VERSION": "2024-10-21",
    "LITELLM_PROXY_API_BASE": "http://localhost:4000",
    "AWS_ACCESS_KEY_ID": "id",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_REGION_NAME": "us-east-1",
}


def toml_blocks() -> Iterator[Block]:
    for document in DOCUMENTS:
        if document.stem == "helix":
            continue  # its TOML is Helix's own
        yield from (block for block in blocks(document) if block.language == "toml")


def named(block: Block) -> str:
    return f"{block.page}:{block.heading}"


BLOCKS = list(toml_blocks())
SCHEMA = Draft202012Validator(json_schema())
# Logins that recipes name, in the home folder.
LOGINS = ("vertex-key.json", ".config/gcloud/application_default_credentials.json", ".aws/config")
every_block = pytest.mark.parametrize("block", BLOCKS, ids=named)
every_recipe = pytest.mark.parametrize(
    "block", [block for block in BLOCKS if "model" in tomli.loads(block.text)], ids=named
)


@pytest.fixture(autouse=True)
def logins(home: Path) -> None:
    for name in LOGINS:
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("{}", "utf-8")


def configured(place: Path, text: str) -> Workspace:
    variables = {name: "k" for name in references(text) if f"${{{name}:-" not in text}
    workspace = Workspace(place, {**SHELL, **variables}).user(text)
    prompt = workspace.user_dir / "prompts" / "review.md"
    prompt.parent.mkdir()
    prompt.write_text("Review it.", "utf-8")
    return workspace


@every_block
def test_a_piece_of_configuration_is_valid(tmp_path: Path, block: Block) -> None:
    problems = configured(tmp_path, block.text).load().problems
    assert [(one.code, one.message, one.suggestion) for one in problems] == []
    assert list(SCHEMA.iter_errors(tomli.loads(block.text))) == []


@every_recipe
def test_a_recipe_finds_a_target_for_every_task(tmp_path: Path, block: Block) -> None:
    configuration = configured(tmp_path, block.text).load()
    pools = configuration.settings.pools
    for task in ("edit", "explain", "fix-diagnostic"):
        given = configuration.settings.tasks.get(task) or configuration.settings.model
        for target in given if isinstance(given, list) else [given]:
            assert target is not None
            for member in pools.get(target, [target]):
                assert resolve(configuration, task, member).model


def test_the_request_of_every_recipe_is_proved() -> None:
    """tests/backends/test_recipes.py and test_launch_recipes.py send it; replay's is its own."""
    proved = {row.recipe for row in (*DOCUMENTED, *LAUNCHED)}
    pages = {path.stem for path in SYSTEM_PAGES}
    for block in BLOCKS:
        table = tomli.loads(block.text)
        backends = table.get("backends", {}).values()
        other = any(one["provider"] == "replay" for one in backends)
        if block.page in pages and not other:
            assert block.text in proved, named(block)


@pytest.mark.parametrize("page", SYSTEM_PAGES, ids=lambda path: path.stem)
def test_a_page_begins_with_an_example_and_has_all_parts(page: Path) -> None:
    text = page.read_text("utf-8")
    headings = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert tuple(headings) == PARTS
    before = text.split("\n## ", 1)[0]
    assert "```toml\nmodel = " in before


def test_a_recipe_is_found_by_page_and_heading() -> None:
    assert 'provider = "anthropic"' in recipe("anthropic", "Anthropic")
    with pytest.raises(LookupError):
        recipe("anthropic", "No such heading")
