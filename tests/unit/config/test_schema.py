"""The JSON Schema, as editors without this server use it, agrees with `config check`."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli
from jsonschema import Draft202012Validator

from configured_project import Workspace
from streetrace_lsp.config.body_fields import refused_field
from streetrace_lsp.config.json_schema import json_schema

SCHEMA = Draft202012Validator(json_schema())
_BACKEND = '[backends.b]\nprovider = "openai"\n'
_AZURE = '[backends.a]\nprovider = "azure"\n'

# What is wrong with the form of a file: with its names, types, bounds and choices. What depends
# on other keys, on variables or on the providers is not for a schema to know. Neither are whole
# numbers with a point (1.0), which JSON does not tell from others, and fields deep in extra_body.
MISTAKES = [
    ('modle = "x"', "unknown-key"),
    ("[budget]\ndya = 1", "unknown-key"),
    (_BACKEND + 'base_url = "http://x"', "unknown-key"),
    ('enabled = "yes"', "wrong-type"),
    ("model = 5", "wrong-type"),
    ("defaults = 3", "wrong-type"),
    ("model = 2026-01-01", "wrong-type"),
    ('[actions.fix]\nlanguages = "python"', "wrong-type"),
    ('[backends.b]\nprovider = "ollama"\nendpoints = [{url = "http://x"}]', "wrong-type"),
    ("[defaults]\nmax_tokens = 1.5", "wrong-type"),
    ("[defaults]\ntemperature = 3", "wrong-value"),
    ("[defaults]\ntimeout = 0", "wrong-value"),
    ("[defaults]\ntimeout = inf", "wrong-value"),
    (_BACKEND + "model = ''", "wrong-value"),
    (_BACKEND + 'think = "yes"', "wrong-value"),
    ("[pools]\np = []", "wrong-value"),
    ('[actions.fix]\nkind = "edti"', "wrong-value"),
    ("[actions.fix]\nprompt = 'p'\nprompt_file = 'p.md'", "two-prompts"),
    ("[actions.fix]\nprompt_file = '.env'", "prompt-file"),
    ('requires = "soon"', "wrong-value"),
    (_BACKEND + '[backends.b.headers]\nHost = "x"', "wrong-value"),
    (_BACKEND + '[backends.b.headers]\n"a b" = "x"', "wrong-value"),
    (_BACKEND + '[backends.b.headers]\na = "x\\ny"', "wrong-value"),
    (_BACKEND + "extra_body = {stream = false}", "refused-field"),
    (_BACKEND + "extra_body = {max_tokens = 9}", "refused-field"),
    ('[backends.b]\nmodel = "m"', "missing-key"),
    (_AZURE + "[backends.a.deployments.east]", "missing-key"),
    ("[prices.m]\ninput = 1", "missing-key"),
    ('[backends.r]\nprovider = "replay"', "missing-key"),
    ('[backends."a b"]\nprovider = "openai"', "wrong-name"),
    (f'[backends.{"n" * 65}]\nprovider = "openai"', "wrong-name"),
]


@pytest.mark.parametrize(("text", "code"), MISTAKES)
def test_the_schema_refuses_what_the_program_refuses(tmp_path: Path, text: str, code: str) -> None:
    problems = Workspace(tmp_path).user(text).load().problems
    assert code in {problem.code for problem in problems if problem.severity == "error"}
    assert list(SCHEMA.iter_errors(tomli.loads(text)))


@pytest.mark.parametrize(
    "text",
    [
        *(f'requires = "{given}"' for given in (">=0.1", ">=0.1, <2", " == 1.2.3 ")),
        *(f'{_BACKEND}headers = {{"{name}" = "x y"}}' for name in ("X-Team", "hostess", "a_b")),
        _BACKEND + "extra_body = {top_k = 20, stream_options = {include_usage = true}}",
        '[backends.r]\nprovider = "replay"\nrecordings = "r"',
    ],
)
def test_the_schema_takes_what_the_program_takes(tmp_path: Path, text: str) -> None:
    problems = Workspace(tmp_path).user(text).load().problems
    assert [problem.code for problem in problems if problem.code != "requires"] == []
    assert list(SCHEMA.iter_errors(tomli.loads(text))) == []


def test_each_field_that_the_schema_refuses_is_refused_by_the_program() -> None:
    properties = json_schema()["$defs"]["Backend"]["properties"]
    for name in properties["extra_body"]["propertyNames"]["not"]["enum"]:
        assert refused_field({name: 1}), name
