"""`streetrace-lsp trust`: look at, grant, refuse or take back the trust in a project's file."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from streetrace_lsp.config.configuration import Configuration, Project
from streetrace_lsp.config.find import CONFIG_NAME
from streetrace_lsp.config.grants import Grant, parse_grant
from streetrace_lsp.config.load import ConfigurationSource
from streetrace_lsp.config.located import located
from streetrace_lsp.config.readable import escaped
from streetrace_lsp.config.rules_files import is_rules_file, read_rules, rules_question
from streetrace_lsp.config.trust import real
from streetrace_lsp.errors import StreetraceError

from .folders import state_dir, user_dir

if TYPE_CHECKING:
    from streetrace_lsp.config.question import Question

_DONE, _NOTHING_CHANGED, _USAGE = 0, 1, 2


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand to the program's parser."""
    parser = subparsers.add_parser(
        "trust",
        help="trust the .streetrace.toml of a project, or take it back",
        description="Shows what a project's .streetrace.toml would use, or what its AGENTS.md "
        "says, and asks. Without a terminal and without one of the options below nothing is "
        "changed.",
        epilog="exit status: 0 done, 1 nothing was changed (no terminal, another digest, denied, "
        "a broken file), 2 an argument is wrong",
    )
    parser.add_argument(
        "path",
        nargs="?",
        default=".",
        help="the project's folder, its file, or its AGENTS.md (default: here)",
    )
    parser.add_argument(
        "--grant",
        action="append",
        default=[],
        metavar="ORIGIN=VARIABLE",
        help="allow sending VARIABLE to ORIGIN (ORIGIN alone: requests without a key); "
        "with --sha256 or by itself for a file that is trusted",
    )
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--print", action="store_true", help="show what would be asked, and stop")
    one.add_argument("--sha256", metavar="H", help="trust the file if this is its digest")
    one.add_argument("--yes", action="store_true", help="trust it with everything it asks for")
    one.add_argument("--deny", action="store_true", help="never trust this file")
    one.add_argument(
        "--revoke",
        action="store_true",
        help="forget the answer about this file, and with --grant that permission as well",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Does what the arguments say; gives the exit status: 0 only when it was done."""
    try:
        grants = tuple(parse_grant(text) for text in args.grant)
    except ValueError as error:
        return _failed(f"--grant: {error}.", _USAGE)
    source = ConfigurationSource(environ=os.environ, user_dir=user_dir(), state_dir=state_dir())
    try:
        return _run(args, grants, source)
    except StreetraceError as error:
        return _failed(error.sentence)


def _run(args: argparse.Namespace, grants: tuple[Grant, ...], source: ConfigurationSource) -> int:
    path = Path(os.path.abspath(args.path))  # noqa: PTH100 # resolve() would follow links
    if is_rules_file(path):
        return _rules(args, path, source)
    file = path if path.name == CONFIG_NAME else path / CONFIG_NAME
    if args.deny or args.revoke:
        return _refuse(file, source, grants, deny=args.deny)
    configuration = source.load(file, file.parent)
    project = configuration.project
    if project is None:
        return _failed(_missing(file, configuration))
    if configuration.fault is not None:
        return _failed(configuration.fault.sentence)
    if project.status == "denied":
        return _failed(
            f"{escaped(str(file))} was denied earlier. "
            f"Run: streetrace-lsp trust --revoke {escaped(str(file))}"
        )
    if args.print:
        return _show(project, configuration)
    if grants and not args.sha256 and not args.yes:
        return _grant(project, grants, source)
    if project.question is None:
        if args.sha256 and not _is_pinned(file, args.sha256, source):
            return _failed(
                f"{escaped(str(file))} is trusted with another digest than the one given: it is "
                "not the file you looked at."
            )
        print(_settled(project))
        return _DONE
    status = _decide(args, grants, project.question, source)
    if status == _DONE and project.question.trusts:
        return _decide_rest(args, project.question, file, source)
    return status


def _rules(args: argparse.Namespace, file: Path, source: ConfigurationSource) -> int:
    """The same for a file of rules, which asks for no addresses."""
    if args.deny or args.revoke:
        return _refuse(file, source, (), deny=args.deny)
    rules = read_rules(file, file.parent)
    if rules.fault:
        return _failed(f"{escaped(str(file))}: {rules.fault}.")
    state = source.store.read()
    status, question = rules.status(state), rules_question(rules, state)
    if status == "denied":
        return _failed(
            f"{escaped(str(file))} was denied earlier. "
            f"Run: streetrace-lsp trust --revoke {escaped(str(file))}"
        )
    if args.print:
        print(f"{question.message}\n\nsha256: {question.sha256}\nTo agree, run: {question.command}")
        return _DONE
    if status == "trusted" and args.sha256 in {None, question.sha256}:
        print(f"{escaped(str(file))} is sent along with what you ask.")
        return _DONE
    return _decide(args, (), question, source)


def _decide_rest(
    args: argparse.Namespace, answered: Question, file: Path, source: ConfigurationSource
) -> int:
    """The second question: addresses of the `.env`, which is read after trust alone."""
    project = source.load(file, file.parent).project
    question = project.question if project is not None else None
    if question is None or set(question.grants) <= set(answered.grants):
        return _DONE
    if args.sha256 or args.yes:
        new = [grant for grant in question.grants if grant not in answered.grants]
        print(f"Its .env asks for more, which is not allowed yet: {', '.join(map(str, new))}")
        print(f"To agree, run: {question.command}")
        return _DONE
    _decide(args, (), question, source)
    return _DONE


def _is_pinned(file: Path, sha256: str, source: ConfigurationSource) -> bool:
    pin = source.store.read().pins.get(real(file))
    return pin is None or pin.sha256 == sha256.lower()


def _decide(
    args: argparse.Namespace,
    grants: tuple[Grant, ...],
    question: Question,
    source: ConfigurationSource,
) -> int:
    if args.sha256:
        if args.sha256.lower() != question.sha256:
            return _failed(
                f"{escaped(str(question.path))} has the digest {question.sha256}, not "
                f"{escaped(args.sha256)}: it is not the file you looked at. Nothing was changed."
            )
        return _record(question, grants, source)
    if args.yes:
        return _record(question, (*question.grants, *grants), source)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return _failed(
            f"{question.message}\n\nNothing was changed: there is no terminal to ask on.\n"
            f"To agree, run: {question.command}"
        )
    print(question.message, file=sys.stderr)
    what = "Trust" if question.trusts else "Allow"
    print(f"\n{what}? [y]es, [n]ot now, ne[v]er: ", end="", file=sys.stderr, flush=True)
    answer = sys.stdin.readline().strip().lower()
    if answer in {"y", "yes"}:
        return _record(question, question.grants, source)
    if answer in {"v", "never"}:
        source.store.deny(question.path)
        print(f"Denied: {escaped(str(question.path))}")
        return _NOTHING_CHANGED
    return _failed("Nothing was changed.")


def _record(question: Question, grants: tuple[Grant, ...], source: ConfigurationSource) -> int:
    source.store.answer(question, grants)
    print(f"Trusted: {escaped(str(question.path))}")
    for grant in grants:
        print(f"Allowed: {grant}")
    left = [grant for grant in question.grants if grant not in grants]
    for grant in left:
        print(f"Not allowed, so not used: {grant}")
    return _DONE


def _grant(project: Project, grants: tuple[Grant, ...], source: ConfigurationSource) -> int:
    if project.status != "trusted":
        return _failed(
            f"{escaped(str(project.path))} is not trusted. Add --sha256 with its digest, which "
            "--print shows. Nothing was changed."
        )
    source.store.grant(grants)
    for grant in grants:
        print(f"Allowed: {grant}")
    return _DONE


def _refuse(
    file: Path, source: ConfigurationSource, grants: tuple[Grant, ...], *, deny: bool
) -> int:
    if deny:
        source.store.deny(file)
        print(f"Denied: {escaped(str(file))}")
    else:
        source.store.revoke(file, grants)
        print(f"Forgotten: {escaped(str(file))}")
        for grant in sorted(source.store.read().grants, key=lambda grant: grant.order):
            print(
                f"Still allowed, for any file that you trust: {grant} (--revoke --grant takes it)"
            )
    return _DONE


def _show(project: Project, configuration: Configuration) -> int:
    for problem in configuration.problems:
        if problem.path == project.path:
            words = f"{problem.message} {problem.suggestion}".rstrip()
            print(escaped(f"{located(problem)}: {problem.severity}: {words}"))
    question = project.question
    if question is None:
        print(_settled(project))
        return _DONE
    print(f"{question.message}\n\nsha256: {question.sha256}\nTo agree, run: {question.command}")
    return _DONE


def _settled(project: Project) -> str:
    path = escaped(str(project.path))
    if project.status == "none_needed":
        return f"{path} asks for nothing that needs trust."
    return f"{path} is trusted, and everything it uses is allowed."


def _missing(file: Path, configuration: Configuration) -> str:
    outside = [problem.message for problem in configuration.problems if problem.path == file]
    if outside:
        return " ".join(outside)
    for folder in file.parent.parents:
        if (folder / CONFIG_NAME).is_file():
            return (
                f"There is no {CONFIG_NAME} in {escaped(str(file.parent))}. One stands above it; "
                f"run: streetrace-lsp trust {escaped(str(folder))}"
            )
    return f"There is no {CONFIG_NAME} in {escaped(str(file.parent))}."


def _failed(message: str, status: int = _NOTHING_CHANGED) -> int:
    print(message, file=sys.stderr)
    return status
