"""Keys that the editor holds: it tells their names, and a value only when it is asked for one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .grants import VARIABLE
from .key_names import no_key

_LONGEST_NAME = 200
_MOST = 500


class EditorKeys(Mapping[str, str]):
    """The keys by the name of their variable, for `Variables.stored`.

    ``name in keys`` and iterating go by the names that the editor told. Looking up a value that
    was not asked for yet gives nothing and notes the name in ``missing``: who may wait asks the
    editor for it and looks again. ``version`` changes with the names.
    """

    def __init__(self) -> None:
        self._names: frozenset[str] = frozenset()
        self._values: dict[str, str] = {}
        self.missing: set[str] = set()
        self.version = 0

    def tell(self, names: Iterable[str]) -> None:
        """The editor holds these keys from now on. Values that were taken are forgotten.

        What is no name of a key is left out: a setting that were stored as one would stay in
        force where nobody sees it.
        """
        taken = [name for name in names if len(name) <= _LONGEST_NAME][:_MOST]
        self._names = frozenset(
            name for name in taken if VARIABLE.fullmatch(name) and no_key(name) is None
        )
        self._values = {}
        self.missing = set()
        self.version += 1

    def take(self, name: str, value: str | None) -> None:
        """What the editor answered for a name; None or empty: it has none after all."""
        self._values[name] = value or ""
        self.missing.discard(name)

    def __getitem__(self, name: str) -> str:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._values:
            self.missing.add(name)
            raise KeyError(name)
        if not self._values[name]:
            raise KeyError(name)
        return self._values[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._names))

    def __len__(self) -> int:
        return len(self._names)


class Stored(Mapping[str, str]):
    """Several stores of keys as one; the first one that has a value gives it."""

    def __init__(self, *stores: Mapping[str, str]) -> None:
        self.stores = stores

    def __getitem__(self, name: str) -> str:
        for store in self.stores:
            if (value := store.get(name)) is not None:
                return value
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(name in store for store in self.stores)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({name for store in self.stores for name in store}))

    def __len__(self) -> int:
        return len({name for store in self.stores for name in store})
