"""The command line's reference page, made from the parser itself."""

from __future__ import annotations

import argparse
from functools import partial

from streetrace_lsp.cli.main import parser

# argparse measures the terminal; a page has one width.
_FORMATTER = partial(argparse.HelpFormatter, width=90)


def cli_page() -> str:
    """docs/cli.md: the help of every subcommand, and of those below it."""
    top = parser()
    parts = [
        "# Command line\n",
        "<!-- Written by tools/generate-docs from server/streetrace_lsp/cli/. Do not edit. -->\n",
        _block(top),
    ]
    for name, command in _subcommands(top).items():
        parts += [f"## {name}\n", _block(command)]
        for verb, below in _subcommands(command).items():
            parts += [f"### {name} {verb}\n", _block(below)]
    return "\n".join(parts)


def _subcommands(top: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _block(command: argparse.ArgumentParser) -> str:
    command.formatter_class = _FORMATTER
    return f"```text\n{command.format_help()}```\n"
