"""Which files never go into a prompt: what is secret by its name, and what ignore files name.

Ignore files are read as data and matched by pathspec: git is not asked, since a repository's own
configuration can make it start programs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from streetrace_lsp.config.find import read_file
from streetrace_lsp.config.watched import WatchedFile
from streetrace_lsp.edits.paths import folded

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

IGNORE_FILES: Final = (
    ".gitignore",
    ".aiignore",
    ".cursorignore",
    ".aiexclude",
    ".streetraceignore",
)
_EXCLUDE: Final = ".git/info/exclude"
_LARGEST: Final = 1024 * 1024
_MOST_KEPT: Final = 2048

# Compared after NFKC and case folding, as a file system may read a name.
_FOLDERS: Final = frozenset({".git", ".hg", ".svn", ".jj", ".ssh", ".gnupg", ".aws", ".azure"})
_NAMES: Final = re.compile(
    r"\.env.*|.*\.env|[._]netrc|\.pgpass|\.npmrc|\.pypirc|\.htpasswd|\.git-credentials"
    r"|id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?(?:\..*)?|\.dockercfg|kubeconfig"
    r"|.*\.(?:pem|key|p8|p12|pfx|pkcs12|jks|keystore|kdbx?|ppk|crt|cer|der|csr|gpg|pgp|asc"
    r"|ovpn|keytab|tfstate|tfvars)(?:\.(?:bak|backup|old|orig))?"
)
_STARS: Final = re.compile(r"\*+")
# A pattern with more of them could take a matcher minutes.
_MOST_STARS: Final = 6


class IgnoreFiles:
    """The ignore files of a session. Each is parsed again only when it changed."""

    def __init__(self) -> None:
        self._files: dict[Path, WatchedFile] = {}
        self._specs: dict[Path, tuple[int, GitIgnoreSpec | None]] = {}

    def spec(self, file: Path) -> GitIgnoreSpec | None:
        """The patterns of an ignore file; None where there is none. Costs a stat if unchanged.

        Raises `UnreadableIgnoreFile` for one that can't be read: nobody knows what it names.
        """
        version, text = self._read(file)
        kept = self._specs.get(file)
        if kept is None or kept[0] != version:
            kept = (version, _spec(tuple(text.splitlines())) if text.strip() else None)
            self._specs[file] = kept
        return kept[1]

    def exclude_of(self, top: Path) -> Path | None:
        """Where a repository's own ``info/exclude`` is, by gitrepository-layout(5); None: nowhere.

        In a linked work tree and in a submodule ``.git`` is a file that says where the rest is.
        Raises as `spec` does.
        """
        pointer = top / ".git"
        if not pointer.is_file():
            return top / _EXCLUDE
        _, said = self._read(pointer)
        if not said.startswith("gitdir:") or "\0" in said:
            return None
        folder = top / said.removeprefix("gitdir:").strip()
        _, common = self._read(folder / "commondir")
        return folder / common.replace("\0", "").strip() / "info" / "exclude"

    def _read(self, file: Path) -> tuple[int, str]:
        """The text of a file and its version; an empty one where there is no file."""
        if len(self._files) > _MOST_KEPT:
            self._files.clear()
            self._specs.clear()
        watched = self._files.get(file)
        if watched is None:
            watched = WatchedFile(file, read=partial(read_file, largest=_LARGEST))
            self._files[file] = watched
        version = watched.refresh()
        if watched.fault:
            raise UnreadableIgnoreFile(watched.fault)
        found = watched.found
        return version, found.data.decode("utf-8-sig", "replace") if found is not None else ""


class UnreadableIgnoreFile(Exception):  # noqa: N818 - it is what it says
    """An ignore file that is there and can't be read."""


@dataclass(frozen=True)
class Rules:
    """What a person and a project keep out of prompts: ``exclude``, patterns as in `.gitignore`,
    and the ignore files. Make one for each request, with the ``files`` of the session."""

    exclude: Sequence[str] = ()
    files: IgnoreFiles = field(default_factory=IgnoreFiles)


def may_send(root: Path, path: Path, rules: Rules) -> str | None:
    """Why the file at ``path`` may not go into a prompt, as a clause; None where it may.

    ``root``: the workspace folder. The file has to be in it by its name and really. What one rule
    keeps out, no other lets in.
    """
    real, real_root = Path(os.path.realpath(path)), Path(os.path.realpath(root))
    if not real.is_relative_to(real_root):
        return "it lies outside of the workspace folder"
    # A link is judged by what it is called and by what it leads to.
    named = Path(os.path.normpath(path))
    spellings = [real.relative_to(real_root)]
    if named.is_relative_to(root):
        spellings.append(named.relative_to(root))
    for relative in dict.fromkeys(spellings):
        reason = (
            refuse_name(relative)
            or _excluded(relative, rules)
            or _ignored(real_root, relative, rules.files)
        )
        if reason is not None:
            return reason
    return None


def refuse_name(relative: Path) -> str | None:
    """Why a file is never sent, judged by its name and folders alone; None where it may be."""
    *folders, name = folded(relative.as_posix()).split("/")
    for folder in folders:
        if folder in _FOLDERS or folder.startswith(".env"):
            return f"files in {folder} are never sent"
    if _NAMES.fullmatch(name):
        return "files of this name hold secrets, and are never sent"
    return None


def _excluded(relative: Path, rules: Rules) -> str | None:
    if not rules.exclude:
        return None
    spec = _spec(tuple(rules.exclude))
    if any(spec.check_file(part).include for part in _parts(relative)):
        return "exclude under [context] names it"
    return None


def _ignored(root: Path, relative: Path, files: IgnoreFiles) -> str | None:
    """By which ignore file it is kept out. Each kind of them is asked on its own."""
    top = _top(root)
    parts = [*_parts((root / relative).relative_to(top))]
    for name in (*IGNORE_FILES, _EXCLUDE):
        for part in parts:
            try:
                by = _decided(top, part, name, files)
            except UnreadableIgnoreFile as error:
                return f"{name} can't be read ({error}), so nothing below it is sent"
            if by is not None:
                return f"{by} names it"
    return None


def _decided(top: Path, part: str, name: str, files: IgnoreFiles) -> str | None:
    """The ignore file that names this folder or file: the innermost that says anything of it."""
    folders = part.rstrip("/").split("/")[:-1]
    if name == _EXCLUDE:
        folders = []
    for depth in range(len(folders), -1, -1):
        inner = "/".join(folders[:depth])
        place = files.exclude_of(top) if name == _EXCLUDE else top / inner / name
        spec = files.spec(place) if place is not None else None
        if spec is None:
            continue
        found = spec.check_file(part.removeprefix(f"{inner}/") if inner else part)
        if found.include is not None:
            return f"{inner}/{name}".lstrip("/") if found.include else None
    return None


def _top(root: Path) -> Path:
    """The repository around the workspace folder: its ignore files hold as well."""
    for folder in (root, *root.parents):
        if (folder / ".git").exists():
            return folder
    return root


def _parts(relative: Path) -> Iterator[str]:
    """Each folder on the way, from the outermost, and the file: an ignored folder ignores all."""
    whole = relative.as_posix().split("/")
    for depth in range(1, len(whole)):
        yield "/".join(whole[:depth]) + "/"
    yield "/".join(whole)


@lru_cache(maxsize=256)
def _spec(lines: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines([line for line in map(_bounded, lines) if _is_pattern(line)])


def _is_pattern(line: str) -> bool:
    """Whether a line can be read; as in git, one that can't matches nothing."""
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def _bounded(line: str) -> str:
    """The pattern; one that could take too long keeps out more than it says, never less."""
    stars = [*_STARS.finditer(line)]
    if len(stars) <= _MOST_STARS or line.startswith("#"):
        return line
    return "" if line.startswith("!") else line[: stars[_MOST_STARS - 1].end()]
