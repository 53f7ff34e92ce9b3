"""Helix's ``languages.toml``: where it is, what it has, and which languages a project has."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, Final

import tomli

from streetrace_lsp.cli.files import FileError, read_text

# Where Helix's name is another than LSP's identifier.
_HELIX: Final = {
    "csharp": "c-sharp",
    "javascriptreact": "jsx",
    "shellscript": "bash",
    "typescriptreact": "tsx",
}
# Data and prose: who wants a model there names them.
_NOT_CODE: Final = frozenset({"json", "markdown", "plaintext", "toml", "xml", "yaml"})


@dataclass(frozen=True)
class Entry:
    """A language's entry; ``servers`` by name, None where Helix's own stay."""

    servers: tuple[str, ...] | None


@dataclass(frozen=True)
class Written:
    """What a file has: its languages, and the names of the servers that it describes."""

    languages: Mapping[str, Entry] = field(default_factory=dict)
    servers: frozenset[str] = frozenset()


def languages_file() -> Path:
    """The person's own file (Helix's documentation, "Languages")."""
    if os.name == "nt":
        return Path(os.environ.get("APPDATA") or Path.home()) / "helix/languages.toml"
    folder = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(folder) / "helix/languages.toml"


def read_languages(path: Path) -> Written:
    """What the file has; nothing where there is none. Raises `FileError`."""
    if not path.exists():
        return Written()
    try:
        content = tomli.loads(read_text(path))
    except tomli.TOMLDecodeError as error:
        raise FileError(f"{path} is not TOML: {error}.", "Mend it first.") from None
    listed, servers = content.get("language"), content.get("language-server")
    entries = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return Written(
        {str(entry.get("name")): _entry(entry) for entry in entries},
        frozenset(servers) if isinstance(servers, dict) else frozenset(),
    )


def _entry(entry: dict[str, Any]) -> Entry:
    servers = entry.get("language-servers")
    if not isinstance(servers, list):
        return Entry(None)
    names = (one.get("name") if isinstance(one, dict) else one for one in servers)
    return Entry(tuple(str(name) for name in names))


def languages_below(root: Path) -> list[str]:
    """The programming languages of a folder's files, by Helix's names, the most used first."""
    from streetrace_lsp.chat.workspace import paths
    from streetrace_lsp.prompts.languages import language_of

    found = Counter(language_of(PurePath(path)) for path in paths(root))
    return [_HELIX.get(name, name) for name, _ in found.most_common() if name not in _NOT_CODE]


def as_written(text: str) -> str:
    """A TOML string (JSON's escapes are TOML's)."""
    return json.dumps(text, ensure_ascii=False)
