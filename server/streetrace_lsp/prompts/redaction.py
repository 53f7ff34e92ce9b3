"""Secrets out of every text that goes to a model, and back into what it answers. Pure.

Each secret is replaced by a token of its own, which the model has to keep. The answer is planned
with the tokens still in it, so that nothing that happens to an answer (a repair round, new
indentation, other line ends) ever touches a secret; then they are put back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from streetrace_lsp.prompts.secrets import Secret, apart, find_secrets

MARKER: Final = "WITHHELD_SECRET"
# A shorter value may stand for something else elsewhere: it is replaced where it was found alone.
_TELLING: Final = 8


# What stands for a secret of an earlier request, under whatever marker.
_EARLIER: Final = re.compile(r"WITHHELD_(?:\d+_)?SECRET_\d{4,}(?!\d)")


def placeholders(text: str) -> int:
    """How many place-holders for secrets of some request stand in a text."""
    return len(tokens_in(text))


def tokens_in(text: str) -> list[str]:
    """The place-holders for secrets of whatever request, as they stand in a text."""
    return _EARLIER.findall(text)


@dataclass(frozen=True, slots=True)
class Held:
    """A secret that was taken out: at ``[start, end)`` of the text, its token at ``at``."""

    start: int
    end: int
    at: int
    token: str
    kind: str


@dataclass(frozen=True)
class Cleaned:
    """A text without its secrets, and what was taken out of it, in order."""

    text: str
    held: tuple[Held, ...] = ()

    def offset(self, original: int, *, end: bool = False) -> int:
        """Where an offset of the original text is in this one.

        Inside a secret it is the beginning of its token, or with ``end`` its end.
        """
        moved = original
        for one in self.held:
            if one.end <= original:
                moved = original - one.end + one.at + len(one.token)
            elif one.start < original:
                return one.at + (len(one.token) if end else 0)
        return moved

    def original(self, offset: int) -> int:
        """Where an offset of this text, which is not inside a token, is in the original one."""
        moved = offset
        for one in self.held:
            if one.at + len(one.token) <= offset:
                moved = offset - (one.at + len(one.token)) + one.end
        return moved


@dataclass(frozen=True)
class Redaction:
    """The texts of one request as they go out, by name, and which token stands for what.

    ``withheld``: what was taken out of which text, in words. A token stands in one text once.
    """

    cleaned: Mapping[str, Cleaned]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    marker: str = MARKER
    withheld: tuple[str, ...] = ()

    def text(self, name: str) -> str:
        """The text of that name as it goes out."""
        return self.cleaned[name].text

    def restored(self, text: str) -> str:
        """``text`` with each token's secret in its place."""
        return self._exact.sub(lambda found: self.secrets.get(found[0], found[0]), text)

    def unfaithful(self, before: str, after: str) -> str | None:
        """What an edit does to the tokens of a file, as a clause; None when each is kept once.

        Both texts have tokens in place of secrets.
        """
        if not self.secrets:
            return None
        old, new = Counter(self._exact.findall(before)), Counter(self._exact.findall(after))
        if any(new[token] < number for token, number in old.items()):
            return "it removes or alters a secret that was withheld from the model"
        if any(number > old[token] for token, number in new.items()):
            return "it puts a secret that was withheld from the model in a second place"
        if len(self._like.findall(after)) > len(self._like.findall(before)):
            return "it has a place-holder in it that stands for nothing"
        return None

    @property
    def _exact(self) -> re.Pattern[str]:
        return re.compile(rf"{re.escape(self.marker)}_\d{{4,}}(?!\d)")

    @property
    def _like(self) -> re.Pattern[str]:
        return re.compile(re.escape(self.marker), re.IGNORECASE)


def redact(texts: Mapping[str, str], told_before: Sequence[str] = ()) -> Redaction:
    """Take the secrets out of texts that go out together; a name may be that of a file.

    What is a secret in one of them is one in all, and so is what gave itself away in a text of
    ``told_before``, which does not go out. The same texts give the same result.
    """
    found = {name: find_secrets(text, name) for name, text in texts.items()}
    values = {
        text[one.start : one.end]: one.kind for text in told_before for one in find_secrets(text)
    }
    if not values and not any(found.values()):
        return Redaction({name: Cleaned(text) for name, text in texts.items()})
    values |= {
        texts[name][one.start : one.end]: one.kind for name, ones in found.items() for one in ones
    }
    telling = {value: kind for value, kind in values.items() if len(value) >= _TELLING}
    marker = _unused(texts)
    numbers = count(1)
    cleaned: dict[str, Cleaned] = {}
    secrets: dict[str, str] = {}
    withheld: list[str] = []
    for name, text in texts.items():
        everywhere = [*found[name], *_occurrences(text, telling)]
        pieces: list[str] = []
        held: list[Held] = []
        done = size = 0
        for one in apart(everywhere):
            token = f"{marker}_{next(numbers):04d}"
            secrets[token] = text[one.start : one.end]
            pieces += [text[done : one.start], token]
            size += one.start - done
            held.append(Held(one.start, one.end, size, token, one.kind))
            size += len(token)
            done = one.end
        cleaned[name] = Cleaned("".join([*pieces, text[done:]]), tuple(held))
        withheld += _words(name, text, held)
    return Redaction(cleaned, secrets, marker, tuple(withheld))


def redact_again(
    texts: Mapping[str, str], reply: str, secrets: Mapping[str, str]
) -> tuple[Redaction, str]:
    """Take the secrets of an earlier request out of texts as they are now, and give the reply to
    that request with the same tokens in it.

    ``secrets``: what each token of the reply stands for. Here all of one value have one token,
    since nobody knows any more which of them stood where.
    """
    marker = _unused({**texts, "": reply})
    tokens: dict[str, str] = {}
    for value in secrets.values():
        tokens.setdefault(value, f"{marker}_{len(tokens) + 1:04d}")
    cleaned = {name: _again(name, text, tokens) for name, text in texts.items()}

    def renamed(found: re.Match[str]) -> str:
        value = secrets.get(found[0])
        return found[0] if value is None else tokens[value]

    back = {token: value for value, token in tokens.items()}
    return Redaction(cleaned, back, marker), _EARLIER.sub(renamed, reply)


def _again(name: str, text: str, tokens: Mapping[str, str]) -> Cleaned:
    """The text with a token for each known value; where one holds another, the longer counts."""
    short = [one for one in find_secrets(text, name) if text[one.start : one.end] in tokens]
    telling = {value: "" for value in tokens if len(value) >= _TELLING}
    found = [*short, *_occurrences(text, telling)]
    pieces: list[str] = []
    held: list[Held] = []
    taken: list[Secret] = []
    for one in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if all(one.end <= other.start or other.end <= one.start for other in taken):
            taken.append(one)
    done = size = 0
    for one in sorted(taken):
        token = tokens[text[one.start : one.end]]
        pieces += [text[done : one.start], token]
        size += one.start - done
        held.append(Held(one.start, one.end, size, token, one.kind))
        size += len(token)
        done = one.end
    return Cleaned("".join([*pieces, text[done:]]), tuple(held))


def _occurrences(text: str, values: Mapping[str, str]) -> list[Secret]:
    found = []
    for value, kind in values.items():
        at = text.find(value)
        while at >= 0:
            found.append(Secret(at, at + len(value), kind))
            at = text.find(value, at + len(value))
    return found


def _unused(texts: Mapping[str, str]) -> str:
    """A marker that stands in none of the texts, in whatever case."""
    folded = "\n".join(texts.values()).lower()
    marker = MARKER
    for number in count(2):
        if marker.lower() not in folded:
            break
        marker = f"WITHHELD_{number}_SECRET"
    return marker


def _words(name: str, text: str, held: list[Held]) -> list[str]:
    if not held:
        return []
    lines = dict.fromkeys(str(text.count("\n", 0, one.start) + 1) for one in held)
    shown = [*lines][:5] + (["…"] if len(lines) > 5 else [])
    kinds = ", ".join(dict.fromkeys(one.kind for one in held))
    number = "a secret" if len(held) == 1 else f"{len(held)} secrets"
    where = f"line {shown[0]}" if len(lines) == 1 else f"lines {', '.join(shown)}"
    return [f"{number} in {name} ({where}: {kinds})"]
