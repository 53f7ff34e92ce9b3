"""The generated documents: complete, current, and true."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import tomli
from jsonschema import Draft202012Validator

from configured_project import Workspace
from streetrace_lsp.config.json_schema import json_schema
from streetrace_lsp.config.model import TASKS
from streetrace_lsp.config.origins import parse_origin
from streetrace_lsp.config.provider_names import ALIASES, MISNAMED, REFUSED
from streetrace_lsp.config.providers import PROVIDERS
from streetrace_lsp.config.reference import TABLES
from streetrace_lsp.prompts.actions import BUILT_IN, COMMIT

REPOSITORY = Path(__file__).resolve().parents[3]
PAGE = (REPOSITORY / "docs" / "configuration.md").read_text("utf-8")


def examples() -> Iterator[str]:
    for block in PAGE.split("```toml\n")[1:]:
        yield block.split("```")[0]


def test_the_generated_documents_are_current() -> None:
    command = [sys.executable, str(REPOSITORY / "tools" / "generate-docs"), "--check"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_every_key_stands_on_the_page_with_an_example() -> None:
    shown = {model for _, model, _ in TABLES}
    for title, table, _ in TABLES:
        section = PAGE.split(f"### {title}\n")[1].split("\n### ")[0]
        for name, info in table.model_fields.items():
            if _tables_in(info.annotation) & shown and not info.description:
                continue  # it has a section of its own
            assert info.description, name
            assert info.examples, name
            assert f"**`{name}`**" in section, name


def _tables_in(annotation: Any) -> set[Any]:
    parts = get_args(annotation)
    return {annotation}.union(*map(_tables_in, parts)) if parts else {annotation}


# What an example leaves out because it shows one key alone.
NEEDED = {
    "[backends.NAME.deployments.ROLE]": 'deployment = "d"',
    "[backends.NAME]": 'provider = "openai"',
    "[actions.NAME]": 'prompt = "p"',
    "[prices.MODEL]": "input = 1\noutput = 1",
}


@pytest.mark.parametrize("example", list(examples()))
def test_every_example_is_a_valid_configuration(tmp_path: Path, example: str) -> None:
    for header, lines in NEEDED.items():
        for line in lines.splitlines():
            key = line.partition(" ")[0]
            if header in example and not re.search(rf"^{key}(_file)? =", example, re.MULTILINE):
                example = example.replace(header, f"{header}\n{line}")
    if "[backends.NAME." in example:
        example = '[backends.NAME]\nprovider = "openai"\n' + example
    workspace = Workspace(tmp_path).user(example)
    (workspace.user_dir / "prompts").mkdir()
    (workspace.user_dir / "prompts" / "review.md").write_text("Review it.")
    problems = workspace.load().problems
    meant_elsewhere = {"unclear-target", "unset-variable", "no-effect"}
    assert [problem for problem in problems if problem.code not in meant_elsewhere] == []
    validator = Draft202012Validator(json_schema())
    assert list(validator.iter_errors(tomli.loads(example))) == []


def test_the_printed_schema_is_the_documented_one() -> None:
    command = [sys.executable, "-m", "streetrace_lsp", "schema"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert printed == (REPOSITORY / "docs" / "streetrace.schema.json").read_text("utf-8")
    Draft202012Validator.check_schema(json.loads(printed))


def test_the_tasks_are_the_built_in_actions() -> None:
    assert set(TASKS) == {action.name for action in (*BUILT_IN, COMMIT)}
    answering = {action.name for action in (*BUILT_IN, COMMIT) if action.output == "answer"}
    from streetrace_lsp.config.model import ANSWERING_TASKS

    assert answering == ANSWERING_TASKS


def test_the_table_of_providers_holds_together() -> None:
    assert set(ALIASES.values()) <= set(PROVIDERS)
    assert not set(REFUSED) & set(PROVIDERS)
    assert not set(REFUSED) & set(ALIASES)
    variables = {name for provider in PROVIDERS.values() for name in provider.key_variables}
    assert set(MISNAMED.values()) <= variables
    assert not set(MISNAMED) & variables
    for provider in PROVIDERS.values():
        for origin in provider.origins:
            assert parse_origin(origin.replace("{region}", "r")).scheme == "https"
