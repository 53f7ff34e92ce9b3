"""What the words for a model mean among what is configured."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from streetrace_lsp.config.providers import PROVIDERS, find_provider

from .configured import ConfiguredModel, configured_models
from .selector_words import MAKERS, MISSPELT, MODEL_WORDS, NO_MAKERS, SHY_WORDS, Strength

if TYPE_CHECKING:
    from streetrace_lsp.config.model import Settings

_PART: Final = re.compile(r"[a-z]+|\d+")
_DATE: Final = re.compile(r"[-@](?:\d{8}|\d{6}|\d{4}-\d{2}-\d{2})(?=$|[-:])|[-:]latest$")


@dataclass(frozen=True, slots=True)
class Named:
    """A target that words name, the backend that it belongs to, and how surely it is meant."""

    target: str
    backend: str | None
    strength: Strength

    def surely(self) -> Named:
        """The same, said in a way that leaves no doubt."""
        return replace(self, strength=Strength.EXACT)


class Names:
    """The names of all that is configured. ``only``: within this backend."""

    def __init__(self, settings: Settings, only: str | None = None) -> None:
        self._settings = settings
        self._only = only
        self._models = [
            entry for entry in configured_models(settings) if only in {None, entry.backend}
        ]
        self._default = self._backend_of(settings.model) if settings.model else None

    def within(self, backend: str) -> Names:
        """What of it belongs to ``backend``."""
        return Names(self._settings, backend)

    def find(self, words: Sequence[str], *, misspelt: bool = False) -> Named | None:
        """What ``words`` mean; None when they name nothing, or several things alike."""
        spoken = [word.lower() for word in words]
        if misspelt:
            spoken = [MISSPELT.get(word, word) for word in spoken]
        named = self._by_name(spoken) if len(spoken) <= 2 else None
        return named or self._by_words(spoken)

    def _by_name(self, words: list[str]) -> Named | None:
        if len(words) == 2:
            backend = self._backend(words[0])
            for entry in self._models:
                role = (entry.role or "").lower()
                if backend is not None and (entry.backend, role) == (backend, words[1]):
                    return Named(entry.target, backend, Strength.EXACT)
            return None
        word = words[0]
        for pool in self._settings.pools if self._only is None else ():
            if pool.lower() == word:
                return Named(pool, None, self._of_a_name(word))
        backend = self._backend(word)
        if backend is not None:
            return Named(backend, backend, self._of_a_name(word))
        return self._by_path(word) if "/" in word else None

    def _by_path(self, word: str) -> Named | None:
        for entry in self._models:
            heads = {(entry.backend or entry.provider).lower(), entry.provider}
            model = entry.model.lower()
            paths = {f"{head}/{name}" for head in heads for name in (model, _undated(model))}
            if word == entry.target.lower() or word in paths:
                return Named(entry.target, entry.backend, Strength.EXACT)
        return None

    def _by_words(self, words: list[str]) -> Named | None:
        exact, alike = [], []
        holders = [word for word in words if self._holds(word)]
        parts = Counter(part for word in words for part in _PART.findall(word))
        if any(not _PART.search(word) for word in words):
            return None
        for entry in self._models:
            wanted = Counter(parts)
            for word in holders:
                if self._is_of(entry, word):
                    wanted.subtract(_PART.findall(word))
            has = Counter(_PART.findall(entry.model.lower()))
            undated = Counter(_PART.findall(_undated(entry.model.lower())))
            if parts in (has, undated) or +wanted in (has, undated):
                exact.append(entry)
            elif not (+wanted - has) and _versions_agree(+wanted, undated):
                alike.append(entry)
        strength = self._strength(words, holders)
        if exact and (strength or _is_telling("".join(words))):
            return self._only_one(exact, words, Strength.EXACT)
        if strength is None:
            return None
        alone = self._backend_alone(words, strength) if len(holders) == len(words) else None
        return alone or self._whole(alike, strength) or self._only_one(alike, words, strength)

    def _strength(self, words: list[str], holders: list[str]) -> Strength | None:
        known = [word for word in words if word in MODEL_WORDS | SHY_WORDS or word in holders]
        if not known:
            first = _PART.findall(words[0])
            return Strength.MODEL if first and first[0] in MODEL_WORDS else None
        if len(words) > 1:
            return Strength.EXACT
        return Strength.MODEL if words[0] in MODEL_WORDS else Strength.NAME

    def _backend_alone(self, words: list[str], strength: Strength) -> Named | None:
        """The backend whose provider the words name, when there is one, or the default one."""
        fitting = [
            name
            for name in self._settings.backends
            if self._only in {None, name}
            and all(word == name.lower() or self._provider(name) == _maker(word) for word in words)
        ]
        if self._default in fitting:
            fitting = [self._default] if self._default else fitting
        return Named(fitting[0], fitting[0], strength) if len(fitting) == 1 else None

    def _whole(self, found: Sequence[ConfiguredModel], strength: Strength) -> Named | None:
        """The one backend all of whose models these are: its roles decide among them."""
        backends = {entry.backend for entry in found}
        backend = backends.pop() if len(backends) == 1 else None
        all_of_it = [entry for entry in self._models if entry.backend == backend]
        if backend is None or len({entry.model for entry in found}) < 2:
            return None
        return Named(backend, backend, strength) if len(all_of_it) == len(found) else None

    def _only_one(
        self, found: Sequence[ConfiguredModel], words: list[str], strength: Strength
    ) -> Named | None:
        """The one model among these; the default backend's where several backends have it."""
        if not found:
            return None
        backends = list(dict.fromkeys(entry.backend for entry in found))
        if len(backends) > 1:
            own = [entry for entry in found if entry.backend and entry.backend.lower() in words]
            default = [entry for entry in found if entry.backend == self._default]
            found = own or (default if self._default else [])
        models = {(entry.backend, entry.model) for entry in found}
        if len(models) != 1:
            return None
        entry = found[0]
        if entry.backend is None:
            return Named(entry.target, None, strength)
        deployed = self._settings.backends[entry.backend].deployments
        target = entry.target if deployed else f"{entry.backend}/{entry.model}"
        return Named(target, entry.backend, strength)

    def _holds(self, word: str) -> bool:
        return _maker(word) is not None or self._backend(word) is not None

    def _is_of(self, entry: ConfiguredModel, word: str) -> bool:
        named = entry.backend is not None and entry.backend.lower() == word
        return named or entry.provider == _maker(word)

    def _backend(self, word: str) -> str | None:
        names: Iterable[str] = self._settings.backends
        return next(
            (name for name in names if name.lower() == word and self._only in {None, name}), None
        )

    def _backend_of(self, target: str) -> str | None:
        head = target.partition("/")[0]
        return head if head in self._settings.backends else None

    def _provider(self, backend: str) -> str:
        name = self._settings.backends[backend].provider
        found = find_provider(name)
        return found.name if found is not None else name

    def _of_a_name(self, name: str) -> Strength:
        if name in MODEL_WORDS:
            return Strength.MODEL
        return Strength.EXACT if _is_telling(name) else Strength.NAME


def _maker(word: str) -> str | None:
    if word in MAKERS:
        return MAKERS[word]
    if word in NO_MAKERS:
        return None
    found = find_provider(word)
    return found.name if found is not None and found.name in PROVIDERS else None


def _undated(model: str) -> str:
    return _DATE.sub("", model)


def _versions_agree(wanted: Counter[str], has: Counter[str]) -> bool:
    """A version that is said is the whole of it: `gpt-4` is not gpt-4-turbo."""
    if not any(part.isdigit() for part in wanted):
        return True
    return not any(part not in MODEL_WORDS for part in (has - wanted))


def _is_telling(name: str) -> bool:
    """Whether it looks like the name of a model, and not like a word."""
    return any(character.isdigit() or character in "-_.:" for character in name)
