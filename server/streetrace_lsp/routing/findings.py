"""What the doctor found, in words and as data: for a shell and for editors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from streetrace_lsp.config.editor_keys import Stored
from streetrace_lsp.config.keyring import KeyStore
from streetrace_lsp.config.located import located
from streetrace_lsp.config.plain_trust import plain_trust

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration

    from .diagnosis import Diagnosis
    from .key_found import KeyFound
    from .prices import PriceOf


@dataclass(frozen=True, slots=True)
class Remark:
    """A line of the page, how bad it is, and what to do about it, if anything."""

    words: str
    next_step: str = ""
    kind: Literal["plain", "warning", "error"] = "plain"


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


def remarks(configuration: Configuration) -> list[Remark]:
    """The files with their trust, and the problems in them."""
    found = []
    if configuration.user_path.is_file():
        found.append(Remark(f"{configuration.user_path} (your own)"))
    project = configuration.project
    if project is not None:
        trust = plain_trust(project)
        found.append(Remark(f"{project.path} ({trust.words})", trust.next_step))
    if not found:
        found.append(Remark(f"No configuration. Your own would be {configuration.user_path}."))
    found += [
        Remark(
            f"{located(problem)}: {problem.message}",
            problem.suggestion,
            "error" if problem.severity == "error" else "warning",
        )
        for problem in configuration.problems
    ]
    stored = configuration.variables.stored
    for store in stored.stores if isinstance(stored, Stored) else (stored,):
        if isinstance(store, KeyStore) and store.fault is not None:
            found.append(Remark(store.fault.message, store.fault.next_step, "error"))
    fault = configuration.fault
    if fault is not None and not configuration.problems:
        found.append(Remark(fault.sentence, kind="error"))
    return found


def title(one: Diagnosis) -> str:
    """What the target is called; of several endpoints of a backend with the address."""
    name = one.wanted or "(nothing is configured)"
    _, several, address = (one.backend or "").partition(" @ ")
    return f"{name} @ {address}" if several else name


def rows(one: Diagnosis, *, started: str = "started for this check") -> list[tuple[str, str]]:
    """What is known about one target, as names and words; what is about nothing is left out.

    ``started`` is said of a server that `launch` has started.
    """
    found = [
        ("server", _server(one, started)),
        ("from", one.declared),
        ("key", _key(one.key)),
        ("model", _model(one)),
        ("window", f"{one.window:,} tokens" if one.window else ""),
        ("price", _price(one.price, answered=one.answered)),
        ("network", _network(one)),
        ("note", one.note),
        ("call", "" if one.seconds is None else f"answered in {one.seconds:.1f} s"),
    ]
    if one.fault is not None:
        found += [("problem", one.fault.message), ("fix", one.fault.next_step)]
    return [(name, words) for name, words in found if words]


def ending(configuration: Configuration, found: Sequence[Diagnosis]) -> list[Remark]:
    """The result in a sentence, after what was not contacted."""
    said = []
    left = untrusted(configuration)
    if left:
        what = f"Not contacted, because the project is not trusted: {', '.join(left)}"
        said.append(Remark(what, kind="error"))
    answering = sum(one.answered for one in found)
    if found and answering == len(found):
        words = "It answers." if len(found) == 1 else f"All {len(found)} answer."
    elif found:
        words = f"{answering} of {len(found)} answer."
        words = "It does not answer." if len(found) == 1 else words
    else:
        words = "Nothing was asked until the configuration is corrected."
    return [*said, Remark(words)]


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


def _server(one: Diagnosis, started: str) -> str:
    if one.provider is None:
        return ""
    if one.program is not None and one.contacted:
        return f"{one.program}, {started}, at {one.endpoint}"
    if one.program is not None:
        return f"{one.program}, which launch starts"
    return f"{one.provider} at {one.endpoint}" if one.endpoint else one.provider


def _key(key: KeyFound | None) -> str:
    if key is None:
        return ""
    match key.found:
        case "set":
            place = {
                "shell": "",
                ".env": ", in .env",
                "editor": ", in the editor's store",
                "key store": ", with streetrace-lsp key",
            }
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
    elif one.listed is False and one.program is not None and one.answered:
        words.append("which its server lists by another name")
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
