"""``streetrace-lsp init``: a first configuration, from this machine or from another tool's file."""

from __future__ import annotations

import argparse
import asyncio
import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from streetrace_lsp.cli.files import FileError, located, repository_or_here
from streetrace_lsp.cli.folders import state_dir, user_dir
from streetrace_lsp.cli.new_file import keep_aside, write_new
from streetrace_lsp.cli.say import say
from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.requests.display import escape_controls

if TYPE_CHECKING:
    from streetrace_lsp.config.draft import Draft
    from streetrace_lsp.config.variables import Variables
    from streetrace_lsp.routing.starting_draft import Start

_DONE = 0


def add_parser(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "init",
        help="write a first .streetrace.toml for what is on this machine",
        description="Looks which model servers run on this machine and which key variables are "
        "set (by name; no key is read or sent), writes a .streetrace.toml for them and trusts "
        "it. With --from it imports another tool's files instead, and looks at nothing else.",
        epilog="exit status: 0 written or printed, 2 not: a file is there already, or one to "
        "import can't be used",
    )
    parser.add_argument(
        "--from",
        dest="sources",
        nargs="+",
        default=[],
        metavar="FILE",
        help="LiteLLM's config.yaml, YAML with a section llm, lists of models and providers, .env",
    )
    parser.add_argument(
        "--user", action="store_true", help="write your own config.toml, for every project"
    )
    parser.add_argument("--print", action="store_true", help="print the text, and write nothing")
    parser.add_argument(
        "--force", action="store_true", help="replace the file that is there; it is kept aside"
    )
    parser.add_argument(
        "--model", metavar="TARGET", help="the target that answers, such as ollama or claude/chat"
    )


def run(arguments: argparse.Namespace) -> int:
    """Exit status 0 when it was written or printed. Raises `StreetraceError` when it was not."""
    from streetrace_lsp.config.draft_text import draft_text

    path = _path(user=arguments.user)
    if os.path.lexists(path) and not arguments.print and not arguments.force:
        raise FileError(
            f"{path} is there already; it stays as it is.",
            "--print shows what would be written, --force replaces it and keeps a copy.",
        )
    if arguments.sources:
        start = _import(arguments.sources, None if arguments.user else path.parent)
    else:
        start = asyncio.run(_look(user=arguments.user))
    draft = start.draft
    if arguments.model:
        _use(draft, arguments.model)
    text = draft_text(draft, [Path(name).name for name in arguments.sources])
    for entry in draft.left_out:
        say(f"not carried over: {entry.sentence}")
    if arguments.print:
        print(text, end="")
        return _DONE
    _write(path, text, force=arguments.force, private=arguments.user)
    _tell(path, start, () if arguments.user else _trust(path, text))
    return _DONE


def _path(*, user: bool) -> Path:
    from streetrace_lsp.config.find import CONFIG_NAME, find_config
    from streetrace_lsp.config.load import USER_CONFIG_NAME

    if user:
        return user_dir() / USER_CONFIG_NAME
    document = located(Path.cwd()) / "any"
    root = repository_or_here(document)
    # One between here and the project's root would hide a new one.
    return find_config(document, root) or root / CONFIG_NAME


def _import(names: list[str], folder: Path | None) -> Start:
    from streetrace_lsp.config.imported import imported
    from streetrace_lsp.routing.starting_draft import Start

    draft = imported([Path(name) for name in names], folder)
    if not draft.backends and not draft.suggestions:
        for entry in draft.left_out:
            say(f"not carried over: {entry.sentence}")
        raise FileError(
            f"Nothing in {', '.join(names)} can be carried over: there is no backend in it, and "
            "no key variable of a provider that is known here.",
            "Nothing was written.",
        )
    count = len(draft.backends)
    what = f"{count} backend{'s' if count != 1 else ''}"
    if not count:
        what = "nothing that can be used as it stands, but what to fill in,"
    shown = f"{what} in {', '.join(names)}"
    # Of one's own file no further question is asked, so what it would do is said here.
    return Start((shown, *(_uses(draft) if folder is None else ())), draft)


def _uses(draft: Draft) -> tuple[str, ...]:
    from streetrace_lsp.config.model import Settings
    from streetrace_lsp.config.question import uses

    backends = Settings.model_validate(draft.table).backends
    started = {name: one.launch for name, one in backends.items() if one.launch}
    asked = [(name, one, False) for name, one in backends.items() if name not in started]
    lines = uses(asked, _variables(), frozenset()).lines
    return (*lines, *(f"{name}: starts {shlex.join(run)}" for name, run in started.items()))


async def _look(*, user: bool) -> Start:
    from streetrace_lsp.routing.host import ModelHost
    from streetrace_lsp.routing.starting_draft import start

    host = ModelHost(log=lambda _: None)
    try:
        return await start(_variables(), host, from_project=not user)
    finally:
        await host.close()


def _variables() -> Variables:
    from streetrace_lsp.config.keyring import KeyStore
    from streetrace_lsp.config.variables import Variables

    keys = KeyStore(user_dir())
    keys.refresh()
    return Variables(os.environ, stored=keys)


def _use(draft: Draft, target: str) -> None:
    """Let ``target`` answer. Raises `StreetraceError` where it means nothing."""
    from streetrace_lsp.config.model import Settings
    from streetrace_lsp.config.pools import pool_of
    from streetrace_lsp.config.target_strings import choose

    settings = Settings.model_validate(draft.table)
    if pool_of(settings, target) is None:
        choose(target, settings, "edit")
    rest = {k: v for k, v in draft.table.items() if k not in {"model", "fallbacks"}}
    draft.table.clear()
    draft.table.update({"model": target, **rest})


def _write(path: Path, text: str, *, force: bool, private: bool) -> None:
    aside = keep_aside(path) if force and os.path.lexists(path) else None
    try:
        write_new(path, text.encode("utf-8"), mode=0o600 if private else 0o644)
    except FileError:
        if aside is not None:
            aside.rename(path)
        raise
    if aside is not None:
        say(f"kept the old file as {aside}")


def _trust(path: Path, text: str) -> tuple[str, ...]:
    """Trust what was just written, and nothing else that stands there by now; what it may not
    use yet, as commands to run.

    Addresses on this machine are granted for requests without a key. Any other came from a file
    that somebody else may have written: a person agrees to it.
    """
    from streetrace_lsp.config.load import ConfigurationSource
    from streetrace_lsp.config.parse import parse
    from streetrace_lsp.config.pin import canonical, digest
    from streetrace_lsp.config.plain_trust import plain_trust

    written = digest(canonical(parse(text.encode("utf-8")).table))
    source = ConfigurationSource(environ=os.environ, user_dir=user_dir(), state_dir=state_dir())
    project = source.load(path, path.parent).project
    question = project.question if project is not None else None
    if project is not None and project.status == "denied":
        return (f"{path.name}: {plain_trust(project).words}.", plain_trust(project).next_step)
    if question is None:
        return ()
    harmless = [g for g in question.grants if g.variable is None and g.origin.loopback]
    if question.sha256 != written:
        changed = "It changed meanwhile, so it is not trusted. Look at it; to agree, run:"
        return (f"{changed} {question.command}",)
    try:
        source.store.answer(question, harmless)
    except StreetraceError as error:
        return (error.sentence,)
    left = source.load(path, path.parent).project
    if left is None or left.question is None:
        return ()
    missing = [f"Not allowed yet, so not used: {grant}" for grant in left.question.grants]
    return (*missing, f"To agree, run: {left.question.command}")


def _tell(path: Path, start: Start, not_allowed: tuple[str, ...]) -> None:
    for words in start.found or ("no model server on this machine, and no key variable",):
        print(escape_controls(f"Found: {words}"))
    model = start.draft.table.get("model")
    answers = f"{model} answers" if model else "no model is chosen in it yet"
    print(escape_controls(f"Wrote {path}: {answers}."))
    for words in not_allowed:
        print(escape_controls(words))
    for variable in start.draft.unset:
        print(escape_controls(f"Next: streetrace-lsp key set {variable}"))
    if start.pull:
        print(f"Next: {start.pull}")
    elif not model:
        print(f"Next: open {path.name}; it shows how to begin.")
    print("Then: streetrace-lsp doctor")
