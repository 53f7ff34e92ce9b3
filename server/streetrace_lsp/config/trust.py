"""What the user trusts: project files by the digest of their content, and grants."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from streetrace_lsp.errors import StreetraceError

from .find import is_foreign, read_file
from .grants import Grant, parse_grant
from .lockfile import locked, write_private
from .watched import WatchedFile

if TYPE_CHECKING:
    from .question import Question

Status = Literal["trusted", "restricted", "denied"]
_FORMAT: Final = 1
_LARGEST_STORE: Final = 64 * 1024 * 1024
_WRITABLE_BY_OTHERS: Final = 0o022


class TrustError(StreetraceError):
    """Trust could not be recorded; nothing has changed."""


@dataclass(frozen=True)
class Pin:
    """A trusted file: its digest, its summary at that time, and its owner then."""

    sha256: str
    summary: tuple[str, ...] = ()
    owner: int | None = None


@dataclass(frozen=True)
class TrustState:
    """Everything that the user has answered. ``fault`` says why the store can't be read.

    ``offers`` maps a provider to the target accepted for it, or to None where it was declined.
    """

    pins: Mapping[str, Pin] = field(default_factory=dict)
    denied: frozenset[str] = frozenset()
    grants: frozenset[Grant] = frozenset()
    offers: Mapping[str, str | None] = field(default_factory=dict)
    fault: str = ""

    def status(self, path: str, sha256: str, owner: int | None) -> Status:
        """How the file at the real ``path`` with this digest and owner is to be treated.

        Deny beats allow. Another digest or another owner than the trusted one is restricted.
        """
        if path in self.denied:
            return "denied"
        pin = self.pins.get(path)
        if pin is None or pin.sha256 != sha256 or pin.owner != owner:
            return "restricted"
        return "trusted"


class TrustStore:
    """``trust.json`` in the state folder: mode 0600, locked while it changes, replaced whole."""

    def __init__(self, state_dir: Path) -> None:
        self.path = state_dir / "trust.json"
        self._file = _watched(self.path)
        self._seen: tuple[int, TrustState] | None = None

    def refresh(self) -> int:
        """Looks whether the store changed, by whomever; gives its version."""
        return self._file.refresh()

    def read(self) -> TrustState:
        """What is recorded now. A store that can't be relied on trusts nothing and says so."""
        now = self.refresh()
        if self._seen is None or self._seen[0] != now:
            self._seen = (now, self._load(self._file))
        return self._seen[1]

    def trust(
        self,
        path: Path,
        sha256: str,
        *,
        summary: tuple[str, ...] = (),
        owner: int | None = None,
        grants: Iterable[Grant] = (),
    ) -> None:
        """Records that the file with this digest is trusted, and the grants with it.

        Raises `TrustError` when the file was denied before, or nothing can be written.
        """
        name = real(path)

        def change(state: TrustState) -> TrustState:
            if name in state.denied:
                raise TrustError(
                    f"{path} was denied earlier, so it is not trusted.",
                    f"Run: streetrace-lsp trust --revoke {path}",
                )
            return replace(
                state,
                pins={**state.pins, name: Pin(sha256, summary, owner)},
                grants=state.grants | set(grants),
            )

        self._change(change)

    def answer(self, question: Question, grants: Iterable[Grant] | None = None) -> None:
        """Records a yes to ``question``, with all its grants or only these. Raises `TrustError`."""
        agreed = question.grants if grants is None else tuple(grants)
        self.trust(
            question.path,
            question.sha256,
            summary=question.summary,
            owner=question.owner,
            grants=agreed,
        )

    def grant(self, grants: Iterable[Grant]) -> None:
        """Records grants alone. Raises `TrustError`."""
        self._change(lambda state: replace(state, grants=state.grants | set(grants)))

    def deny(self, path: Path) -> None:
        """Records that the file is never trusted. Raises `TrustError`."""
        name = real(path)
        self._change(
            lambda state: replace(
                state, pins=_without(state.pins, name), denied=state.denied | {name}
            )
        )

    def revoke(self, path: Path, grants: Iterable[Grant] = ()) -> None:
        """Forgets every answer about the file, and these grants. Raises `TrustError`."""
        name = real(path)
        self._change(
            lambda state: replace(
                state,
                pins=_without(state.pins, name),
                denied=state.denied - {name},
                grants=state.grants - set(grants),
            )
        )

    def answer_offer(self, provider: str, target: str | None) -> None:
        """Records that an offered provider was accepted (with its target) or declined (None)."""
        self._change(lambda state: replace(state, offers={**state.offers, provider: target}))

    def _load(self, file: WatchedFile) -> TrustState:
        found = file.found
        if file.fault:
            return TrustState(fault=f"{self.path} can't be read: {file.fault}.")
        if found is None:
            return TrustState()
        if is_foreign(found.owner):
            return TrustState(fault=f"{self.path} belongs to another user.")
        if os.name == "posix" and found.mode & _WRITABLE_BY_OTHERS:
            return TrustState(fault=f"{self.path} can be written by other users.")
        try:
            return _from_json(json.loads(found.data))
        except (ValueError, TypeError, KeyError, AttributeError):
            return TrustState(fault=f"{self.path} is damaged.")

    def _change(self, change: Callable[[TrustState], TrustState]) -> None:
        try:
            with locked(self.path):
                # By a look of its own: another process may just have written.
                fresh = _watched(self.path)
                fresh.refresh()
                state = self._load(fresh)
                if state.fault:
                    raise TrustError(state.fault, "Repair or remove that file, then try again.")
                write_private(self.path, json.dumps(_to_json(change(state)), indent=1).encode())
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise TrustError(
                f"Nothing could be recorded in {self.path}: {reason}.",
                "Make the folder writable, or set STREETRACE_STATE_DIR.",
            ) from None


def _watched(path: Path) -> WatchedFile:
    # It grows with every project, and a summary may be long.
    return WatchedFile(path, read=partial(read_file, largest=_LARGEST_STORE))


def real(path: Path) -> str:
    """The real path under which a file is recorded."""
    return os.path.normcase(os.path.realpath(path))


def _without(pins: Mapping[str, Pin], name: str) -> dict[str, Pin]:
    return {path: pin for path, pin in pins.items() if path != name}


def _to_json(state: TrustState) -> dict[str, Any]:
    return {
        "version": _FORMAT,
        "trusted": {
            path: {"sha256": pin.sha256, "summary": list(pin.summary), "owner": pin.owner}
            for path, pin in sorted(state.pins.items())
        },
        "denied": sorted(state.denied),
        "grants": [str(grant) for grant in sorted(state.grants, key=lambda grant: grant.order)],
        "offers": dict(state.offers),
    }


def _from_json(data: dict[str, Any]) -> TrustState:
    if data["version"] != _FORMAT:
        raise ValueError("another version of the format")
    return TrustState(
        pins={
            str(path): Pin(str(pin["sha256"]), tuple(map(str, pin["summary"])), pin["owner"])
            for path, pin in data["trusted"].items()
        },
        denied=frozenset(map(str, data["denied"])),
        grants=frozenset(parse_grant(grant) for grant in data["grants"]),
        offers=dict(data["offers"]),
    )
