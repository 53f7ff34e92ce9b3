"""A configuration in the making, from what another tool's file or this machine says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .check import mistakes
from .expand import literal_text, references
from .findings import Finding, Path
from .key_names import key_variable
from .providers import Provider

# Small enough for a laptop with 8 GB, and able to write an edit.
SMALL_MODEL: Final = "qwen2.5-coder:7b"
PULL: Final = f"streetrace-lsp models pull {SMALL_MODEL}"
# Keys that decide where a request goes, and with what: without one of them the rest of a backend
# would go elsewhere.
_WHOLE: Final = frozenset(
    {"provider", "api_base", "api_key", "endpoints", "headers", "deployments", "launch"}
)
_ROUNDS: Final = 8
_LONGEST_NAME: Final = 64
_ENVIRON: Final = re.compile(r"(?:os\.environ/|env:|\$)([A-Za-z_][A-Za-z0-9_]*)")
# What people write for servers that want no key.
_NO_KEY: Final = frozenset(
    {"", "none", "null", "empty", "dummy", "fake", "fake-key", "no-key", "not-needed", "anything"}
    | {"sk-no-key-required", "lm-studio", "ollama"}
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """``what`` of a source (``file:line``) is not in the configuration, and why; no value in it."""

    source: str
    what: str
    why: str

    @property
    def sentence(self) -> str:
        """For a comment and for a person."""
        return f"{self.source}: {self.what}: {self.why}"


@dataclass
class Draft:
    """``table`` as it will be written, and what has to be said about it.

    ``left_out``: what could not be carried over. ``remarks``: comments above a backend's table;
    ``models``: above its model. ``suggestions``: tables to put at the end as comments, by the
    name of the backend that each declares, with the words before them. ``unset``: variables
    that take the place of a key that the source held itself.
    """

    table: dict[str, Any] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    remarks: dict[str, list[str]] = field(default_factory=dict)
    models: dict[str, str] = field(default_factory=dict)
    suggestions: dict[str, str] = field(default_factory=dict)
    unset: list[str] = field(default_factory=list)

    @property
    def backends(self) -> dict[str, dict[str, Any]]:
        """The backends' tables by name."""
        found: dict[str, dict[str, Any]] = self.table.setdefault("backends", {})
        return found

    def leave_out(self, source: str, what: str, why: str) -> None:
        """Record what is not carried over; the same only once."""
        entry = LeftOut(source, what, why)
        if entry not in self.left_out:
            self.left_out.append(entry)

    def remark(self, backend: str, words: str) -> None:
        """Put a comment above a backend's table."""
        self.remarks.setdefault(backend, []).append(words)

    def free_name(self, wanted: str) -> str:
        """``wanted`` as the name of a backend or pool that is not taken yet."""
        return unused(plain_name(wanted), {*self.backends, *self.table.get("pools", {})})

    def default(self, key: str, value: Any) -> None:
        """Set a key of `[defaults]` unless an earlier source did."""
        if value is not None:
            self.table.setdefault("defaults", {}).setdefault(key, value)

    def choose(self, target: str, fallbacks: list[str]) -> None:
        """The target for everything, unless an earlier source named one."""
        if "model" not in self.table:
            self.table["model"] = target
            if others := [other for other in fallbacks if other != target]:
                self.table["fallbacks"] = others

    def key(self, source: str, name: str, value: Any, provider: Provider, *, own: bool) -> str:
        """What to write as ``api_key`` of the backend ``name`` for the key in a source.

        A variable stays one. A key itself is never taken over: the provider's own variable
        stands for it where the address is the provider's ``own``, else one of the backend's name.
        """
        text = str(value).strip()
        if text.lower() in _NO_KEY:
            return ""
        named = _ENVIRON.fullmatch(text)
        if named:
            return f"${{{named[1]}}}"
        if not literal_text(text):
            return text
        found = references(text)
        if len(found) == 1 and text.startswith("${") and text.endswith("}"):
            self.leave_out(source, "api_key", f"the key written as default of {found[0]}")
            self.unset.append(found[0])
            return f"${{{found[0]}}}"
        taken = {one for backend in self.backends.values() for one in _keys(backend)}
        variable = (provider.key_variables or ("",))[0] if own else ""
        if not variable or variable in taken:
            variable = key_variable(name)
        self.leave_out(
            source, "api_key", f"a key is not copied; set {variable} to it: {store(variable)}"
        )
        self.unset.append(variable)
        return f"${{{variable}}}"


def store(variable: str) -> str:
    """The command that keeps a key for every editor and shell."""
    return f"streetrace-lsp key set {variable}"


def plain_name(wanted: str) -> str:
    """``wanted`` with nothing in it that the name of a backend, role or pool can't hold."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", wanted).strip("-._")[: _LONGEST_NAME - 4] or "model"


def unused(wanted: str, taken: Mapping[str, Any] | set[str]) -> str:
    """``wanted``, or with a number where that is taken."""
    if wanted not in taken:
        return wanted
    return next(name for n in range(2, 10_000) if (name := f"{wanted}-{n}") not in taken)


def with_variables(value: str) -> str:
    """LiteLLM's ``os.environ/NAME`` as ``${NAME}``; anything else as it is."""
    named = _ENVIRON.fullmatch(value.strip())
    return f"${{{named[1]}}}" if named else value


def target_of(name: str, backend: Mapping[str, Any]) -> str:
    """The target string that means this backend for every task; empty where it has no model."""
    if backend.get("model"):
        return name
    roles = [*backend.get("models", {}), *backend.get("deployments", {})]
    # What other tools call the model that writes code, then the one that thinks.
    known = ("edit", "generator", "chat", "overseer")
    role = next((role for role in known if role in roles), roles[0] if roles else "")
    return f"{name}/{role}" if role else ""


def fit(draft: Draft, source: str, *, from_project: bool) -> None:
    """Take out whatever a configuration can't hold, and say so: what is left has no error.

    A backend goes as a whole when where it leads to would be another place without a key of it.
    """
    for _ in range(_ROUNDS):
        wrong = [f for f in mistakes(draft.table, from_project=from_project) if _is_error(f)]
        if not wrong:
            return
        for path, finding in _paths(wrong):
            if _remove(draft.table, path):
                draft.leave_out(source, ".".join(map(str, path)), _why(finding))
    draft.table.clear()


def _why(finding: Finding) -> str:
    """The reason. What says where a request goes may be shown; other values may be secret."""
    shown = finding.code in {"unclear-target", "nested-pool", "same-name", "user-only"}
    words = [finding.message if shown else "the value is not possible here.", finding.suggestion]
    return " ".join(filter(None, words)).rstrip(".")


def _is_error(finding: Finding) -> bool:
    return finding.severity == "error"


def _paths(wrong: list[Finding]) -> Iterator[tuple[Path, Finding]]:
    """What to take out, the last items of a list first."""
    for finding in sorted(wrong, key=lambda f: [str(step).zfill(6) for step in f.path])[::-1]:
        path = finding.path
        if path[0] == "backends" and len(path) > 2 and path[2] in _WHOLE:
            path = path[:2]
        yield path, finding


def _remove(table: Any, path: Path) -> bool:
    for step in path[:-1]:
        try:
            table = table[step]
        except (KeyError, IndexError, TypeError):
            return False
    try:
        del table[path[-1]]
    except (KeyError, IndexError, TypeError):
        return False
    return True


def _keys(backend: Mapping[str, Any]) -> tuple[str, ...]:
    return references(str(backend.get("api_key", "")))
