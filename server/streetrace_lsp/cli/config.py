"""``streetrace-lsp config``: what the configuration files say, and what is wrong in them."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from streetrace_lsp.cli.files import FileError, located, workspace_root
from streetrace_lsp.cli.folders import state_dir, user_dir
from streetrace_lsp.cli.say import say
from streetrace_lsp.requests.display import escape_controls

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.config.problems import Problem

_DONE, _ERRORS, _NO_FILE = 0, 1, 2


def add_parser(subparsers: Any) -> None:
    """Add the subcommand."""
    words = "check the configuration files, or show what they come to"
    parser = subparsers.add_parser("config", help=words, description=words)
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    check = verbs.add_parser(
        "check",
        help="check .streetrace.toml and your own config.toml, for example in CI",
        description="Checks .streetrace.toml and your own config.toml. Needs no network, no key "
        "and no trust.",
        epilog="exit status: 0 no error (warnings count as none), 1 errors, 2 no file",
    )
    _add_path(check, "a configuration file, or a file or folder of the project")
    show = verbs.add_parser(
        "show",
        help="show which files are used, or with --effective what holds",
        description="Shows which files are used and how far they are trusted; with --effective "
        "every value in force and where it comes from. Keys are never shown.",
        epilog="exit status: 0; why a file does not count is said on standard error",
    )
    show.add_argument(
        "--effective", action="store_true", help="every value in force, with its source"
    )
    _add_path(show, "a file or folder of the project")


def _add_path(parser: argparse.ArgumentParser, words: str) -> None:
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help=words)


def run(arguments: argparse.Namespace) -> int:
    """Exit status of `check`: 0 no error, 1 errors, 2 no file. Of `show`: 0."""
    path = located(arguments.path)
    if not path.exists():
        raise FileError(f"{path} does not exist.", "Name a file or folder of the project.")
    if arguments.verb == "check":
        return _check(path)
    return _show(path, effective=arguments.effective)


def _check(path: Path) -> int:
    alone = path.is_file() and path.suffix == ".toml"
    if alone:
        problems = _of_one_file(path)
        files = [path]
    else:
        # An empty state folder: nothing is trusted, so nothing is looked up for the project.
        with tempfile.TemporaryDirectory() as nothing:
            configuration = _load(path, Path(nothing))
        files = _files(configuration)
        problems = [*configuration.problems, *_odd_models(configuration)]
    for problem in problems:
        print(escape_controls(_line(problem)))
    if not files and not problems:
        say(f"There is no .streetrace.toml for {path}, and no config.toml of your own.")
        return _NO_FILE
    errors = sum(problem.severity == "error" for problem in problems)
    if not problems:
        print(escape_controls("\n".join(f"{file}: no problems" for file in files)))
    return _ERRORS if errors else _DONE


def _odd_models(configuration: Configuration) -> Iterator[Problem]:
    """Models that are probably misspelt in the file that holds: the project's, else one's own."""
    from streetrace_lsp.authoring.odd_models import odd_models

    for file in _files(configuration)[:1]:
        yield from odd_models(file, _text(file), configuration, lambda _: ())


def _of_one_file(path: Path) -> list[Problem]:
    from streetrace_lsp.config.check import check
    from streetrace_lsp.config.find import UnreadableError, read_file

    try:
        found = read_file(path)
    except UnreadableError as error:
        raise FileError(f"{path} can't be read: {error}.") from None
    from_project = path != located(user_dir() / "config.toml")
    private = os.name != "posix" or not found.mode & 0o077
    checked = check(path, found.data, from_project=from_project, private=private)
    problems = list(checked.problems)
    from streetrace_lsp.authoring.odd_models import odd_models
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.config.findings import place
    from streetrace_lsp.config.odd_addresses import barred_targets, unusable_addresses
    from streetrace_lsp.config.odd_targets import odd_targets
    from streetrace_lsp.config.prompt_files import PromptFiles
    from streetrace_lsp.config.variables import Variables

    if checked.settings is not None:
        read = PromptFiles(path.parent).into(checked.settings)
        problems += place(path, checked.text, read.findings)
        odd = odd_targets(checked.settings, checked.settings, own_base=False)
        problems += place(path, checked.text, odd)
        here = Variables(os.environ)
        reach = [
            *unusable_addresses(checked.settings, here, from_project=from_project),
            *barred_targets(checked.settings, checked.settings, here, from_project=from_project),
        ]
        problems += place(path, checked.text, reach)
        alone = Configuration(checked.settings)
        problems += odd_models(path, checked.text, alone, lambda _: ())
    elif checked.partial is not None:
        own = checked.partial.settings
        odd = checked.partial.about_the_rest(odd_targets(own, own, own_base=False))
        problems += place(path, checked.text, odd)
    return problems


def _line(problem: Problem) -> str:
    """``file:line:column: severity: message``, as compilers write it: editors can jump to it."""
    before = _text(problem.path)[: problem.start]
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    words = f"{problem.message} {problem.suggestion}".strip()
    return f"{problem.path}:{line}:{column}: {problem.severity}: {words} [{problem.code}]"


def _text(path: Path) -> str:
    """The text that places are counted in; empty where it can't be read."""
    from streetrace_lsp.config.find import UnreadableError, read_file

    try:
        return read_file(path).data.decode("utf-8", "replace")
    except (UnreadableError, FileNotFoundError):
        return ""


def _show(path: Path, *, effective: bool) -> int:
    configuration = _load(path, state_dir())
    if effective:
        for words in _reservations(configuration):
            say(words)
        from streetrace_lsp.config.effective import effective as values

        rows = [(key, shown, str(source)) for key, shown, source in values(configuration)]
        wide = max((len(f"{key} = {shown}") for key, shown, _ in rows), default=0)
        wide = min(wide, 60)
        for key, shown, source in rows:
            print(escape_controls(f"{f'{key} = {shown}':<{wide}}  # {source}"))
        return _DONE
    from streetrace_lsp.config.plain_trust import plain_trust

    if configuration.user_path.is_file():
        print(escape_controls(f"{configuration.user_path} (your own)"))
    if configuration.project is not None:
        trust = plain_trust(configuration.project)
        print(escape_controls(f"{configuration.project.path} ({trust.words})"))
        if trust.next_step:
            print(escape_controls(trust.next_step))
    if not _files(configuration):
        print(escape_controls(f"No file. Your own would be {configuration.user_path}."))
    return _DONE


def _reservations(configuration: Configuration) -> Iterator[str]:
    """Why the values in force are not all that the files say."""
    from streetrace_lsp.config.plain_trust import plain_trust

    if configuration.fault is not None:
        yield configuration.fault.sentence
    project = configuration.project
    # Of a file that can't be used nobody is asked whether to trust it.
    asks = project is not None and (configuration.fault is None or project.question is not None)
    if project is not None and asks and project.status in {"restricted", "denied"}:
        trust = plain_trust(project)
        yield f"{project.path}: {trust.words}. {trust.next_step}".strip()


def _load(path: Path, state: Path) -> Configuration:
    from streetrace_lsp.config.load import load
    from streetrace_lsp.config.switch import SwitchStore

    document = path / "any" if path.is_dir() else path
    root = workspace_root(document)
    return load(
        document,
        root,
        environ=os.environ,
        user_dir=user_dir(),
        state_dir=state,
        switched=SwitchStore(state).target(root),
    )


def _files(configuration: Configuration) -> list[Path]:
    project = [configuration.project.path] if configuration.project else []
    user = [configuration.user_path] if configuration.user_path.is_file() else []
    return [*project, *user]
