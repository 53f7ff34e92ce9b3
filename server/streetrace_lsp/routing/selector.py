"""A target that a person names in words, at the start of an instruction: `use claude for this`.

Strict on purpose: words that might belong to the code (`use openai client here`) choose nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .selector_names import Named, Names
from .selector_words import (
    AFTER_SETTINGS,
    AFTER_USE,
    AFTER_WITH,
    AGAIN,
    ARTICLE,
    MODEL,
    OPENER,
    SETTINGS,
    WORD,
    Strength,
)

if TYPE_CHECKING:
    from streetrace_lsp.config.model import Settings

_MOST_WORDS: Final = 4


@dataclass(frozen=True, slots=True)
class Selection:
    """``target``: the target string that was meant. ``rest``: the instruction without the words
    that chose it. ``words``: those words, to show."""

    target: str
    rest: str
    words: str


@dataclass(frozen=True, slots=True)
class _Phrase:
    named: Named
    end: int


def select(instruction: str, settings: Settings) -> Selection | None:
    """The configured target that the start of ``instruction`` names; None when it names none."""
    if not settings.model_selector.enabled:
        return None
    opener = OPENER.match(instruction)
    if opener is None:
        return None
    phrase = _phrase(instruction, opener.end(), opener[1].lower(), Names(settings))
    if phrase is None:
        return None
    words = instruction[: phrase.end].strip().rstrip(",:;").rstrip()
    return Selection(phrase.named.target, instruction[phrase.end :].lstrip(), words)


def _phrase(text: str, start: int, opener: str, names: Names) -> _Phrase | None:
    article = ARTICLE.match(text, start)
    own = article is not None and article[1].lower() in {"my", "our"}
    words = _words(text, article.end() if article else start)
    for count in range(len(words), 0, -1):
        end = words[count - 1].end() - len(_trailing(words[count - 1][0]))
        spoken = [_bare(word[0]) for word in words[:count]]
        if own and (settings := SETTINGS.match(text, end)):
            return _of_settings(text, settings.end(), names.find(spoken, misspelt=True), names)
        named = names.find(spoken)
        if named is None:
            continue
        model = MODEL.match(text, end)
        if model is not None:
            named, end = named.surely(), model.end()
        elif article is not None and named.strength < Strength.EXACT:
            # `use the gemini …` speaks of something else.
            continue
        after = AFTER_WITH if opener == "with" else AFTER_USE
        match = after[named.strength].match(text, end)
        if match is not None:
            return _Phrase(named, match.end())
    return None


def _of_settings(text: str, end: int, named: Named | None, names: Names) -> _Phrase | None:
    """`my openai settings`, and perhaps `use gpt-4 …` of theirs behind it."""
    if named is None:
        return None
    again = AGAIN.match(text, end)
    if again is not None and (opener := OPENER.match(text, again.end())):
        within = names.within(named.backend) if named.backend else names
        return _phrase(text, opener.end(), "use", within)
    match = AFTER_SETTINGS.match(text, end)
    return _Phrase(named, match.end()) if match else None


def _words(text: str, start: int) -> list[re.Match[str]]:
    found: list[re.Match[str]] = []
    while len(found) < _MOST_WORDS:
        match = WORD.match(text, start)
        if match is None:
            break
        found.append(match)
        start = match.end()
        if _trailing(match[0]) or text[start : start + 1] not in {" ", "\t"}:
            break
        while text[start : start + 1] in {" ", "\t"}:
            start += 1
    return found


def _bare(word: str) -> str:
    return word.rstrip(":.")


def _trailing(word: str) -> str:
    return word[len(_bare(word)) :]
