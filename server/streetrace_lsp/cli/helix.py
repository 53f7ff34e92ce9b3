"""``streetrace-lsp helix``: what Helix's ``languages.toml`` needs for some languages."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from streetrace_lsp.cli.files import FileError, located, workspace_root
from streetrace_lsp.cli.helix_health import Helix, Unknown, find
from streetrace_lsp.cli.helix_languages import (
    Entry,
    as_written,
    languages_below,
    languages_file,
    read_languages,
)
from streetrace_lsp.cli.say import say

# A chat is Markdown and the configuration is TOML: without these two, half of it is missing.
_ALWAYS = {
    "markdown": "# Chats and answers are Markdown.",
    "toml": "# Help in .streetrace.toml and in your own config.toml.",
}
_NAME = "streetrace"
# Formatting, completion and the like stay with the servers of the language.
_FOR_CODE = f'{{ name = "{_NAME}", only-features = ["code-action", "workspace-command"] }}'


def add_parser(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "helix",
        help="print what Helix's languages.toml needs",
        description="Prints what to add to Helix's languages.toml: the server, an entry for each "
        "language with Helix's own servers kept in front (hx is asked for them), and those of "
        "Markdown, for chats, and TOML, for the configuration. What your file has already is not "
        "printed; standard error says what to add to it.",
        epilog="Save it with: streetrace-lsp helix python >> ~/.config/helix/languages.toml; "
        "exit status: 0 printed, 2 not: your file can't be read, or Helix knows no such language",
    )
    parser.add_argument(
        "languages",
        nargs="*",
        metavar="LANGUAGE",
        help="as Helix calls it, such as python, rust or tsx; without any, those of this folder",
    )


def run(arguments: argparse.Namespace) -> int:
    """Exit status 0 when it was printed. Raises `StreetraceError` when it was not."""
    root = workspace_root(located(Path.cwd()) / "any")
    own, projects = languages_file(), root / ".helix/languages.toml"
    written, before = read_languages(own), read_languages(projects)
    wanted = list(dict.fromkeys([*(arguments.languages or languages_below(root)), *_ALWAYS]))
    servers = _servers(wanted)
    blocks = [] if _NAME in written.servers else [_server()]
    advice = []
    for language in wanted:
        entry = written.languages.get(language)
        if entry is None:
            blocks.append(_block(language, servers[language]))
        elif words := _missing(language, entry, servers[language]):
            advice.append(f"{own} has {language} already. {words}")
        # Helix takes the list of a project before that of the person.
        above = before.languages.get(language)
        if above and above.servers and (words := _missing(language, above, None)):
            advice.append(f"{projects} has {language} too, and Helix prefers it. {words}")
    if blocks:
        # Behind what is there, whether its last line is ended or not.
        print(*([""] if own.exists() and own.stat().st_size else []), "\n\n".join(blocks), sep="\n")
    elif not advice:
        say(f"{own} has {', '.join(wanted)} already: there is nothing to add.")
    for sentence in advice:
        say(sentence)
    return 0


def _servers(wanted: Sequence[str]) -> Mapping[str, tuple[str, ...] | None]:
    """The servers that Helix starts for each language; None where nobody can tell.

    Raises `FileError` for a language that Helix does not know.
    """
    helix = find()
    if not isinstance(helix, Helix):
        say(f"{helix} So Helix's own servers are not known: see the comments in what is printed.")
        return dict.fromkeys(wanted)
    found = {}
    for language in wanted:
        answer = helix.servers(language)
        if isinstance(answer, Unknown):
            near = get_close_matches(language, answer.similar)
            like = f"Did you mean {' or '.join(near)}?" if near else ""
            raise FileError(f"Helix knows no language “{language}”. Nothing was printed.", like)
        found[language] = answer
    return found


def _server() -> str:
    """The table of the server itself."""
    command = "streetrace-lsp"
    if shutil.which(command) is None:
        command = str(Path(sys.argv[0]).absolute())
    return f"[language-server.{_NAME}]\ncommand = {as_written(command)}"


def _block(language: str, servers: tuple[str, ...] | None) -> str:
    """The entry of one language."""
    lines = [_ALWAYS[language]] if language in _ALWAYS else []
    if servers is None:
        lines += [
            "# Not known here: the servers that Helix itself starts. This list replaces them, so",
            f"# add those that you use: hx --health {language}",
        ]
    lines += ["[[language]]", f"name = {as_written(language)}"]
    return "\n".join([*lines, f"language-servers = {_list(language, servers or ())}"])


def _list(language: str, servers: tuple[str, ...]) -> str:
    names = [as_written(server) for server in servers if server != _NAME]
    if language in _ALWAYS:
        # In front: some requests, such as hover, Helix sends to the first server alone.
        return f"[{', '.join([as_written(_NAME), *names])}]"
    above = f"\n  {', '.join(names)}," if names else ""
    return f"[{above}\n  {_FOR_CODE},\n]"


def _missing(language: str, entry: Entry, servers: tuple[str, ...] | None) -> str:
    """What to add to an entry that a file has already; empty where nothing is missing."""
    if entry.servers is not None and _NAME in entry.servers:
        return ""
    what = as_written(_NAME) if language in _ALWAYS else _FOR_CODE
    if entry.servers is not None:
        return f"Add to its language-servers: {what}"
    names = [*map(as_written, servers or ())]
    names = [what, *names] if language in _ALWAYS else [*names, what]
    return f"Add to it: language-servers = [{', '.join(names)}]"
