"""``streetrace-lsp run``: one action on one file, from a shell or in CI."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from streetrace_lsp.cli.asking import ask_for, ask_for_commit, place_of, project_at
from streetrace_lsp.cli.folders import state_dir, user_dir
from streetrace_lsp.cli.give import give
from streetrace_lsp.cli.headless import require_trust
from streetrace_lsp.cli.say import say
from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.prompts.actions import COMMIT, Action, actions
from streetrace_lsp.prompts.build import Ask
from streetrace_lsp.requests.account import account
from streetrace_lsp.requests.commit import message_of
from streetrace_lsp.requests.display import escape_controls
from streetrace_lsp.requests.job import Outcome, Progress, RefusedError
from streetrace_lsp.requests.job import run as run_job

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.routing.session import Session


def add_parser(subparsers: Any) -> None:
    """Add the subcommand."""
    words = "run an action on a file: print the answer, or the edit as a diff"
    parser = subparsers.add_parser(
        "run",
        help=words,
        description=words,
        epilog="exit status: 0 done, 1 the backend failed, 2 refused: an argument, the "
        "configuration, trust, a budget, or an edit that can't be placed; nothing is written then",
    )
    parser.add_argument("action", metavar="ACTION", help="explain, fix, refactor … or your own")
    parser.add_argument(
        "place",
        nargs="?",
        metavar="PATH[:START-END]",
        help="the file and its lines, counted from 1; one line means the function around it; "
        "for commit, which describes what git has staged, a folder of the project (default: here)",
    )
    parser.add_argument("--instruction", default="", help="what to do, in your words")
    parser.add_argument(
        "--diagnostic",
        action="append",
        default=[],
        metavar="TEXT",
        help="what a compiler or linter says about the lines; can be given several times",
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--diff", action="store_true", help="print the edit as a diff (the default)")
    how.add_argument("--write", action="store_true", help="write the edit into the file")
    how.add_argument(
        "--preview", action="store_true", help="show exactly what would be sent, and send nothing"
    )
    whom = parser.add_mutually_exclusive_group()
    whom.add_argument("--model", help="the target to use, such as ollama/qwen2.5-coder")
    whom.add_argument(
        "--models", metavar="A,B,…", help="ask several targets and show what each of them says"
    )
    parser.add_argument("--fresh", action="store_true", help="ask again, whatever [cache] kept")
    parser.add_argument("--record", type=Path, metavar="DIR", help="record the exchange for replay")


def run(arguments: argparse.Namespace) -> int:
    """Run one action. Exit status: 0 done, 1 the backend failed, 2 refused."""
    if arguments.models is not None and arguments.preview:
        raise StreetraceError(
            "--preview shows what one model would be sent.", "Choose it with --model."
        )
    if arguments.models is not None and (arguments.write or arguments.record):
        raise StreetraceError(
            "--models compares, and neither writes nor records.", "Choose one model with --model."
        )
    if arguments.place is None and arguments.action != COMMIT.name:
        raise StreetraceError(f"{arguments.action} needs a file.", "Write PATH:START-END after it.")
    try:
        return asyncio.run(_run(arguments))
    except RefusedError as error:
        if error.refusals:
            # Not where a diff would stand, which may go on to another program.
            print(f"{escape_controls(error.partial).rstrip()}\n", file=sys.stderr)
        else:
            _show_partial(error)
        if error.reply is not None:
            say(f"Answered by {account(error.reply)}.")
        say(error.sentence)
        return 2


async def _run(arguments: argparse.Namespace) -> int:
    from streetrace_lsp.config.load import load
    from streetrace_lsp.config.located import located
    from streetrace_lsp.config.switch import SwitchStore
    from streetrace_lsp.requests.target import route_for
    from streetrace_lsp.routing.events import BackendError
    from streetrace_lsp.routing.session import begin

    commits = arguments.action == COMMIT.name
    place = project_at(arguments.place or ".") if commits else place_of(arguments.place)
    path, root = place.path, place.root
    state = state_dir()
    configuration = load(
        path,
        root,
        environ=os.environ,
        user_dir=user_dir(),
        state_dir=state,
        switched=SwitchStore(state).target(root),
    )
    for problem in configuration.problems:
        if problem.severity == "error":
            say(f"{located(problem)}: {problem.message} {problem.suggestion}".strip())
    require_trust(configuration)
    arguments.model, arguments.instruction = _named_model(arguments, configuration)
    if commits:
        ask = await asyncio.to_thread(ask_for_commit, place, arguments, configuration)
    else:
        action = _action(actions(configuration.settings.actions), arguments)
        ask = ask_for(action, place, arguments, configuration)
    session = begin(state, log=lambda _: None, warn=say)
    try:
        if arguments.preview:
            return await _preview(ask, arguments.model, session, configuration)
        if arguments.models is not None:
            return await _compare(arguments.models, ask, session, configuration)
        chosen = await route_for(configuration, ask.action.name, arguments.model, session.host)
        outcome = await run_job(
            ask,
            chosen,
            session,
            configuration,
            on_progress=_show_progress(),
            fresh=arguments.fresh,
        )
    except BackendError as error:
        _clear_progress()
        _show_partial(error)
        say(error.sentence)
        return 1
    finally:
        await session.close()
        _clear_progress()
    say(f"Answered by {account(outcome.reply)}.")
    if arguments.record:
        _record(arguments.record, outcome)
    settings = configuration.settings
    if arguments.write and settings.previews:
        said = "confirm = true" if settings.confirm else 'review = "preview"'
        say(f"The configuration says {said}, so nothing is written. The diff:")
        arguments.write = False
    return _give(arguments, root, outcome)


def _show_partial(error: StreetraceError) -> None:
    """What a model had written of an answer that can't be used."""
    if error.partial.strip():
        print(escape_controls(error.partial).rstrip())


def _named_model(
    arguments: argparse.Namespace, configuration: Configuration
) -> tuple[str | None, str]:
    """The model and the instruction: its first words may name a target."""
    from streetrace_lsp.routing.selector import select

    selection = None
    if not arguments.model and arguments.models is None:
        selection = select(arguments.instruction, configuration.settings)
    if selection is None:
        return arguments.model, arguments.instruction
    say(f"“{selection.words}”: {selection.target}")
    return selection.target, selection.rest


async def _preview(
    ask: Ask, model: str | None, session: Session, configuration: Configuration
) -> int:
    from streetrace_lsp.requests.preview import as_markdown, preview
    from streetrace_lsp.routing.route import route

    way = route(configuration, ask.action.name, model)
    made = await preview(ask, way, session, configuration)
    print(escape_controls(as_markdown(made.page)))
    return 0


async def _compare(given: str, ask: Ask, session: Session, configuration: Configuration) -> int:
    from streetrace_lsp.requests.compare import compare
    from streetrace_lsp.review.side_by_side import side_by_side

    targets = [target.strip() for target in given.split(",") if target.strip()]
    if not targets:
        raise StreetraceError("--models names no target.", "Write --models A,B.")
    found = await compare(ask, targets, session, configuration, on_progress=_show_progress())
    _clear_progress()
    print(escape_controls(side_by_side(found)))
    return 0 if any(one.error is None for one in found) else 1


def _give(arguments: argparse.Namespace, root: Path, outcome: Outcome) -> int:
    if outcome.plan is None:
        commits = arguments.action == COMMIT.name
        said = message_of(outcome.answer) if commits else outcome.answer
        print(escape_controls(said).rstrip())
        return 0
    if outcome.confirm:
        say(" ".join(outcome.confirm))
        if arguments.write:
            say("Not written: look at the diff (--diff), then apply it yourself.")
            return 2
    status = give(root, outcome.bases, outcome.plan, write=arguments.write)
    if outcome.answer.strip() and not arguments.write:
        print(f"\n{escape_controls(outcome.answer.strip())}", file=sys.stderr)
    return status


def _record(folder: Path, outcome: Outcome) -> None:
    from streetrace_lsp.modelhost.recordings import record

    reply = outcome.reply
    usage = reply.usage
    written = record(
        folder,
        reply.target.model,
        outcome.prompt.messages,
        chunks=reply.text.splitlines(keepends=True),
        finish_reason=reply.reason,
        usage={
            "prompt_tokens": usage.prompt_tokens,
            "completion_tokens": usage.completion_tokens,
        }
        if usage
        else None,
    )
    say(f"Recorded {written}.")


def _action(known: dict[str, Action], arguments: argparse.Namespace) -> Action:
    action = known.get(arguments.action)
    if action is None:
        names = ", ".join(sorted(known))
        raise StreetraceError(f"There is no action “{arguments.action}”.", f"There are: {names}.")
    if action.fault:
        raise StreetraceError(action.fault)
    if action.wants == "instruction" and not arguments.instruction.strip():
        raise StreetraceError(f"{action.title} needs words.", "Add --instruction “…”.")
    if action.wants == "diagnostic" and not arguments.diagnostic:
        raise StreetraceError(f"{action.title} needs one.", "Add --diagnostic “…”.")
    return action


def _show_progress() -> Any:
    if not sys.stderr.isatty():
        return lambda _: None

    def show(progress: Progress) -> None:
        count = f", {progress.characters:,} characters" if progress.characters else ""
        print(f"\r\x1b[K{escape_controls(progress.message)}{count}", end="", file=sys.stderr)

    return show


def _clear_progress() -> None:
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr)
