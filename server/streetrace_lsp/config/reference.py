"""The reference page and the JSON Schema of configuration, made from its types."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from .json_schema import json_schema
from .model import (
    Action,
    Backend,
    Budget,
    Cache,
    Context,
    Defaults,
    Deployment,
    HostLimits,
    ModelSelector,
    Network,
    Price,
    Settings,
    Weights,
)
from .providers import PROVIDERS, Provider
from .tiers import Tier, tier

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

TABLES: Final[tuple[tuple[str, type[Any], tuple[str, ...]], ...]] = (
    ("Top level", Settings, ()),
    ("`[defaults]`", Defaults, ("defaults",)),
    ("`[backends.NAME]`", Backend, ("backends", "NAME")),
    (
        "`[backends.NAME.deployments.ROLE]`",
        Deployment,
        ("backends", "NAME", "deployments", "ROLE"),
    ),
    ("`[actions.NAME]`", Action, ("actions", "NAME")),
    ("`[budget]`", Budget, ("budget",)),
    ("`[prices.MODEL]`", Price, ("prices", "MODEL")),
    ("`[cache]`", Cache, ("cache",)),
    ("`[context]`", Context, ("context",)),
    ("`[model_selector]`", ModelSelector, ("model_selector",)),
    ("`[model_selector.weights]`", Weights, ("model_selector", "weights")),
    ("`[network]`", Network, ("network",)),
    ("`[model_host]`", HostLimits, ("model_host",)),
)
_IN_A_PROJECT: Final = {
    Tier.FREE: "free: it can only narrow what the user allows",
    Tier.TRUSTED: "when the project is trusted",
    Tier.GRANT: "when the project is trusted, with a grant for the address",
    Tier.USER_ONLY: "not possible",
}


def schema_text() -> str:
    """The JSON Schema as text that ends with a newline."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def configuration_page() -> str:
    """`docs/configuration.md` as a whole."""
    from .reference_text import AFTER_PROVIDERS, BEFORE_KEYS, BEFORE_PROVIDERS

    return "\n".join(
        (BEFORE_KEYS, key_reference(), BEFORE_PROVIDERS, provider_table(), AFTER_PROVIDERS)
    )


def key_reference() -> str:
    """A Markdown section per table: each key with type, meaning, example and trust."""
    schema = json_schema()
    parts = []
    for title, model, path in TABLES:
        parts.append(f"### {title}\n")
        definition = schema if model is Settings else schema["$defs"][model.__name__]
        for name, info in model.model_fields.items():
            if info.description is None:
                continue
            parts.append(_entry(name, info, definition["properties"][name], (*path, name)))
    return "\n".join(parts).rstrip() + "\n"


def provider_table() -> str:
    """A Markdown table of the reviewed providers with their variables and addresses."""
    lines = [
        "| provider | serves | key | address | built-in address |",
        "|---|---|---|---|---|",
    ]
    lines += [_provider_row(provider) for provider in sorted(PROVIDERS.values(), key=_by_name)]
    return "\n".join(lines) + "\n"


def _by_name(provider: Provider) -> str:
    return provider.name


def _provider_row(provider: Provider) -> str:
    built_in = provider.base or ", ".join(provider.origins[:1])
    cells = [
        f"`{provider.name}`",
        provider.title,
        ", ".join(f"`{name}`" for name in provider.key_variables),
        ", ".join(f"`{name}`" for name in provider.base_variables),
        f"`{built_in}`" if built_in else "",
    ]
    return "| " + " | ".join(cells) + " |"


def _entry(name: str, info: FieldInfo, schema: dict[str, Any], path: tuple[str, ...]) -> str:
    lines = [f"**`{name}`** ({type_words(schema)})", "", info.description or "", ""]
    lines += ["```toml", *example(path, (info.examples or [""])[0]), "```", ""]
    lines += [in_a_project(path), ""]
    return "\n".join(lines)


def in_a_project(path: tuple[str | int, ...]) -> str:
    """A sentence that says what the key at ``path`` needs in a project's file."""
    needs = (
        {tier((*path, name)) for name in _keys_of(path)} if tier(path) is Tier.TRUSTED else set()
    )
    if len(needs) > 1 and Tier.FREE in needs:
        return "In a project file: some keys are free, the others hold when the project is trusted."
    return f"In a project file: {_IN_A_PROJECT[needs.pop() if len(needs) == 1 else tier(path)]}."


def _keys_of(path: tuple[str | int, ...]) -> tuple[str, ...]:
    """The keys of the table at ``path``; none where there is no table of that name alone."""
    return next((tuple(model.model_fields) for _, model, at in TABLES if path and at == path), ())


def example(path: tuple[str, ...], value: Any) -> Iterator[str]:
    """The lines of a file that give the key at ``path`` this value."""
    table, name = ".".join(path[:-1]), path[-1]
    if isinstance(value, dict):
        yield f"[{table}.{name}]" if table else f"[{name}]"
        yield from (f"{key} = {_toml(item)}" for key, item in value.items())
        return
    if table:
        yield f"[{table}]"
    yield f"{name} = {_toml(value)}"


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"
    # For text, numbers, truth values and lists of them JSON and TOML are spelt alike.
    return json.dumps(value, ensure_ascii=False)


def type_words(schema: Mapping[str, Any]) -> str:
    """What kind of value a JSON Schema allows, in words, and the default."""
    options = schema.get("anyOf", [schema])
    names = [_one_type(option) for option in options if option.get("type") != "null"]
    text = " or ".join(dict.fromkeys(name for name in names if name))
    return (
        text if schema.get("default") is None else f"{text}, default `{_toml(schema['default'])}`"
    )


def _one_type(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{_toml(choice)}`" for choice in schema["enum"])
    kind = {
        "string": "text",
        "integer": "whole number",
        "number": "number",
        "boolean": "true or false",
        "array": "list of text",
        "object": "table",
    }[schema["type"]]
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum")
    if low is None or high is None or kind == "text":
        return kind
    above = "above " if "exclusiveMinimum" in schema else ""
    return f"{kind} {above}{low} to {high}" if not above else f"{kind} above {low}, at most {high}"
