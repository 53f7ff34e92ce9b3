"""Keys that the user stored for editors that see no shell: in the system's keyring, or a file.

`keys.json` in the user's configuration folder (0600) lists every stored name; the value stands
there only where there is no keyring. So nobody is asked to unlock a keyring for a name that was
never stored in it, and names can be shown without any value.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal

from streetrace_lsp.errors import StreetraceError

from .find import is_foreign
from .grants import VARIABLE
from .lockfile import locked, write_private
from .watched import WatchedFile

Place = Literal["keyring", "file"]

_SERVICE: Final = "streetrace-lsp"
_FILE_NAME: Final = "keys.json"
_FORMAT: Final = 1
_LONGEST_NAME: Final = 200
# What the keyring package itself counts as fit for use without being asked for.
_RECOMMENDED: Final = 1
_OTHERS: Final = 0o077

# The value by name; None: it is in the keyring.
_Entries = dict[str, str | None]


class KeyStoreError(StreetraceError):
    """A key could not be stored, removed or listed; nothing has changed."""


class KeyStore(Mapping[str, str]):
    """The stored keys by the name of their variable.

    ``name in store`` and iterating look at the list of names alone. Taking a value may make the
    system ask the user to unlock the keyring; it is done once for each name. A value that can't
    be had counts as absent; ``fault`` says why the file can't be used.
    """

    def __init__(self, user_dir: Path) -> None:
        self.path = user_dir / _FILE_NAME
        self._file = WatchedFile(self.path, follow=False)
        self._version = -1
        self._entries: _Entries = {}
        self._taken: dict[str, str | None] = {}
        self.fault: KeyStoreError | None = None

    def refresh(self) -> int:
        """Looks whether the store changed, by whomever; gives its version."""
        version = self._file.refresh()
        if version != self._version:
            self._version = version
            self._taken = {}
            try:
                self._entries, self.fault = _read(self._file), None
            except KeyStoreError as error:
                self._entries, self.fault = {}, error
        return version

    def __getitem__(self, name: str) -> str:
        value = self._entries[name]
        if value is None:
            if name not in self._taken:
                self._taken[name] = _from_keyring(name)
            value = self._taken[name]
        if not value:
            raise KeyError(name)
        return value

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def place(self, name: str) -> Place:
        """Where a stored name's value is. Raises ``KeyError``."""
        return "keyring" if self._entries[name] is None else "file"

    def store(self, name: str, value: str, *, in_file: bool = False) -> Place:
        """Stores ``value``; in the keyring where there is one, unless ``in_file``.

        Returns where it went. Raises `KeyStoreError`.
        """
        _check(name, value)
        self.refresh()
        if in_file and self._entries.get(name, "") is None:
            # What is in the keyring would stay there, and nobody would know of it.
            self.remove(name)
        ring = None if in_file else _keyring()
        if ring is not None:
            _tell_keyring(lambda: ring.set_password(_SERVICE, name, value))
        self._change(lambda entries: {**entries, name: None if ring is not None else value})
        return "file" if ring is None else "keyring"

    def remove(self, name: str) -> bool:
        """Removes a key; whether it was there. Raises `KeyStoreError`."""
        self.refresh()
        if self.fault:
            raise self.fault
        if name not in self._entries:
            return False
        ring = _keyring() if self._entries[name] is None else None
        if ring is not None:
            _forget(ring, name)
        self._change(lambda entries: {key: v for key, v in entries.items() if key != name})
        return True

    def _change(self, change: Callable[[_Entries], _Entries]) -> None:
        try:
            with locked(self.path):
                # By a look of its own: another process may just have written.
                fresh = WatchedFile(self.path, follow=False)
                fresh.refresh()
                entries = change(_read(fresh))
                names = {name: {"value": value} if value else {} for name, value in entries.items()}
                content = {"version": _FORMAT, "keys": dict(sorted(names.items()))}
                write_private(self.path, json.dumps(content, indent=1).encode())
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise KeyStoreError(
                f"Nothing could be stored in {self.path}: {reason}.",
                "Make the folder writable, or set STREETRACE_CONFIG_DIR.",
            ) from None
        self.refresh()


_REPAIR: Final = "Correct or remove that file, then try again."


def _read(file: WatchedFile) -> _Entries:
    found = file.found
    if file.fault:
        raise KeyStoreError(f"{file.path} can't be used: {file.fault}.", _REPAIR)
    if found is None:
        return {}
    if is_foreign(found.owner):
        raise KeyStoreError(f"{file.path} belongs to another user.", _REPAIR)
    if os.name == "posix" and found.mode & _OTHERS:
        raise KeyStoreError(
            f"{file.path} can be read by other users, so its keys are not used.",
            f"Run: chmod 600 {file.path}",
        )
    try:
        content = json.loads(found.data)
        if content["version"] != _FORMAT:
            raise ValueError("another version of the format")
        return {str(name): _value(entry) for name, entry in content["keys"].items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        raise KeyStoreError(f"{file.path} is damaged.", _REPAIR) from None


def _value(entry: dict[str, Any]) -> str | None:
    value = entry.get("value")
    return None if value is None else str(value)


def _check(name: str, value: str) -> None:
    if not VARIABLE.fullmatch(name) or len(name) > _LONGEST_NAME:
        raise KeyStoreError(
            "That is not the name of a variable.", "Write a name such as OPENAI_API_KEY."
        )
    if not value.strip():
        raise KeyStoreError("The key is empty.", "Nothing was stored.")
    if any(ord(character) < ord(" ") or ord(character) == 0x7F for character in value):
        raise KeyStoreError(
            "The key holds a line break or another control character.", "Nothing was stored."
        )


def _keyring() -> Any:
    """The system's keyring, None where the package or a keyring behind it is missing."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        ring = keyring.get_keyring()
        return ring if float(ring.priority) >= _RECOMMENDED else None
    except (KeyringError, RuntimeError, OSError):
        return None


def _from_keyring(name: str) -> str | None:
    ring = _keyring()
    if ring is None:
        return None
    try:
        value = ring.get_password(_SERVICE, name)
    except Exception:  # Back ends raise errors of their own; the user said no, or it is locked.
        return None
    return None if value is None else str(value)


def _tell_keyring(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception as error:
        # Its text is not shown: nobody knows what a back end puts into it.
        raise KeyStoreError(
            f"The keyring of this system did not take it ({type(error).__name__}).",
            "Unlock it and try again, or store the key in a private file with --file.",
        ) from None


def _forget(ring: Any, name: str) -> None:
    from keyring.errors import PasswordDeleteError

    try:
        ring.delete_password(_SERVICE, name)
    except PasswordDeleteError:
        # Somebody removed it there already.
        return
    except Exception as error:
        raise KeyStoreError(
            f"The keyring of this system did not remove it ({type(error).__name__}).",
            "Unlock it and try again.",
        ) from None
