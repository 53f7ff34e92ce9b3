"""What the place-holders in a chat's answers stand for, as long as the server runs.

A place-holder means something in its answer alone: another request may have given it to another
secret. The secrets stay in memory; a chat on the disk has the place-holders.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from streetrace_lsp.prompts.redaction import tokens_in

_MOST: Final = 500


@dataclass(frozen=True)
class _Answer:
    chat: str
    text: str
    secrets: Mapping[str, str] = field(repr=False)


class StandIns:
    """The secrets that were withheld from the questions of this session's chats."""

    def __init__(self) -> None:
        self._answers: deque[_Answer] = deque(maxlen=_MOST)

    def learn(self, chat: str, text: str, secrets: Mapping[str, str]) -> None:
        """``secrets`` by the place-holders that stood for them where ``text`` is the answer."""
        if secrets:
            self._answers.append(_Answer(chat, _plain(text), secrets))

    def meant(self, chat: str, code: str) -> dict[str, str]:
        """The secrets of the request that led to this piece of an answer, by place-holder.

        A place-holder that may stand for one thing or another is left out.
        """
        piece = _plain(code)
        answers = [one for one in reversed(self._answers) if piece in one.text]
        # The answer may also stand in a chat that was forked, or have been changed by a person.
        answers.sort(key=lambda one: one.chat != chat)
        found = dict(answers[0].secrets) if answers else {}
        for token in tokens_in(code):
            if token not in found:
                # The rest of an answer that was continued comes from a request of its own.
                values = {one.secrets[token] for one in self._of(chat) if token in one.secrets}
                if len(values) == 1:
                    found[token] = values.pop()
        return found

    def _of(self, chat: str) -> Iterator[_Answer]:
        return (one for one in self._answers if one.chat == chat)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
