"""``streetrace-lsp doctor``: does each configured model answer, and if not, what to do."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from streetrace_lsp import __version__
from streetrace_lsp.cli.files import FileError, located, workspace_root
from streetrace_lsp.cli.folders import state_dir, user_dir
from streetrace_lsp.requests.display import escape_controls

if TYPE_CHECKING:
    from streetrace_lsp.config.load import Configuration
    from streetrace_lsp.routing.diagnosis import Diagnosis


def add_parser(subparsers: Any) -> None:
    """Add the subcommand."""
    words = "check the configuration, and each model with a call of one token"
    parser = subparsers.add_parser(
        "doctor",
        help=words,
        description=f"{words[0].upper()}{words[1:]}. The exit status is 0 only when every model "
        "answered. What belongs to a project that you do not trust is not contacted.",
    )
    parser.add_argument(
        "path", nargs="?", default=".", metavar="PATH", help="a file or folder of the project"
    )
    parser.add_argument("--model", metavar="TARGET", help="check this target only")
    parser.add_argument(
        "--json", action="store_true", help="print what is found as JSON (see docs/doctor.md)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print what is found. Exit status 0 when all is right and every target answered."""
    return asyncio.run(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    from streetrace_lsp.cli import doctor_page
    from streetrace_lsp.config.load import load
    from streetrace_lsp.config.switch import SwitchStore
    from streetrace_lsp.routing import findings
    from streetrace_lsp.routing.diagnose import is_default

    document = _document(Path(arguments.path))
    root, state = workspace_root(document), state_dir()
    configuration = load(
        document,
        root,
        environ=os.environ,
        user_dir=user_dir(),
        state_dir=state,
        switched=SwitchStore(state).target(root),
    )
    if not arguments.json:
        _print(doctor_page.head(__version__, configuration))
    found: list[Diagnosis] = []
    async for one in _diagnoses(configuration, arguments.model):
        found.append(one)
        if not arguments.json:
            first = len(found) == 1 and not arguments.model
            default = first and is_default(configuration, one.wanted)
            _print(doctor_page.target(one, default=default))
    healthy = findings.is_healthy(configuration, found)
    if arguments.json:
        print(json.dumps(findings.as_data(__version__, configuration, found), indent=1))
    else:
        _print(doctor_page.end(configuration, found))
    return 0 if healthy else 1


async def _diagnoses(configuration: Configuration, only: str | None) -> AsyncIterator[Diagnosis]:
    from streetrace_lsp.routing.diagnose import diagnose, wanted_targets
    from streetrace_lsp.routing.host import ModelHost
    from streetrace_lsp.routing.launch import LocalServers

    if configuration.fault is not None:
        return
    host = ModelHost(log=lambda _: None)
    servers = LocalServers(log=lambda _: None)
    try:
        wanted = wanted_targets(configuration, only)
        found = diagnose(
            configuration,
            host,
            wanted,
            searching=only is None,
            servers=servers,
            waits=_waits(),
        )
        async for one in found:
            yield one
    finally:
        await host.close()
        await servers.close()


def _waits() -> Callable[[str], None]:
    """Shows whom it waits for, on a terminal: one line, which goes when the name is empty."""
    if not (sys.stdout.isatty() and sys.stderr.isatty()):
        return lambda _: None

    def show(name: str) -> None:
        words = escape_controls(f"Waiting for {name} …") if name else ""
        print(f"\r\x1b[K{words}", end="", file=sys.stderr, flush=True)

    return show


def _document(path: Path) -> Path:
    """A folder stands for any file in it."""
    path = located(path)
    if not path.exists():
        raise FileError(f"{path} does not exist.", "Name a file or folder of the project.")
    return path / "any" if path.is_dir() else path


def _print(lines: list[str]) -> None:
    # What a repository or a server put into it can't steer the terminal.
    print("\n".join(escape_controls(line) for line in lines), flush=True)
