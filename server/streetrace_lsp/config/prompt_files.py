"""The files that actions have their prompts in: read once, and used as they were read.

A project's prompt file is as much somebody else's text as its `.streetrace.toml`: its bytes are
part of what a person trusts. Only text files in the folder of the configuration file are read, so
that `prompt_file` leads to no key and no other file of the user.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .find import FileBytes, UnreadableError, inside, read_file
from .findings import Finding
from .odd_actions import odd_prompt
from .readable import escaped
from .watched import WatchedFile

if TYPE_CHECKING:
    from .model import Settings

LARGEST_PROMPT: Final = 32 * 1024
SUFFIXES: Final = (".md", ".txt")
_WHICH: Final = "Name a UTF-8 text file in the folder of the configuration file or below it."
_BOTH: Final = "it has both prompt and prompt_file. Remove one of them."


@dataclass(frozen=True)
class Prompts:
    """The settings with the prompts of their files in them, and what those files are.

    ``digests``: by the name in the configuration the sha256 of the bytes, None for a file that
    can't be used. ``lines``: what stands in the files, to be shown to people.
    """

    settings: Settings
    findings: tuple[Finding, ...] = ()
    digests: Mapping[str, str | None] | None = None
    lines: tuple[str, ...] = ()


class PromptFiles:
    """The prompt files beside one configuration file, read again only when they change."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, WatchedFile] = {}

    def refresh(self) -> tuple[int, ...]:
        """Looks whether one of them changed; gives their versions."""
        return tuple(file.refresh() for file in self._files.values())

    def versions(self) -> tuple[int, ...]:
        """Their versions as of the last look."""
        return tuple(file.version for file in self._files.values())

    def into(self, settings: Settings) -> Prompts:
        """``settings`` with each ``prompt_file`` read into ``prompt``, or with the fault there."""
        named = {
            name: action.prompt_file
            for name, action in settings.actions.items()
            if action.prompt_file is not None
        }
        self._files = {file: self._watched(file) for file in named.values()}
        if not named:
            return Prompts(settings)
        actions = dict(settings.actions)
        findings: list[Finding] = []
        for name, file in named.items():
            if actions[name].prompt is not None:
                actions[name] = actions[name].with_prompt("", _BOTH)
                continue
            text, fault, step = _text(file, self._files[file])
            actions[name] = actions[name].with_prompt(text, f"{fault} {step}".strip())
            path = ("actions", name, "prompt_file")
            if fault:
                findings.append(Finding(path, "value", "prompt-file", fault, step))
            findings += odd_prompt(path, text, file)
        return Prompts(
            settings.model_copy(update={"actions": actions}),
            tuple(findings),
            {
                file: sha256(read.found.data).hexdigest() if read.found is not None else None
                for file, read in sorted(self._files.items())
            },
            tuple(_lines(self._files)),
        )

    def _watched(self, file: str) -> WatchedFile:
        known = self._files.get(file)
        if known is None:
            known = WatchedFile(self._folder / file, read=partial(_read, self._folder))
            known.refresh()
        return known


def _read(folder: Path, path: Path) -> FileBytes:
    """The bytes of a prompt file. Raises ``FileNotFoundError`` and `UnreadableError`."""
    real = Path(os.path.realpath(path))
    if not inside(real, folder):
        raise UnreadableError("it lies outside the folder of the configuration file")
    # Of the real file: a link called prompt.md may lead to .env.
    if real.suffix.lower() not in SUFFIXES:
        raise UnreadableError(f"a prompt file ends with {' or '.join(SUFFIXES)}")
    found = read_file(real, follow=False, largest=LARGEST_PROMPT)
    try:
        text = found.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"it is not UTF-8 (byte {error.start})") from None
    if not text.strip():
        raise UnreadableError("it is empty")
    return found


def _text(file: str, read: WatchedFile) -> tuple[str, str, str]:
    """The prompt; or why there is none, and what to do."""
    if read.found is not None:
        return read.found.data.decode("utf-8-sig"), "", ""
    if read.fault:
        return "", f"{escaped(file)} can't be used: {read.fault}.", _WHICH
    return "", f"{escaped(file)} does not exist.", "Create it, or correct the name."


def _lines(files: Mapping[str, WatchedFile]) -> Iterator[str]:
    for name, read in sorted(files.items()):
        if read.found is None:
            yield f"{name}: not there, or it can't be used"
            continue
        for line in read.found.data.decode("utf-8-sig").splitlines():
            yield f"{name}: {line}"
