"""``streetrace-lsp usage``: what was asked, how long it took and what it cost."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from streetrace_lsp.cli.files import FileError, located, workspace_root
from streetrace_lsp.cli.folders import state_dir, user_dir
from streetrace_lsp.cli.say import say
from streetrace_lsp.requests.usage.since import DEFAULT, first_day

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.requests.usage.chart import Paint, Style
    from streetrace_lsp.requests.usage.report import Report

_COLOURS: Final = (34, 32, 33, 35, 31, 36, 90)
_WIDEST: Final = 120
_NARROWEST: Final = 40


def add_parser(subparsers: Any) -> None:
    """Add the subcommand."""
    words = "show what was asked and what it cost, by day and model"
    parser = subparsers.add_parser(
        "usage",
        help=words,
        description="Shows what was asked and what it cost, by day, project and model, from the "
        "history on this machine. Contacts nobody.",
        epilog="exit status: 0 shown, also when nothing was asked yet; 2 it could not be done: an "
        "argument is wrong, the history can't be read, or FILE can't be written",
    )
    parser.add_argument(
        "--since",
        metavar="WHEN",
        default=DEFAULT,
        help="from this day on, YYYY-MM-DD, or 7d, 4w, 3m: days, weeks, months with today "
        "included (default: %(default)s)",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--project",
        metavar="PATH",
        help="only what was asked in the project of this path, or below a folder",
    )
    where.add_argument("--all", action="store_true", help="of all projects (the default)")
    parser.add_argument(
        "--svg", metavar="FILE", help="write the plot to FILE, a picture for browsers; - prints it"
    )
    parser.add_argument("--json", action="store_true", help="as JSON (see docs/usage.md)")


def run(arguments: argparse.Namespace) -> int:
    """Exit status: 0 shown, 2 it could not be done."""
    from streetrace_lsp.requests.usage.data import as_data
    from streetrace_lsp.requests.usage.page import page

    today = date.today()
    first = first_day(arguments.since, today)
    report = asyncio.run(_gather(first, today, arguments.project))
    if arguments.svg:
        _write_svg(arguments.svg, report)
    if arguments.json:
        print(json.dumps(as_data(report), indent=1))
    elif not arguments.svg:
        _print("\n".join(page(report, _style())))
    return 0


async def _gather(first: date, today: date, project: str | None) -> Report:
    from streetrace_lsp.ledger.ledger import Ledger
    from streetrace_lsp.requests.usage.report import gather

    here = located(Path.cwd() if project is None else project)
    configuration = _configuration(here)
    only = None
    if project is not None:
        own = configuration.project
        only = str(own.root if own is not None else here)
    ledger = Ledger(state_dir(), say)
    try:
        return await gather(ledger, first, today, project=only, here=configuration)
    finally:
        await ledger.close()


def _configuration(here: Path) -> Configuration:
    from streetrace_lsp.config.load import load

    # A folder stands for any file in it.
    document = here if here.is_file() else here / "any"
    return load(
        document,
        workspace_root(document),
        environ=os.environ,
        user_dir=user_dir(),
        state_dir=state_dir(),
    )


def _write_svg(name: str, report: Report) -> None:
    from streetrace_lsp.requests.usage.svg import svg

    picture = svg(report)
    if name == "-":
        _print(picture.rstrip("\n"))
        return
    path = Path(name)
    try:
        path.write_text(picture, "utf-8", newline="\n")
    except OSError as error:
        raise FileError(
            f"{path} can't be written: {error.strerror}.", "Name another file after --svg."
        ) from None
    say(f"Wrote {path}.")


def _style() -> Style:
    from streetrace_lsp.requests.usage.chart import Style

    columns = shutil.get_terminal_size((80, 24)).columns
    columns = max(_NARROWEST, min(columns, _WIDEST))
    return Style(columns, blocks=_can_write("▁█│└─"), paint=_paint())


def _paint() -> Paint:
    # https://no-color.org: set to anything but nothing.
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    if plain or not sys.stdout.isatty():
        return lambda text, _: text

    def paint(text: str, place: int) -> str:
        if not text.strip():
            return text
        colour = 36 if place < 0 else _COLOURS[place % len(_COLOURS)]
        return f"\x1b[{colour}m{text}\x1b[0m"

    return paint


def _print(text: str) -> None:
    encoding = sys.stdout.encoding or "ascii"
    print(text.encode(encoding, "backslashreplace").decode(encoding))


def _can_write(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
