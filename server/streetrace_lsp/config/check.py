"""What is wrong in one configuration file, and what of it can be used."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Final

from .findings import Finding, Path, place
from .parse import BrokenTextError, parse
from .policy import refused_keys
from .problems import Problem
from .spellings import other_spelling
from .syntax import syntax_problem

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from .model import Settings

# A typo in one of these must not widen what the file means to narrow.
_NARROWING: Final = frozenset({"local_only", "confirm", "enabled", "requires", "budget"})


@dataclass(frozen=True)
class Checked:
    """A file's text and table, and its settings: None when it is broken.

    ``table`` is everything that was parsed, what can't be used included.
    """

    text: str
    table: dict[str, Any] = field(default_factory=dict)
    settings: Settings | None = None
    problems: tuple[Problem, ...] = ()


def check(path: FilePath, data: bytes, *, from_project: bool, private: bool = True) -> Checked:
    """Parses and validates the file's bytes; never raises for what they hold.

    ``private`` tells whether nobody but the user can read the file: only then may the user's
    own file hold literal keys. Unknown keys, and keys that this file may not set, are
    reported and left out; any other error makes the file as a whole unusable.
    """
    try:
        parsed = parse(data)
    except BrokenTextError as error:
        return Checked(error.text, problems=(syntax_problem(path, error),))
    refused = refused_keys(parsed.table, from_project=from_project, private=private)
    kept = _without(parsed.table, {finding.path for finding in refused})
    settings, findings = _validate(kept)
    if settings is not None:
        from .references import odd_values

        findings += odd_values(settings)
    problems = place(path, parsed.text, [*refused, *findings])
    return Checked(parsed.text, parsed.table, settings, problems)


def _validate(table: dict[str, Any]) -> tuple[Settings | None, list[Finding]]:
    from pydantic import ValidationError

    from .model import Settings

    try:
        return Settings.model_validate(table), []
    except ValidationError as error:
        details = error.errors(include_url=False)
    findings: list[Finding] = []
    unknown: set[Path] = set()
    broken = False
    for detail, path in _likeliest(details, table):
        if detail["type"] == "extra_forbidden":
            finding, narrowing = _unknown_key(path)
            unknown.add(path)
            broken = broken or narrowing
        else:
            finding = _wrong_value(path, detail, table)
            broken = True
        if all(finding.path != other.path for other in findings):
            findings.append(finding)
    if broken:
        return None, findings
    return Settings.model_validate(_without(table, unknown)), findings


def _likeliest(
    details: list[ErrorDetails], table: dict[str, Any]
) -> list[tuple[ErrorDetails, Path]]:
    """Each error with its path. Where a value may have several forms pydantic reports what is
    wrong with it as each of them: of those only the one that came furthest stays."""
    found = [(detail, _within(tuple(detail["loc"]), table)) for detail in details]
    furthest: dict[Path, int] = {}
    for detail, path in found:
        form = _form(detail, path)
        if form is not None:
            furthest[form] = max(furthest.get(form, 0), _reach(detail, path))
    return [
        (detail, path)
        for detail, path in found
        if (form := _form(detail, path)) is None or _reach(detail, path) == furthest[form]
    ]


def _form(detail: ErrorDetails, path: Path) -> Path | None:
    """The value that has several forms, where the error is about one of them."""
    for depth, step in enumerate(detail["loc"]):
        if step != "[key]" and (depth >= len(path) or path[depth] != step):
            return path[:depth] if detail["type"] not in {"missing", "extra_forbidden"} else None
    return None


def _reach(detail: ErrorDetails, path: Path) -> int:
    return 2 * len(path) + (not detail["type"].endswith("_type"))


def _within(location: Path, table: Any) -> Path:
    """The part of pydantic's location that exists in the table, and a missing last key."""
    path: list[str | int] = []
    for step in location:
        if step == "[key]":
            break
        try:
            table = table[step]
        except (KeyError, IndexError, TypeError):
            continue  # pydantic's name for one of several forms
        path.append(step)
    return tuple(path)


def _unknown_key(path: Path) -> tuple[Finding, bool]:
    """The finding, and whether the key was probably meant to narrow something."""
    from .target_strings import nearest

    name = str(path[-1])
    known = _known_keys(path[:-1])
    suggestion = other_spelling(path) or nearest(name, known)
    text = f"Did you mean {suggestion}?" if suggestion else f"Known here: {', '.join(known)}."
    where = f" in [{'.'.join(map(str, path[:-1]))}]" if len(path) > 1 else ""
    finding = Finding(path, "key", "unknown-key", f"There is no key {name}{where}.", text)
    narrowing = path[0] == "budget" or (len(path) == 1 and suggestion in _NARROWING)
    return finding, narrowing


def _known_keys(table: Path) -> list[str]:
    from typing import get_args

    from .model import Settings

    found: Any = Settings
    for step in table:
        fields = getattr(found, "model_fields", None)
        # A table by names: the names' types stand first.
        found = fields[str(step)].annotation if fields else get_args(found)[-1]
    return list(found.model_fields)


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


def _wrong_value(path: Path, detail: ErrorDetails, table: dict[str, Any]) -> Finding:
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
            f'Write {missing} = "…" under it.',
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
        )
    if kind == "literal_error":
        return _wrong_choice(path, name, str(context.get("expected", "")), value)
    reason = str(context["error"]) if "error" in context else _bounds(kind, context)
    return Finding(path, "value", "wrong-value", f"{name}: {reason}.", "Correct the value.")


def _wrong_choice(path: Path, name: str, expected: str, value: Any) -> Finding:
    from .target_strings import nearest

    choices = [choice.strip(" '") for choice in expected.replace(" or ", ",").split(",")]
    near = nearest(str(value), choices)
    return Finding(
        path,
        "value",
        "wrong-value",
        f"{name} must be one of: {', '.join(choices)}.",
        f'Did you mean "{near}"?' if near else f'Write "{choices[0]}".',
    )


def _bounds(kind: str, context: dict[str, Any]) -> str:
    words = {
        "greater_than": ("gt", "more than"),
        "greater_than_equal": ("ge", "at least"),
        "less_than": ("lt", "less than"),
        "less_than_equal": ("le", "at most"),
    }
    if kind in words:
        key, phrase = words[kind]
        return f"the number must be {phrase} {context[key]}"
    if kind == "string_too_short":
        return "the text is empty"
    if kind == "too_short":
        return "the list is empty"
    if kind == "too_long":
        return f"at most {context['max_length']} are possible"
    if kind == "finite_number":
        return "the number must be finite"
    return "this value is not possible here"


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


def _without(table: dict[str, Any], paths: set[Path]) -> dict[str, Any]:
    """A copy of ``table`` without the keys at ``paths``."""
    kept: dict[str, Any] = {}
    for name, value in table.items():
        below = {path[1:] for path in paths if path[0] == name}
        if () in below:
            continue
        kept[name] = _without(value, below) if below and isinstance(value, dict) else value
    return kept
