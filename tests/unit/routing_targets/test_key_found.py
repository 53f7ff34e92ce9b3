"""What is said of a key that is set, missing, or misnamed: without taking it out."""

from __future__ import annotations

import pytest

from configured_project import WatchedEnvironment
from plain_targets import target
from streetrace_lsp.config.model import Backend
from streetrace_lsp.config.providers import PROVIDERS
from streetrace_lsp.config.variables import Variables
from streetrace_lsp.routing.key_found import KeyFound, key_found, mistaken
from streetrace_lsp.routing.secret import Secret


def found(provider: str, shell: dict[str, str], **key: str) -> KeyFound:
    backend = Backend(provider=provider, **key)  # type: ignore[arg-type]
    return key_found(backend, PROVIDERS[provider], Variables(shell), None)


@pytest.mark.parametrize(
    ("provider", "wrong", "right"),
    [
        ("openai", "OPENAI_KEY", "OPENAI_API_KEY"),
        ("openai", "OPENAI_API_TOKEN", "OPENAI_API_KEY"),
        ("openai", "openai_api_key", "OPENAI_API_KEY"),
        ("anthropic", "CLAUDE_API_KEY", "ANTHROPIC_API_KEY"),
        ("groq", "GROQ_TOKEN", "GROQ_API_KEY"),
        ("azure", "AZURE_KEY", "AZURE_API_KEY"),
    ],
)
def test_a_variable_that_was_probably_meant(provider: str, wrong: str, right: str) -> None:
    assert found(provider, {wrong: "x"}) == KeyFound("not set", right, None, wrong)


def test_a_variable_that_the_configuration_names() -> None:
    assert found("openai", {"TEAM_TOKEN": "x"}, api_key="${TEAM_KEY}") == KeyFound(
        "not set", "TEAM_KEY", None, "TEAM_TOKEN"
    )


def test_an_alternative_that_is_read_is_no_mistake() -> None:
    assert (
        mistaken(("GEMINI_API_KEY", "GOOGLE_API_KEY"), Variables({"GOOGLE_API_KEY": "x"})) is None
    )


@pytest.mark.parametrize(
    ("variables", "place"),
    [
        (Variables({"A_KEY": "x"}, {"A_KEY": "y"}, {"A_KEY": "z"}), "shell"),
        (Variables({}, {"A_KEY": "y"}, {"A_KEY": "z"}), ".env"),
        (Variables({}, {}, {"A_KEY": "z"}), "key store"),
    ],
)
def test_where_a_key_comes_from(variables: Variables, place: str) -> None:
    backend = Backend(provider="openai", api_key="${A_KEY}")
    resolved = target("openai", "m", key=Secret("x"), key_variable="A_KEY")
    assert key_found(backend, PROVIDERS["openai"], variables, resolved) == KeyFound(
        "set",
        "A_KEY",
        place,  # type: ignore[arg-type]
    )


def test_written_by_login_and_none() -> None:
    environ = WatchedEnvironment({"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "s"})
    variables = Variables(environ)
    literal = Backend(provider="openai", api_key="sk-literal")
    resolved = target("openai", "m", key=Secret("sk-literal"))
    assert key_found(literal, PROVIDERS["openai"], variables, resolved) == KeyFound("written")
    signed = target("bedrock", "m", credentials={"aws_access_key_id": Secret("a")})
    assert key_found(
        Backend(provider="bedrock"), PROVIDERS["bedrock"], variables, signed
    ) == KeyFound("login", "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY")
    local = target("ollama", "m")
    assert key_found(Backend(provider="ollama"), PROVIDERS["ollama"], variables, local) == KeyFound(
        "none needed"
    )
