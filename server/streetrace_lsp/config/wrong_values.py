"""A value of the wrong type or out of its bounds: what is wrong with it, and what to write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .findings import Finding, Path
from .mend import Mend, quoted, remove, text, write

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_EXPECTED: Final = {
    "bool_type": "true or false",
    "string_type": 'text in quotes, like "text"',
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "list_type": 'a list, like ["a", "b"]',
    "dict_type": "a table",
    "model_type": "a table",
}

# To be corrected by hand: what a large model costs today.
_PRICES: Final = {"input": "3.0", "output": "15.0"}


def wrong_value(
    path: Path, detail: ErrorDetails, table: dict[str, Any], *, truth: bool = False
) -> Finding:
    """The finding about the value at ``path`` of ``table``, of which pydantic says ``detail``.

    ``truth``: a truth value would be possible there, too.
    """
    name = ".".join(map(str, path))
    kind, context = detail["type"], detail.get("ctx", {})
    value = _at(path, table)
    if kind == "missing":
        missing = str(detail["loc"][-1])
        return Finding(
            path,
            "key",
            "missing-key",
            f"[{name}] needs {missing}.",
            f"Write {missing} = {_kind_of(path, missing)} under it.",
            mends=_missing(path, missing),
        )
    if detail["loc"][-1] == "[key]":
        return Finding(
            path,
            "key",
            "wrong-name",
            f"{path[-1]} can't be a name here.",
            "Use up to 64 letters, digits, dots, hyphens and underscores.",
        )
    if kind in _EXPECTED:
        return Finding(
            path,
            "value",
            "wrong-type",
            f"{name} must be {_EXPECTED[kind]}.",
            _other_type(kind, value),
            mends=_converted(kind, value),
        )
    if kind == "refused_field":
        return _refused_field(path, context)
    if kind == "literal_error":
        return _wrong_choice(path, name, str(context.get("expected", "")), value, truth=truth)
    if "error" in context:
        step = f"Change or remove {path[-1]}."
        return Finding(path, "value", "wrong-value", f"{name}: {context['error']}.", step)
    reason, step = _bounds(kind, context)
    said = f"{name} is {value}: " if isinstance(value, int | float) else f"{name}: "
    mends = _within_bounds(kind, context) or (remove(str(path[-1])),)
    return Finding(path, "value", "wrong-value", f"{said}{reason}.", step, mends=mends)


def _within_bounds(kind: str, context: dict[str, Any]) -> tuple[Mend, ...]:
    """The nearest value that is possible, where there is one."""
    bound = context.get({"greater_than_equal": "ge", "less_than_equal": "le"}.get(kind, ""))
    return (write(_plain(bound)),) if bound is not None else ()


def _kind_of(path: Path, key: str) -> str:
    """What a missing key takes: only prices are no text."""
    return f"{_PRICES[key]} (dollars per million tokens)" if path[0] == "prices" else '"…"'


def _missing(path: Path, key: str) -> tuple[Mend, ...]:
    """The key that a table lacks, with the value that its name suggests."""
    from .providers import find_provider

    if path[0] == "prices":
        line = f"{key} = {_PRICES[key]}"
        return (Mend(f"Add {line}", "add", line, path),)
    if key != "provider":
        return ()
    found = find_provider(str(path[-1]))
    line = f"provider = {quoted(found.name if found else 'openai')}"
    return (Mend(f"Add {line}", "add", line, path),)


def _refused_field(path: Path, context: dict[str, Any]) -> Finding:
    instead = context["instead"]
    return Finding(
        (*path, *context["path"]),
        "key",
        "refused-field",
        f"extra_body can't set {context['name']}: it would go round your limits."
        if instead
        else f"extra_body can't set {context['name']}.",
        f"Write {instead} under [{'.'.join(map(str, path[:-1]))}]." if instead else "Remove it.",
        mends=(remove(str(context["name"])),),
    )


def _wrong_choice(path: Path, name: str, expected: str, value: Any, *, truth: bool) -> Finding:
    from .target_strings import nearest

    choices = [choice.strip(" '") for choice in expected.replace(" or ", ",").split(",")]
    near = nearest(str(value), choices)
    quoted = [f'"{choice}"' for choice in choices]
    possible = (["true", "false", *quoted]) if truth else choices
    return Finding(
        path,
        "value",
        "wrong-value",
        f"{name} must be one of: {', '.join(possible)}.",
        f'Did you mean "{near}"?'
        if near
        else f"Write {', '.join(possible[:-1])} or {possible[-1]}."
        if truth
        else f"Write {quoted[0]}.",
        mends=(text(near),) if near else tuple(text(choice) for choice in choices[:3]),
    )


def _bounds(kind: str, context: dict[str, Any]) -> tuple[str, str]:
    """What is wrong with a value's size, and what to write."""
    words = {
        "greater_than": ("gt", "more than"),
        "greater_than_equal": ("ge", "at least"),
        "less_than": ("lt", "less than"),
        "less_than_equal": ("le", "at most"),
    }
    if kind in words:
        key, phrase = words[kind]
        bound = f"{phrase} {_plain(context[key])}"
        return f"the number must be {bound}", f"Write a number that is {bound}."
    if kind == "string_too_short":
        return "the text is empty", "Write a text, or remove the line."
    if kind == "too_short":
        return "the list is empty", "Write at least one item, or remove the line."
    if kind == "too_long":
        most = context["max_length"]
        return f"at most {most} are possible", f"Keep {most} of them."
    if kind == "finite_number":
        return "the number must be finite", "Write a finite number."
    return "this value is not possible here", "Change or remove it."


def _other_type(kind: str, value: Any) -> str:
    if isinstance(value, str):
        bare = value.strip()
        if kind == "bool_type":
            low = bare.lower()
            truth = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(low, low)
            if truth in {"true", "false"}:
                return f"Write {truth} without quotes."
        if kind in {"int_type", "float_type"} and _is_number(bare):
            return f"Write {bare} without quotes."
        if kind == "list_type":
            return "Put it in brackets: […]."
    if kind == "string_type" and isinstance(value, int | float):
        return f'Write "{str(value).lower()}".'
    if kind in {"int_type", "int_from_float"} and isinstance(value, float):
        return f"Write {round(value)}."
    return f"Write {_EXPECTED[kind]}."


def _converted(kind: str, value: Any) -> tuple[Mend, ...]:
    """The same value in the type that is wanted, where it has one."""
    step = _other_type(kind, value)
    if step.endswith(" without quotes."):
        return (write(step.removeprefix("Write ").removesuffix(" without quotes.")),)
    if kind == "list_type" and isinstance(value, str):
        return (write(f"[{quoted(value)}]"),)
    if kind == "string_type" and isinstance(value, int | float):
        return (text(str(value).lower()),)
    if kind in {"int_type", "int_from_float"} and isinstance(value, float):
        return (write(str(round(value))),)
    return ()


def _plain(bound: float) -> str:
    return str(int(bound)) if bound == int(bound) else str(bound)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _at(path: Path, table: Any) -> Any:
    for step in path:
        table = table[step]
    return table
