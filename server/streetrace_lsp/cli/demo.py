"""``streetrace-lsp demo``: the main job on a sample project, through the real server."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from streetrace_lsp.review.unified import unified

_SAMPLE = Path(__file__).parent / "sample"
_FILE = "prices.py"
_MINUTES = 15


def add_parser(subparsers: Any) -> None:
    """Add the subcommand."""
    words = "run Fix and Explain on a sample project, through the real server and an LSP client"
    parser = subparsers.add_parser("demo", help=words, description=words)
    parser.add_argument(
        "--model", help="a target such as ollama/qwen2.5-coder; recorded answers otherwise"
    )
    parser.add_argument(
        "--sample", type=Path, default=_SAMPLE, help="another copy of the sample project"
    )


def run(arguments: argparse.Namespace) -> int:
    """Show the main job. Exit status 0 when the fix arrived and the answer was shown."""
    with tempfile.TemporaryDirectory(prefix="streetrace-demo-") as folder:
        project = Path(folder).resolve() / "project"
        shutil.copytree(arguments.sample, project, ignore=shutil.ignore_patterns("__pycache__"))
        return asyncio.run(_demo(project, Path(folder) / "state", arguments.model))


async def _demo(project: Path, state: Path, model: str | None) -> int:
    from streetrace_lsp.lsp.demo_client import DemoClient, Screen

    def ask(question: str, choices: list[str]) -> str:
        print(_indented(question))
        print(f"  → {choices[0]}\n")
        return choices[0]

    screen = Screen(tell=lambda message: print(_indented(message)), ask=ask)
    editor = DemoClient(project / _FILE, "python", screen)
    print(f"Starting streetrace-lsp over standard input and output, with {_FILE} open.")
    try:
        async with asyncio.timeout(60 * _MINUTES):
            await editor.start(project, {"STREETRACE_STATE_DIR": str(state)})
            first = editor.text[: editor.text.index("def total")].count("\n")
            last = editor.text[: editor.text.index("def receipt")].count("\n") - 2
            fixed = await _fix(editor, first, last, model)
            explained = fixed and await _explain(editor, first, last, model)
            await editor.stop()
    except TimeoutError:
        print(f"\nNo answer within {_MINUTES} minutes.")
        return 1
    return 0 if explained else 1


async def _fix(editor: Any, first: int, last: int, model: str | None) -> bool:
    offered = await editor.actions(first, last)
    print(f"\nSelected lines {first + 1} to {last}. The editor is offered:")
    print("\n".join(f"  - {action.title}" for action in offered))
    print("\nRunning Fix:")
    before = editor.text
    ending = await editor.choose(_titled(offered, "Streetrace: Fix"), model)
    if ending["state"] != "applied":
        print(_failure(ending))
        return False
    print("\nThe workspace edit that arrived:\n")
    print(unified(_FILE, before, editor.text))
    return True


async def _explain(editor: Any, first: int, last: int, model: str | None) -> bool:
    offered = await editor.actions(first, last)
    print("Running Explain:")
    ending = await editor.choose(_titled(offered, "Streetrace: Explain"), model)
    if ending["state"] != "answered" or not editor.shown:
        print(_failure(ending))
        return False
    print("\nThe Markdown document that was opened:\n")
    print(_indented(_read(editor.shown[-1])))
    return True


def _read(uri: str) -> str:
    return Path(unquote(urlparse(uri).path)).read_text(encoding="utf-8")


def _titled(offered: Any, title: str) -> Any:
    return next(action for action in offered if action.title == title)


def _failure(ending: dict[str, Any]) -> str:
    return f"\nIt ended as {ending['state']}: {ending['message']}"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in text.splitlines())
