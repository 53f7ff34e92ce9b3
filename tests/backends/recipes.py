"""The recipes of docs/backends/, so that what is documented and what is tested can't differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PAGES = Path(__file__).resolve().parents[2] / "docs" / "backends"


@dataclass(frozen=True)
class Block:
    """One fenced block of a page: the heading above it, its language, its text."""

    page: str
    heading: str
    language: str
    text: str


def recipe(page: str, heading: str, nth: int = 0) -> str:
    """The TOML block below ``heading`` (its words, any level) in docs/backends/PAGE.md.

    ``nth`` counts the blocks below that heading, from 0. Raises ``LookupError``.
    """
    found = [
        block.text
        for block in blocks(PAGES / f"{page}.md")
        if block.language == "toml" and block.heading == heading
    ]
    if nth >= len(found):
        raise LookupError(f'{page}.md has no TOML block {nth} below "{heading}"')
    return found[nth]


def blocks(path: Path) -> Iterator[Block]:
    """Every fenced block of a Markdown file, in order."""
    heading, language, lines = "", None, list[str]()
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("```") and language is None:
            language, lines = line[3:].strip(), []
        elif line.startswith("```"):
            yield Block(path.stem, heading, language or "", "".join(f"{one}\n" for one in lines))
            language = None
        elif language is not None:
            lines.append(line)
        elif line.startswith("#"):
            heading = line.lstrip("#").strip()
