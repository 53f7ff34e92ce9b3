"""`streetrace-lsp schema`: the JSON Schema of a configuration file, for editors."""

from __future__ import annotations

import argparse
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand to the program's parser."""
    parser = subparsers.add_parser(
        "schema", help="print the JSON Schema of .streetrace.toml, for TOML plugins of editors"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the schema; gives the exit status."""
    from streetrace_lsp.config.reference import schema_text

    print(schema_text(), end="")
    return 0
