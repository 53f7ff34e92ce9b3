"""In which order targets are tried."""

from __future__ import annotations

import pytest

from plain_targets import configuration
from streetrace_lsp.config.configuration import Configuration
from streetrace_lsp.routing.errors import RoutingError
from streetrace_lsp.routing.route import route
from streetrace_lsp.routing.targets import resolve_all

LOCAL = {"provider": "openai", "api_base": "http://127.0.0.1:9/v1"}
BACKENDS = {
    "one": {**LOCAL, "models": {"edit": "m-edit", "chat": "m-chat"}},
    "two": {**LOCAL, "model": "m-two"},
    "far": {"provider": "openai", "api_base": "https://llm.example.org/v1", "model": "m-far"},
    "farm": {
        "provider": "ollama",
        "model": "llama3",
        "endpoints": ["http://127.0.0.1:1", "http://127.0.0.1:2"],
    },
    "azure": {
        "provider": "azure",
        "api_key": "k",
        "deployments": {
            "east": {"deployment": "d1", "model": "gpt-4o", "api_base": "http://127.0.0.1:3"},
            "west": {"deployment": "d2", "model": "gpt-4o", "api_base": "http://127.0.0.1:4"},
        },
    },
}


def configured(sources: dict[str, str] | None = None, **settings: object) -> Configuration:
    return configuration(sources, backends=BACKENDS, **settings)


def wanted(found: Configuration, task: str, name: str | None = None) -> list[str]:
    return [group.wanted for group in route(found, task, name).groups]


CASES: list[tuple[dict[str, object], str, list[str]]] = [
    ({"model": "one"}, "fix", ["one"]),
    ({"model": "one", "fallbacks": ["two", "farm"]}, "fix", ["one", "two", "farm"]),
    ({"model": "one", "fallbacks": ["one", "two"]}, "fix", ["one", "two"]),
    ({"model": "one", "tasks": {"fix": "two"}, "fallbacks": ["farm"]}, "fix", ["two", "farm"]),
    ({"model": "one", "tasks": {"fix": ["two", "one"]}}, "fix", ["two", "one"]),
    ({"tasks": {"fix": ["two"]}, "fallbacks": ["farm"], "model": "one"}, "fix", ["two"]),
    ({"model": "one", "actions": {"fix": {"model": "two"}}}, "fix", ["two"]),
    (
        {"model": "one", "actions": {"fix": {"fallbacks": ["farm"]}}, "fallbacks": ["two"]},
        "fix",
        ["one", "farm"],
    ),
    (
        {"actions": {"fix": {"model": "two"}}, "tasks": {"fix": ["one", "farm"]}, "model": "one"},
        "fix",
        ["two"],
    ),
]


@pytest.mark.parametrize(("settings", "task", "expected"), CASES)
def test_the_order(settings: dict[str, object], task: str, expected: list[str]) -> None:
    assert wanted(configured(**settings), task) == expected


def test_what_a_person_asked_for_by_name_has_no_fallbacks() -> None:
    assert wanted(configured(model="one", fallbacks=["farm"]), "fix", "two") == ["two"]


@pytest.mark.parametrize("source", ["environment", "switch"])
def test_a_model_from_the_environment_or_a_switch_has_the_general_fallbacks(source: str) -> None:
    found = configured(
        {"model": source},
        model="two",
        fallbacks=["farm"],
        tasks={"fix": ["one", "two"]},
    )
    assert wanted(found, "fix") == ["two", "farm"]


def test_a_backend_in_a_fallback_means_the_role_of_the_task() -> None:
    found = configured(model="two", fallbacks=["one"])
    assert [group.targets[0].model for group in route(found, "fix").groups][1] == "m-edit"
    assert [group.targets[0].model for group in route(found, "explain").groups][1] == "m-chat"


def test_a_fallback_that_may_not_be_asked_is_left_out_and_named() -> None:
    found = route(configured(model="one", fallbacks=["far", "two"], local_only=True), "fix")
    assert [group.wanted for group in found.groups] == ["one", "two"]
    assert len(found.skipped) == 1
    assert "far" in found.skipped[0]
    assert "local_only" in found.skipped[0]


def test_a_first_choice_that_may_not_be_asked_is_an_error() -> None:
    with pytest.raises(RoutingError, match="local_only"):
        route(configured(model="far", fallbacks=["two"], local_only=True), "fix")


def test_endpoints_and_pools_are_servers_of_which_any_will_do() -> None:
    found = configured(model="farm", pools={"gpt": ["azure/east", "azure/west"]})
    assert [target.backend for target in resolve_all(found, "fix", "farm")] == [
        "farm @ 127.0.0.1:1",
        "farm @ 127.0.0.1:2",
    ]
    east, west = resolve_all(found, "fix", "gpt")
    assert (east.backend, east.model, east.api_base) == ("azure/east", "d1", "http://127.0.0.1:3")
    assert (west.backend, west.model, west.api_base) == ("azure/west", "d2", "http://127.0.0.1:4")
    assert east.priced_as == west.priced_as == "gpt-4o"


def test_local_only_looks_at_every_server_of_a_pool() -> None:
    found = configured(model="mixed", pools={"mixed": ["one", "far"]}, local_only=True)
    with pytest.raises(RoutingError, match=r"llm\.example\.org"):
        route(found, "fix")


@pytest.mark.parametrize("model", ["gpt-oss:120b-cloud", "qwen3-coder:480b-cloud", "x:cloud"])
def test_local_only_refuses_what_ollama_passes_on(model: str) -> None:
    with pytest.raises(RoutingError, match="maker's computers"):
        route(configured(model=f"farm/{model}", local_only=True), "fix")
    assert not route(configured(model=f"farm/{model}"), "fix").first.local
