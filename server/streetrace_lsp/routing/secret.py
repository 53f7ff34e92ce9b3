"""Keys: a value that never prints itself, and its removal from other people's text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from streetrace_lsp.modelhost.redact import redact as _redact

HIDDEN: Final = "•••"


class Secret:
    """A key, token or other value that must not appear in a log, an error or a repr.

    Equal to another ``Secret`` of the same value. Refuses to be pickled or copied into JSON.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself; only for sending it to the origin it is bound to."""
        return self._value

    def __repr__(self) -> str:
        return HIDDEN

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(HIDDEN, spec)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> Any:
        raise TypeError("a Secret is not written anywhere")


def redact(text: str, secrets: Iterable[Secret]) -> str:
    """``text`` with every secret's exact value replaced, in each form in which servers echo it."""
    return _redact(text, [secret.reveal() for secret in secrets])
