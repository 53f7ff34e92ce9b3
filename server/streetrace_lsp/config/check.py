"""What is wrong in one configuration file, and what of it can be used."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Final

from .findings import Finding, Path, in_order, place
from .mends_of_keys import unknown_key_mends
from .parse import BrokenTextError, parse
from .partial import Partial
from .policy import refused_keys
from .problems import Problem
from .recover import recover
from .spellings import other_spelling
from .syntax import syntax_problem
from .wrong_values import wrong_value

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from .model import Settings

# A typo in one of these must not widen what the file means to narrow.
_NARROWING: Final = frozenset({"local_only", "confirm", "enabled", "requires", "review", "budget"})


@dataclass(frozen=True)
class Checked:
    """A file's text and table, and its settings: None when it is broken.

    ``table`` is everything that was parsed, what can't be used included. ``fatal``: the first
    reason why the file is broken; ``partial``: what of it can be read all the same.
    """

    text: str
    table: dict[str, Any] = field(default_factory=dict)
    settings: Settings | None = None
    problems: tuple[Problem, ...] = ()
    fatal: Problem | None = None
    partial: Partial | None = None


def check(path: FilePath, data: bytes, *, from_project: bool, private: bool = True) -> Checked:
    """Parses and validates the file's bytes; never raises for what they hold.

    ``private`` tells whether nobody but the user can read the file: only then may the user's
    own file hold literal keys. Unknown keys, and keys that this file may not set, are
    reported and left out; any other error makes the file as a whole unusable.
    """
    try:
        parsed = parse(data)
    except BrokenTextError as error:
        return _broken(path, error, from_project=from_project, private=private)
    from .references import odd_values

    refused = refused_keys(parsed.table, from_project=from_project, private=private)
    kept = _without(parsed.table, {finding.path for finding in refused})
    validated = _validate(kept)
    settings, findings = validated.settings, validated.findings
    partial = None
    if settings is None:
        partial = _partial(kept, validated.fatal)
    if settings is not None:
        findings += odd_values(settings)
    elif partial is not None:
        findings += partial.about_the_rest(odd_values(partial.settings))
    unmet = [finding for finding in findings if finding.code == "requires"]
    # To an older version what a newer one brought looks like mistakes.
    problems = place(path, parsed.text, [*refused, *(unmet or findings)])
    fatal = next(iter(place(path, parsed.text, validated.fatal)), None)
    if fatal is not None and unmet:
        fatal = place(path, parsed.text, unmet)[0]
    return Checked(parsed.text, parsed.table, settings, problems, fatal, partial)


# What a line that is left out may be the reason of.
_OF_THE_WHOLE: Final = frozenset({"missing-key", "unknown-task", "no-effect"})


def _broken(
    path: FilePath, error: BrokenTextError, *, from_project: bool, private: bool
) -> Checked:
    """The problems of a text that is no TOML: what breaks it, and what is wrong in the rest."""
    fatal = syntax_problem(path, error)
    found = recover(error)
    if found is None:
        return Checked(error.text, problems=(fatal,), fatal=fatal)
    data = found.text.encode("utf-8", "replace")
    rest = check(path, data, from_project=from_project, private=private)
    others = [one for one in rest.problems if one.code not in _OF_THE_WHOLE]
    syntax = [syntax_problem(path, one) for one in found.errors]
    return Checked(error.text, problems=in_order(syntax, others), fatal=fatal)


def mistakes(table: dict[str, Any], *, from_project: bool) -> list[Finding]:
    """What is wrong in a table that is no file yet, unclear targets included."""
    from .odd_targets import odd_targets
    from .references import odd_values

    refused = refused_keys(table, from_project=from_project, private=True)
    validated = _validate(_without(table, {finding.path for finding in refused}))
    settings = validated.settings
    if settings is None:
        return [*refused, *validated.findings]
    odd = odd_targets(settings, settings, own_base=False)
    return [*refused, *validated.findings, *odd_values(settings), *odd]


@dataclass(frozen=True)
class _Validated:
    """``fatal`` are those of the ``findings`` for which there are no settings."""

    settings: Settings | None
    findings: list[Finding]
    fatal: list[Finding]


def _partial(table: dict[str, Any], wrong: list[Finding]) -> Partial | None:
    left_out: set[Path] = set()
    # What is left out may be needed by what stands around it; a table has few floors.
    for _ in range(3):
        left_out |= {_table_path(finding.path) for finding in wrong}
        found = _validate(_without(table, left_out))
        if found.settings is not None:
            return Partial(found.settings, frozenset(left_out))
        wrong = found.fatal
    return None


def _table_path(path: Path) -> Path:
    """``path`` up to the first list in it."""
    return tuple(takewhile(lambda step: isinstance(step, str), path))


def _validate(table: dict[str, Any]) -> _Validated:
    from pydantic import ValidationError

    from .model import Settings

    try:
        return _Validated(Settings.model_validate(table), [], [])
    except ValidationError as error:
        details = error.errors(include_url=False)
    findings: list[Finding] = []
    unknown: set[Path] = set()
    fatal: list[Finding] = []
    truths = {_within(tuple(d["loc"]), table) for d in details if d["type"] == "bool_type"}
    for detail, path in _likeliest(details, table):
        if detail["type"] == "extra_forbidden":
            finding, narrowing = _unknown_key(path, table)
            unknown.add(path)
        else:
            finding = wrong_value(path, detail, table, truth=path in truths)
            narrowing = True
        if all(finding.path != other.path for other in findings):
            findings.append(finding)
            fatal += [finding] if narrowing else []
    if fatal:
        return _Validated(None, findings, fatal)
    return _Validated(Settings.model_validate(_without(table, unknown)), findings, [])


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


def _unknown_key(path: Path, table: dict[str, Any]) -> tuple[Finding, bool]:
    """The finding, and whether the key was probably meant to narrow something."""
    from .target_strings import nearest

    name = str(path[-1])
    known = _known_keys(path[:-1])
    value = _at(path, table)
    other, near = other_spelling(path, value), nearest(name, known)
    suggestion = other or near
    text = f"Did you mean {suggestion}?" if suggestion else f"Known here: {', '.join(known)}."
    where = f" in [{'.'.join(map(str, path[:-1]))}]" if len(path) > 1 else ""
    mends = tuple(
        mend
        for mend in unknown_key_mends(path, other, near, value)
        if mend.do != "rename" or mend.value or _fits((*path[:-1], mend.text), value, table)
    )
    message = f"There is no key {name}{where}."
    finding = Finding(path, "key", "unknown-key", message, text, mends=mends)
    narrowing = path[0] == "budget" or (len(path) == 1 and suggestion in _NARROWING)
    return finding, narrowing


def _fits(path: Path, value: Any, table: dict[str, Any]) -> bool:
    """Whether ``value`` is possible at ``path``: to rename a key must not make the next mistake.

    What stands below a table there is looked at once it is there.
    """
    from pydantic import ValidationError

    from .model import Settings
    from .references import odd_values

    renamed = _with(table, path, value)
    try:
        found = [finding.path for finding in odd_values(Settings.model_validate(renamed))]
    except ValidationError as error:
        found = [_within(tuple(detail["loc"]), renamed) for detail in error.errors()]
    return path not in found


def _with(table: Any, path: Path, value: Any) -> Any:
    """A copy of ``table`` with ``value`` at ``path``, and nothing that could be wrong beside it."""
    if not path:
        return value
    kept = {"provider": table["provider"]} if "provider" in table else {}
    return kept | {path[0]: _with(table.get(path[0], {}), path[1:], value)}


def _at(path: Path, table: Any) -> Any:
    for step in path:
        table = table[step]
    return table


def _known_keys(table: Path) -> list[str]:
    from typing import get_args

    from .model import Settings

    found: Any = Settings
    for step in table:
        fields = getattr(found, "model_fields", None)
        # A table by names: the names' types stand first.
        found = fields[str(step)].annotation if fields else get_args(found)[-1]
    return list(found.model_fields)


def _without(table: dict[str, Any], paths: set[Path]) -> dict[str, Any]:
    """A copy of ``table`` without the keys at ``paths``."""
    kept: dict[str, Any] = {}
    for name, value in table.items():
        below = {path[1:] for path in paths if path[0] == name}
        if () in below:
            continue
        kept[name] = _without(value, below) if below and isinstance(value, dict) else value
    return kept
