"""Plain data as the protocol writes it."""

from __future__ import annotations

from typing import Any


def camel_case(data: dict[str, Any]) -> dict[str, Any]:
    """``data`` with ``prompt_tokens`` as ``promptTokens``, in every object of it."""
    return {_camel(key): _value(value) for key, value in data.items()}


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return camel_case(value)
    return [_value(one) for one in value] if isinstance(value, list | tuple) else value


def _camel(key: str) -> str:
    first, *rest = key.split("_")
    return first + "".join(word.capitalize() for word in rest)
