"""Other tools' files: what is carried over, what is said instead, and that no key ever is."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from other_tools import DOTENV, HOSTED, LITELLM, LLM, PROVIDERS, SECRET, SERVED, write
from streetrace_lsp.config.check import check
from streetrace_lsp.config.draft import Draft
from streetrace_lsp.config.draft_text import draft_text
from streetrace_lsp.config.imported import imported
from streetrace_lsp.config.yaml_text import LARGEST, SourceError, parse_yaml


def draft_of(folder: Path, text: str, name: str = "config.yaml", *, user: bool = False) -> Draft:
    path = folder / name
    path.write_text(text, "utf-8")
    return imported([path], None if user else folder)


def reasons(draft: Draft) -> str:
    return "\n".join(entry.sentence for entry in draft.left_out)


def test_a_folder_is_nothing_to_import(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not a regular file"):
        imported([tmp_path], None)


def accepted(draft: Draft, *, from_project: bool = True) -> dict[str, Any]:
    """The text's table, after a look that it is without an error and says what the draft says."""
    text = draft_text(draft)
    checked = check(Path("x.toml"), text.encode(), from_project=from_project)
    assert not [p for p in checked.problems if p.severity == "error"], (text, checked.problems)
    table = tomllib.loads(text)
    assert table == pruned(draft.table)
    return table


def pruned(table: dict[str, Any]) -> dict[str, Any]:
    """Without tables that hold nothing: the text has none."""
    full = {k: pruned(v) if isinstance(v, dict) else v for k, v in table.items()}
    return {k: v for k, v in full.items() if v not in ({}, [])}


def test_prices_and_windows_are_in_our_units(tmp_path: Path) -> None:
    table = accepted(draft_of(tmp_path, LITELLM))
    assert table["prices"] == {"ollama/qwen2.5-coder": {"input": 0.1, "output": 0.2}}
    assert table["backends"]["ollama"]["context_windows"] == {"qwen2.5-coder": 32768}
    assert table["defaults"] == {"embedding_backend": "openai", "timeout": 300}


def test_a_date_stays_the_text_that_it_was(tmp_path: Path) -> None:
    table = accepted(draft_of(tmp_path, LITELLM))
    assert table["backends"]["azure"]["api_version"] == "2024-10-21"
    assert table["backends"]["azure"]["deployments"] == {
        "gpt-4o": {"deployment": "gpt-4o-eu", "model": "gpt-4o"}
    }


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("config.yaml:8: rpm of gpt-4o", "proxy's"),
        ("config.yaml:19: api_key", "set ANTHROPIC_API_KEY to it"),
        ("config.yaml:26: *", "a pattern names no model"),
        ("config.yaml:28: hub", "CVE-2024-2952"),
        ("config.yaml:32: leaky", "no address that can be used"),
        ("backends.groq.temperature", "at most 2"),
        ("config.yaml:39: fallbacks of claude", "[tasks]"),
        ("config.yaml:38: router_settings.redis_password", "proxy's own"),
        ("general_settings.master_key", "proxy's own"),
        ("environment_variables", "LANGFUSE_SECRET_KEY"),
    ],
)
def test_what_is_left_out_is_said_with_its_line_and_reason(
    tmp_path: Path, what: str, why: str
) -> None:
    draft = draft_of(tmp_path, LITELLM)
    said = [line for line in reasons(draft).splitlines() if what in line]
    assert said, reasons(draft)
    assert why in said[0]
    assert what.rsplit(": ", maxsplit=1)[-1] in draft_text(draft).replace("\n#   ", " ")


@pytest.mark.parametrize("user", [True, False])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("config.yaml", LITELLM),
        ("config.yaml", LLM),
        ("models.json", HOSTED),
        ("vllm.yaml", SERVED),
        ("providers.yaml", PROVIDERS),
        (".env", DOTENV),
    ],
)
def test_no_key_is_ever_copied(tmp_path: Path, name: str, text: str, user: bool) -> None:
    draft = draft_of(tmp_path, text, name, user=user)
    assert SECRET not in draft_text(draft) + reasons(draft)
    accepted(draft, from_project=not user)


@pytest.mark.parametrize(
    ("written", "comes"),
    [
        ("os.environ/TEAM_KEY", "${TEAM_KEY}"),
        ("${TEAM_KEY}", "${TEAM_KEY}"),
        ("$TEAM_KEY", "${TEAM_KEY}"),
        (f"${{TEAM_KEY:-{SECRET}}}", "${TEAM_KEY}"),
        (f"sk-{SECRET}", "${OPENAI_API_KEY}"),
        ("12345678", "${OPENAI_API_KEY}"),
        ("none", ""),
        ("not-needed", ""),
    ],
)
def test_a_key_becomes_a_variable(tmp_path: Path, written: str, comes: str) -> None:
    text = (
        f"model_list: [{{model_name: m, litellm_params: {{model: gpt-4o, api_key: {written!r}}}}}]"
    )
    draft = draft_of(tmp_path, text.replace("'12345678'", "12345678"))
    assert draft.backends["openai"]["api_key"] == comes
    assert SECRET not in draft_text(draft) + reasons(draft)


def test_two_keys_of_one_provider_get_two_variables(tmp_path: Path) -> None:
    entry = "{model_name: m, litellm_params: {model: gpt-4o, api_key: sk-%s}}"
    draft = draft_of(tmp_path, f"model_list: [{entry % 'one'}, {entry % 'two'}]")
    keys = [backend["api_key"] for backend in draft.backends.values()]
    assert keys == ["${OPENAI_API_KEY}", "${OPENAI_2_API_KEY}"]
    assert draft.unset == ["OPENAI_API_KEY", "OPENAI_2_API_KEY"]


def test_a_key_for_another_address_is_never_the_providers_own_variable(tmp_path: Path) -> None:
    text = (
        "model_list: [{model_name: m, litellm_params: {model: openai/x, "
        "api_base: 'https://llm.example.org/v1', api_key: sk-literal}}]"
    )
    assert draft_of(tmp_path, text).backends["openai"]["api_key"] == "${OPENAI_SERVER_KEY}"


def test_what_would_lead_elsewhere_without_a_part_goes_as_a_whole(tmp_path: Path) -> None:
    text = "llm: {backend: openai, openai: {base_url: [1], api_key: '${KEY}', models: {edit: m}}}"
    draft = draft_of(tmp_path, text)
    assert "openai" not in draft.backends
    assert "backends.openai" in reasons(draft)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("model_list:\n  - {model_name: [\n", ":3:"),
        ("model_list:\n  a: b: c\n", ":2:"),
        ("model_list: !!python/object/apply:os.system [id]\n", ":1:"),
        ("model_list: *nobody\n", ":1:"),
        (f"model_list: @{SECRET}\n", ":1:"),
    ],
)
def test_a_malformed_file_is_named_with_its_line(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(SourceError) as raised:
        draft_of(tmp_path, text)
    assert f"config.yaml{line}" in raised.value.message
    assert SECRET not in raised.value.sentence


def _bomb() -> str:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    return "\n".join(["a0: &a0 [x, x]", *levels, "model_list: *a11"])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (_bomb(), "aliases"),
        ("[" * 100_000, "nested"),
        ("&a [*a]", "nested"),
        ("a: " + "9" * 5000, "bad value"),
        ("? [a, b]\n: c\n", "no plain word"),
        ("# " + "x" * LARGEST, "larger than"),
        ("", "no file that can be imported"),
        ("just words", "no file that can be imported"),
    ],
    ids=["bomb", "deep", "endless", "number", "key", "large", "empty", "words"],
)
def test_what_is_hostile_or_nothing_is_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        draft_of(tmp_path, text)


def test_aliases_that_are_few_are_read(tmp_path: Path) -> None:
    text = (
        "base: &base {api_key: os.environ/TEAM_KEY}\n"
        "model_list: [{model_name: m, litellm_params: {<<: *base, model: gpt-4o}}]\n"
    )
    assert draft_of(tmp_path, text).backends["openai"]["api_key"] == "${TEAM_KEY}"


def test_several_files_come_together(tmp_path: Path) -> None:
    files = write(
        tmp_path / "a", config__yaml=LITELLM, vllm__yaml=SERVED, providers__yaml=PROVIDERS
    )
    table = accepted(imported([Path(file) for file in files], tmp_path))
    # The first file's choice stands.
    assert table["model"] == "gpt-4o"
    assert table["backends"]["vllm"]["models"]["small"] == "small"


_words = st.sampled_from(
    ["", "gpt-4o", "openai/x", "ollama/*", "a b", "${X}", "${", "os.environ/X", "é😀\x7f\x01\"'\\",
     "https://x.example.org", "http://", "x" * 80, "azure", "none", "-rf", "*"]
)  # fmt: skip
_scalars = st.one_of(st.none(), st.booleans(), st.integers(-2, 2**70), st.floats(width=32), _words)
_known = st.sampled_from(
    ["model_name", "litellm_params", "model", "api_base", "api_key", "model_info", "base_model",
     "mode", "max_input_tokens", "input_cost_per_token", "output_cost_per_token", "temperature",
     "fallbacks", "default_fallbacks", "request_timeout", "backend", "fallback_backends",
     "global_defaults", "default_backend", "openai", "azure", "ollama", "models", "endpoints",
     "deployments", "deployment", "endpoint", "name", "model_path", "tokenizer_path", "providers",
     "api_key_env", "groq", "tools", "llm", "weights", "enabled", "context_windows", "7"]
)  # fmt: skip
_values = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(_known, inner, max_size=5)
    ),
    max_leaves=12,
)
_entries = st.lists(
    st.fixed_dictionaries(
        {}, optional={"model_name": _values, "litellm_params": _values, "model_info": _values}
    ),
    max_size=3,
)


@given(
    top=st.sampled_from(["model_list", "llm", "ollama", "models", "providers"]),
    value=st.one_of(_values, _entries),
    more=st.dictionaries(
        st.sampled_from(["router_settings", "litellm_settings", "tools", "model_selector"]),
        _values,
        max_size=2,
    ),
    user=st.booleans(),
)
def test_whatever_a_file_holds_the_result_is_right(
    top: str, value: Any, more: dict[str, Any], user: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(json.dumps({top: value, **more}), "utf-8")
    try:
        draft = imported([path], None if user else path.parent)
    except SourceError:
        return
    accepted(draft, from_project=not user)


def test_json_is_yaml(tmp_path: Path) -> None:
    source = parse_yaml(tmp_path / "a.json", b'{"models": [\n"litellm_gpt-4o"\n]}')
    assert source.place("models", 0) == "a.json:2"
