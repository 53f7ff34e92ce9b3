"""The one question: whether to trust a project file, with the grants it needs. Pure data."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .body_fields import field_names
from .exposure import AddressError, Exposure, UnsetAddressError, expose
from .find import LARGEST
from .grants import Grant
from .members import every_member
from .providers import find_provider
from .readable import escaped
from .variables import Variables

if TYPE_CHECKING:
    from .model import Backend, Settings

# More than a configuration file can hold.
_WHOLE: Final = 2 * LARGEST


@dataclass(frozen=True)
class Question:
    """What a person is asked about the file at ``path``.

    ``title`` is one sentence; ``text`` lists what would be used: backends with address and
    variables, targets, actions, and what has changed since the last yes. Saying yes means to
    trust ``sha256`` and to make all of ``grants``. ``trusts`` is False where the file is
    trusted already and only grants are missing.
    """

    path: Path
    sha256: str
    summary: tuple[str, ...]
    owner: int | None
    grants: tuple[Grant, ...]
    trusts: bool
    title: str
    text: str

    @property
    def message(self) -> str:
        """Title and text together."""
        return f"{self.title}\n\n{self.text}"

    @property
    def command(self) -> str:
        """The command line that says yes."""
        words = ["streetrace-lsp trust", _shell_word(str(self.path)), f"--sha256 {self.sha256}"]
        words += [f"--grant {_shell_word(str(grant))}" for grant in self.grants]
        return " ".join(words)


@dataclass(frozen=True)
class Subject:
    """The file a question is about: what would be recorded, and what a person should know of it.

    ``foreign`` names another owner of the file, ``changed`` is the difference to what was
    trusted before; both may be empty.
    """

    path: Path
    sha256: str
    summary: tuple[str, ...]
    owner: int | None
    foreign: str = ""
    changed: str = ""


@dataclass(frozen=True)
class Uses:
    """What a configuration would use: one line per backend, and the grants that are missing."""

    lines: tuple[str, ...]
    missing: frozenset[Grant]


def uses(
    backends: Sequence[tuple[str, Backend, bool]],
    variables: Variables,
    grants: AbstractSet[Grant],
) -> Uses:
    """What these backends use, server by server; each backend is (name, backend, whether it
    stands in a project file)."""
    lines: list[str] = []
    missing: set[Grant] = set()
    for name, backend, from_project in backends:
        provider = find_provider(backend.provider)
        if provider is None:
            lines.append(f"{name}: {backend.provider}, which is not supported")
            continue
        for member in every_member(name, backend, provider):
            try:
                found = expose(name, member.backend, provider, variables, from_project=from_project)
            except UnsetAddressError as error:
                # Nothing beside the file is read before trust.
                lines.append(
                    f"{member.label}: {provider.title} at the address in {error.variable}. Your "
                    "shell does not set it; where the project's .env does, you are asked about "
                    "that address next"
                )
                continue
            except AddressError as error:
                lines.append(error.message)
                continue
            missing |= found.missing(grants)
            lines.append(f"{member.label}: {_use(found, member.backend)}")
    # Nothing of an address or a variable is cut off.
    return Uses(tuple(escaped(line, longest=_WHOLE) for line in lines), frozenset(missing))


def _use(found: Exposure, backend: Backend) -> str:
    """Where one server is and what it gets."""
    if not found.origins:
        return f"recorded answers in {backend.recordings}"
    where = found.address.url if found.address else str(found.origins[0])
    if found.origins[0].scheme == "http" and not found.local:
        where += " (not encrypted)"
    sent = list(found.other_variables)
    if found.key_variables:
        sent.insert(0, " or ".join(found.key_variables))
    return (
        f"{found.provider.title} at {where}, "
        + (f"which gets {', '.join(sent)}" if sent else "without a key")
        + (f" and the headers {', '.join(backend.headers)}" if backend.headers else "")
    )


def trust_question(subject: Subject, settings: Settings, found: Uses) -> Question:
    """The question about a file that is not trusted; ``settings`` is the project's own."""
    parts: list[str] = []
    if subject.foreign:
        parts.append(f"The file belongs to {escaped(subject.foreign)}, not to you.")
    if subject.changed:
        parts.append(f"Changed since you trusted it:\n{subject.changed}")
    parts += _listed("Backends", found.lines)
    parts += _listed(
        "Further request fields", [escaped(n, longest=_WHOLE) for n in _fields(settings)]
    )
    parts += _listed("Models", [escaped(line) for line in _targets(settings)])
    parts += _listed("Actions", [escaped(line, longest=_WHOLE) for line in _actions(settings)])
    parts += _listed("Prices, in US dollars per million tokens", _prices(settings))
    parts += _listed("You allow", _granted(found.missing))
    again = "has changed. Trust it again" if subject.changed else "names models to use. Trust it"
    return Question(
        subject.path,
        subject.sha256,
        subject.summary,
        subject.owner,
        _sorted(found.missing),
        True,
        f"{escaped(str(subject.path))} {again}?",
        "\n\n".join(parts),
    )


def grant_question(subject: Subject, missing: frozenset[Grant]) -> Question:
    """The question about grants that a trusted file still needs."""
    return Question(
        subject.path,
        subject.sha256,
        subject.summary,
        subject.owner,
        _sorted(missing),
        False,
        f"{escaped(str(subject.path))} is trusted, but uses addresses that you have not "
        "allowed yet. Allow them?",
        "\n\n".join(_listed("You allow", _granted(missing))),
    )


def _targets(settings: Settings) -> list[str]:
    lines = [f"model = {settings.model}"] if settings.model else []
    lines += [f"then {_chain(settings.fallbacks)}"] if settings.fallbacks else []
    lines += [f"{task} = {_chain(given)}" for task, given in sorted(settings.tasks.items())]
    lines += [f"pool {name} = {', '.join(pool)}" for name, pool in sorted(settings.pools.items())]
    searching = settings.defaults.embedding_backend
    lines += [f"searching with {searching}"] if searching else []
    return lines


def _chain(given: str | list[str]) -> str:
    return given if isinstance(given, str) else ", then ".join(given)


def _actions(settings: Settings) -> list[str]:
    lines = []
    for name, action in sorted(settings.actions.items()):
        kind = f" ({action.kind})" if action.kind else ""
        chain = [*([action.model] if action.model else []), *(action.fallbacks or ())]
        model = f" with {_chain(chain)}" if chain else ""
        file = f" from {action.prompt_file}" if action.prompt_file else ""
        title = f": {action.title}" if action.title else ""
        prompt = (action.prompt or action.prompt_fault).rstrip().replace("\r\n", "\n").split("\n")
        if len(prompt) == 1:
            lines.append(f"{name}{kind}{model}{file}{title}: {prompt[0]}")
            continue
        lines.append(f"{name}{kind}{model}{file}{title}:")
        # Marked, so that no line of it looks like one of ours.
        lines += [f"  | {line}" for line in prompt]
    return lines


def _fields(settings: Settings) -> list[str]:
    """The names of what each backend adds to its requests; a value may be a secret."""
    return [
        f"{name}: {', '.join(field_names(backend.extra_body))}"
        for name, backend in sorted(settings.backends.items())
        if backend.extra_body
    ]


def _prices(settings: Settings) -> list[str]:
    return [
        escaped(f"{model}: input {_plain(price.input)}, output {_plain(price.output)}")
        for model, price in sorted(settings.prices.items())
    ]


def _plain(dollars: float) -> str:
    return format(Decimal(repr(dollars)).normalize(), "f")


def _granted(grants: frozenset[Grant]) -> list[str]:
    return [
        f"{grant.variable} may be sent to {grant.origin}"
        if grant.variable
        else f"requests may be sent to {grant.origin}"
        for grant in _sorted(grants)
    ]


def _sorted(grants: frozenset[Grant]) -> tuple[Grant, ...]:
    return tuple(sorted(grants, key=lambda grant: grant.order))


def _listed(heading: str, lines: Sequence[str]) -> list[str]:
    """A heading and its lines; nothing is left out, or it would not be consent."""
    return [f"{heading}:\n" + "\n".join(f"  {line}" for line in lines)] if lines else []


def _shell_word(text: str) -> str:
    import shlex

    return shlex.quote(escaped(text, longest=_WHOLE))
