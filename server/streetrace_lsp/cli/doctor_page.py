"""The doctor's findings as a page to read, and as data for programs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from streetrace_lsp.config.keyring import KeyStore
from streetrace_lsp.config.plain_trust import plain_trust

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.config.problems import Problem
    from streetrace_lsp.routing.diagnosis import Diagnosis
    from streetrace_lsp.routing.key_found import KeyFound
    from streetrace_lsp.routing.prices import PriceOf

_WIDE: Final = 10


def is_healthy(configuration: Configuration, found: Sequence[Diagnosis]) -> bool:
    """Whether no file has an error, everything was contacted, and every target answered."""
    return (
        configuration.fault is None
        and not any(problem.severity == "error" for problem in configuration.problems)
        and not untrusted(configuration)
        and bool(found)
        and all(one.answered for one in found)
    )


def untrusted(configuration: Configuration) -> tuple[str, ...]:
    """The backends of the project's file that are not contacted: nobody has agreed to it yet."""
    project = configuration.project
    if project is None or project.status != "restricted":
        return ()
    own = configuration.settings.backends
    return tuple(sorted(name for name in project.backends if name not in own))


def head(version: str, configuration: Configuration) -> list[str]:
    """The version, the files with their trust, and the problems in them."""
    lines = [f"streetrace-lsp {version}", ""]
    if configuration.user_path.is_file():
        lines.append(f"{configuration.user_path} (your own)")
    project = configuration.project
    if project is not None:
        trust = plain_trust(project)
        lines.append(f"{project.path} ({trust.words})")
        if trust.next_step:
            lines.append(f"  {_arrow()} {trust.next_step}")
    if len(lines) == 2:
        lines.append(f"No configuration. Your own would be {configuration.user_path}.")
    for problem in configuration.problems:
        lines.append(
            f"{'!' if problem.severity != 'error' else _mark(ok=False)} {_placed(problem)}"
        )
        if problem.suggestion:
            lines.append(f"  {_arrow()} {problem.suggestion}")
    stored = configuration.variables.stored
    if isinstance(stored, KeyStore) and stored.fault is not None:
        lines += [
            f"{_mark(ok=False)} {stored.fault.message}",
            f"  {_arrow()} {stored.fault.next_step}",
        ]
    fault = configuration.fault
    if fault is not None and not configuration.problems:
        lines += [f"{_mark(ok=False)} {fault.sentence}"]
    return lines


def target(one: Diagnosis, *, default: bool) -> list[str]:
    """A few lines about one target; those about nothing are left out."""
    title = one.wanted or "(nothing is configured)"
    _, several, address = (one.backend or "").partition(" @ ")
    if several:
        title = f"{title} @ {address}"
    lines = ["", f"{_mark(ok=one.answered)} {title}{'  (the default)' if default else ''}"]
    rows = [
        ("server", _server(one)),
        ("from", one.declared),
        ("key", _key(one.key)),
        ("model", _model(one)),
        ("window", f"{one.window:,} tokens" if one.window else ""),
        ("price", _price(one.price, answered=one.answered)),
        ("network", _network(one)),
        ("note", one.note),
    ]
    lines += [f"    {name:<{_WIDE}}{words}" for name, words in rows if words]
    if one.seconds is not None:
        lines.append(f"    {'call':<{_WIDE}}answered in {one.seconds:.1f} s")
    if one.fault is not None:
        lines.append(f"    {'problem':<{_WIDE}}{one.fault.message}")
        if one.fault.next_step:
            lines.append(f"    {'fix':<{_WIDE}}{one.fault.next_step}")
    return lines


def end(configuration: Configuration, found: Sequence[Diagnosis]) -> list[str]:
    """The result in a sentence."""
    lines = [""]
    left = untrusted(configuration)
    if left:
        lines.append(
            f"{_mark(ok=False)} Not contacted, because the project is not trusted: "
            f"{', '.join(left)}"
        )
    answering = sum(one.answered for one in found)
    if found and answering == len(found):
        lines.append("It answers." if len(found) == 1 else f"All {len(found)} answer.")
    elif found:
        lines.append(f"{answering} of {len(found)} answer.")
    else:
        lines.append("Nothing was asked until the configuration is corrected.")
    return lines


def as_data(
    version: str, configuration: Configuration, found: Sequence[Diagnosis]
) -> dict[str, Any]:
    """Everything as plain data: docs/doctor.md describes it."""
    project = configuration.project
    trust = plain_trust(project) if project is not None else None
    return {
        "version": version,
        "healthy": is_healthy(configuration, found),
        "user_file": str(configuration.user_path) if configuration.user_path.is_file() else None,
        "project": None
        if project is None or trust is None
        else {
            "file": str(project.path),
            # A question is open while a part of it is not used.
            "trusted": project.status in {"trusted", "none_needed"} and not project.question,
            "trust": trust.words,
            "next_step": trust.next_step,
            "not_contacted": list(untrusted(configuration)),
        },
        "problems": [
            {
                "file": str(problem.path),
                "severity": problem.severity,
                "code": problem.code,
                "message": problem.message,
                "next_step": problem.suggestion,
            }
            for problem in configuration.problems
        ],
        "targets": [_target_data(one) for one in found],
    }


def _target_data(one: Diagnosis) -> dict[str, Any]:
    data = asdict(one)
    price = one.price
    shown = (
        {"input": price.input, "output": price.output, "source": price.source} if price else None
    )
    return {"target": data.pop("wanted"), **data, "price": shown}


def _server(one: Diagnosis) -> str:
    if one.provider is None:
        return ""
    if one.program is not None and one.contacted:
        return f"{one.program}, started for this check, at {one.endpoint}"
    if one.program is not None:
        return f"{one.program}, which launch starts"
    return f"{one.provider} at {one.endpoint}" if one.endpoint else one.provider


def _key(key: KeyFound | None) -> str:
    if key is None:
        return ""
    match key.found:
        case "set":
            place = {"shell": "", ".env": ", in .env", "key store": ", with streetrace-lsp key"}
            return f"{key.variable} is set{place[key.place or 'shell']}"
        case "not set":
            meant = f"; {key.mistaken} is set, which nothing reads" if key.mistaken else ""
            return f"{key.variable} is not set{meant}"
        case "written":
            return "written in the configuration"
        case "login":
            return f"signed in with {key.variable}"
        case "none sent":
            return "none is sent"
        case _:
            return "none needed"


def _model(one: Diagnosis) -> str:
    if one.model is None:
        return ""
    words = [one.model]
    if one.listed:
        words.append("the server has it" if not one.loaded else "the server has it loaded")
    elif one.listed is False:
        words.append("the server does not list it")
        if one.closest:
            words.append(f"did you mean {one.closest}?")
    return ", ".join(words)


def _price(price: PriceOf | None, *, answered: bool) -> str:
    if price is None:
        return "not known; write it under [prices] for budgets" if answered else ""
    if not price.input and not price.output and not price.request:
        return f"free ({price.source})"
    words = f"${price.input:g} in, ${price.output:g} out per million tokens ({price.source})"
    return f"{words}, more for long prompts" if price.steps else words


def _network(one: Diagnosis) -> str:
    words = []
    if one.proxy:
        words.append(f"through the proxy {one.proxy}")
    if one.ca_bundle:
        words.append(f"certificates from {one.ca_bundle}")
    return ", ".join(words)


def _placed(problem: Problem) -> str:
    return f"{problem.path.name}: {problem.message}"


def _mark(*, ok: bool) -> str:
    good, bad = ("✓", "✗") if _can_write("✓✗") else ("ok", "!!")
    return good if ok else bad


def _arrow() -> str:
    return "→" if _can_write("→") else "->"


def _can_write(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
