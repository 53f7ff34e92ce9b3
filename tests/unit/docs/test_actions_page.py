"""The page about actions: each example is a valid configuration and asks what the page shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from configured_project import Workspace
from streetrace_lsp.config.placeholders import PLACEHOLDERS
from streetrace_lsp.prompts.actions import actions
from streetrace_lsp.prompts.build import Ask, Snapshot, build

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "actions.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.S | re.M)
SAMPLE = next(text for kind, text in BLOCKS if kind == "python")
SELECTED = SAMPLE[SAMPLE.index("def gross") : SAMPLE.index("\n\ndef total")]
INSTRUCTION = "amounts in cents"
DIAGNOSTIC = "line 6: The result is not rounded"


@dataclass(frozen=True)
class Example:
    name: str
    toml: str
    file: str
    shown: str


def examples() -> Iterator[Example]:
    # A prompt holds code blocks, so a shown one is told by its longer fence.
    pattern = r"^```toml\n(\[actions\.(\S+)\]\n.*?)^```\n(.*?)^````text\n(.*?)^````$"
    for toml, name, between, shown in re.findall(pattern, PAGE, re.S | re.M):
        file = re.search(r"^```markdown\n(.*?)^```$", between, re.S | re.M)
        yield Example(name, toml, file[1] if file else "", shown)


EXAMPLES = list(examples())


def asked(workspace: Workspace, example: Example) -> str:
    (workspace.user_dir / "prompts").mkdir()
    (workspace.user_dir / "prompts" / "review.md").write_text(example.file or "unused")
    configuration = workspace.user(example.toml).load()
    assert configuration.problems == ()
    action = actions(configuration.settings.actions)[example.name]
    assert not action.fault
    assert action.suits("python")
    start = SAMPLE.index(SELECTED)
    placed = action.placeholders
    ask = Ask(
        action,
        Snapshot("prices.py", SAMPLE, "python"),
        start,
        start + len(SELECTED),
        INSTRUCTION if action.wants == "instruction" else "",
        (DIAGNOSTIC,) if "diagnostics" in placed else (),
    )
    return build(ask, action.edit_format or "auto").messages[1]["content"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_each_example_asks_what_the_page_shows(tmp_path: Path, example: Example) -> None:
    assert asked(Workspace(tmp_path), example) + "\n" == example.shown


def test_every_example_of_an_action_is_among_them() -> None:
    assert PAGE.count("\n[actions.") == len(EXAMPLES) == 7


def test_every_placeholder_and_key_of_an_action_is_in_an_example() -> None:
    from streetrace_lsp.config.model import Action

    written = "".join(example.toml + example.file for example in EXAMPLES)
    assert [name for name in PLACEHOLDERS if f"{{{name}}}" not in written] == []
    assert [key for key in Action.model_fields if f"\n{key} = " not in written] == []
