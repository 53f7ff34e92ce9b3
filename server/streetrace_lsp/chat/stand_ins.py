"""What the place-holders in a chat's answers stand for.

A place-holder means something in its answer alone: another request may have given it to another
secret. While the server runs the secrets are in memory. Afterwards a slow, salted digest of each
is left, by which it is known again where it stands in a file; no secret is written down.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from streetrace_lsp.prompts.redaction import tokens_in
from streetrace_lsp.prompts.secrets import find_secrets

_MOST: Final = 500
# So many answers of a chat are remembered beyond the end of the server.
_MOST_KEPT: Final = 50
# scrypt takes some ten milliseconds with this (RFC 7914), and 4 MiB.
_COST: Final = 2**12


class Store(Protocol):
    """Keeps a record for each chat, for its owner alone."""

    def read(self, uri: str) -> Any:
        """The record, or None."""

    def write(self, uri: str, record: dict[str, Any]) -> bool:
        """Replace the record. Raises OSError."""


@dataclass(frozen=True)
class _Answer:
    chat: str
    text: str
    secrets: Mapping[str, str] = field(repr=False)


class StandIns:
    """The secrets that were withheld from the questions of chats."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._answers: deque[_Answer] = deque(maxlen=_MOST)

    def learn(self, chat: str, text: str, secrets: Mapping[str, str]) -> None:
        """``secrets`` by the place-holders that stood for them where ``text`` is the answer.

        Takes a hundredth of a second for each place-holder in the answer. Raises OSError where
        it can't be kept beyond the end of the server.
        """
        if not secrets:
            return
        self._answers.append(_Answer(chat, _plain(text), secrets))
        said = {token: secrets[token] for token in tokens_in(text) if token in secrets}
        if said:
            salt = os.urandom(16)
            known = {value: _digest(value, salt) for value in said.values()}
            digests = {token: known[value] for token, value in said.items()}
            kept = {"text": _plain(text), "salt": salt.hex(), "digests": digests}
            self._store.write(chat, {"answers": [*self._kept(chat), kept][-_MOST_KEPT:]})

    def meant(self, chat: str, code: str, files: Mapping[str, str]) -> dict[str, str]:
        """The secrets of the request that led to this piece of an answer, by place-holder.

        ``files``: texts by path, where a secret of an earlier run of the server may stand. A
        place-holder that may stand for one thing or another is left out.
        """
        piece = _plain(code)
        answers = [one for one in reversed(self._answers) if piece in one.text]
        # The answer may also stand in a chat that was forked, or have been changed by a person.
        answers.sort(key=lambda one: one.chat != chat)
        found = dict(answers[0].secrets) if answers else {}
        missing = [token for token in dict.fromkeys(tokens_in(code)) if token not in found]
        for token in missing:
            # The rest of an answer that was continued comes from a request of its own.
            values = {one.secrets[token] for one in self._of(chat) if token in one.secrets}
            if len(values) == 1:
                found[token] = values.pop()
        missing = [token for token in missing if token not in found]
        return found | (self._known_again(chat, piece, missing, files) if missing else {})

    def _of(self, chat: str) -> Iterator[_Answer]:
        return (one for one in self._answers if one.chat == chat)

    def _known_again(
        self, chat: str, piece: str, tokens: Iterable[str], files: Mapping[str, str]
    ) -> dict[str, str]:
        """What of an earlier run of the server is known by its digest."""
        values = {
            text[one.start : one.end]
            for name, text in files.items()
            for one in find_secrets(text, name)
        }
        found: dict[str, str] = {}
        for kept in reversed(self._kept(chat)):
            if piece not in kept["text"]:
                continue
            salt = bytes.fromhex(kept["salt"])
            known = {_digest(value, salt): value for value in values}
            for token in tokens:
                if token not in found and (value := known.get(kept["digests"].get(token))):
                    found[token] = value
        return found

    def _kept(self, chat: str) -> list[dict[str, Any]]:
        record = self._store.read(chat)
        answers = record.get("answers") if isinstance(record, dict) else None
        return [one for one in answers if _is_kept(one)] if isinstance(answers, list) else []


def _is_kept(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and isinstance(one.get("text"), str)
        and isinstance(one.get("digests"), dict)
        and isinstance(salt := one.get("salt"), str)
        and len(salt) == 32
        and not set(salt) - set("0123456789abcdef")
    )


def _digest(value: str, salt: bytes) -> str:
    data = value.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(data, salt=salt, n=_COST, r=8, p=1, dklen=32).hex()


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
