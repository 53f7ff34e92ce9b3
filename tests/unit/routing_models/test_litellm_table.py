# ruff: noqa: E501 - a table reads best with a case a line
from __future__ import annotations

import json
import subprocess
import sys

import pytest

from streetrace_lsp.routing import litellm_table
from streetrace_lsp.routing.litellm_table import Step
from streetrace_lsp.routing.table_names import canonical


def test_odd_rows_of_the_table_are_read_as_unknown() -> None:
    rows = litellm_table.parse(
        json.dumps(
            {
                "words": {"input_cost_per_token": "cheap", "output_cost_per_token": 1, "mode": "chat"},
                "half": {"input_cost_per_token": 1e-6, "mode": "chat"},
                "minus": {"input_cost_per_token": -1, "output_cost_per_token": 1e-6},
                "zero": {"input_cost_per_token": 0, "output_cost_per_token": 0.0},
                "true": {"input_cost_per_token": True, "output_cost_per_token": True},
                "list": [1],
                "picture": {"mode": "image_generation", "input_cost_per_token": 1e-6},
                "window": {"max_tokens": 4096, "max_input_tokens": "many"},
                "steps": {
                    "input_cost_per_token": 1e-6,
                    "output_cost_per_token": 2e-6,
                    "input_cost_per_token_above_200k_tokens": 3e-6,
                    "output_cost_per_token_above_200k_tokens": 4e-6,
                },
                "tiers": {
                    "tiered_pricing": [
                        {"range": [0, 32000], "input_cost_per_token": 1e-6, "output_cost_per_token": 5e-6},
                        {"range": [32000, 64000], "input_cost_per_token": 2e-6, "output_cost_per_token": 6e-6},
                        {"range": "odd"},
                        7,
                    ]
                },
                "thinks": {
                    "input_cost_per_token": 1e-6,
                    "output_cost_per_token": 2e-6,
                    "output_cost_per_reasoning_token": 3e-6,
                },
            }
        ).encode()
    )  # fmt: skip
    for name in ("words", "half", "minus", "zero", "true", "window"):
        assert (rows[name].input, rows[name].output) == (None, None)
    assert "list" not in rows
    assert "picture" not in rows
    assert rows["window"].window == 4096
    assert rows["steps"].steps == (Step(200_000, 3, 4),)
    assert (rows["tiers"].input, rows["tiers"].steps) == (1, (Step(32_000, 2, 6),))
    assert rows["thinks"].output == 3


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff"])
def test_a_table_that_is_none_is_an_error_to_its_reader(data: bytes) -> None:
    with pytest.raises(ValueError):
        litellm_table.parse(data)


def test_without_litellm_prices_are_unknown_and_nothing_breaks() -> None:
    program = (
        "import sys\n"
        "class Absent:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'litellm': raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Absent())\n"
        "from streetrace_lsp.routing import litellm_table, table_names\n"
        "assert litellm_table.find_file() is None\n"
        "assert table_names.find_row('openai', 'gpt-4o') is None\n"
        "assert table_names.usual_window('gpt-4o') is None\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_table_is_read_without_importing_litellm() -> None:
    program = (
        "import sys\n"
        "from streetrace_lsp.routing.table_names import find_row\n"
        "assert find_row('openai', 'gpt-4o').input == 2.5\n"
        "assert not {'litellm', 'openai', 'httpx'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("us.anthropic.claude-3-7-sonnet-20250219-v1:0", "claude-3-7-sonnet"),
        ("anthropic/claude-sonnet-4.5", "claude-sonnet-4-5"),
        ("claude-sonnet-4-5@20250929", "claude-sonnet-4-5"),
        ("deepseek-ai/DeepSeek-V3", "deepseek-v3"),
        ("gpt-35-turbo", "gpt-3-5-turbo"),
        ("qwen2.5-coder:14b", "qwen2-5-coder:14b"),
    ],
)
def test_the_part_of_a_name_that_is_the_same_everywhere(name: str, same: str) -> None:
    assert canonical(name) == same
