"""A comparison of models as a Markdown page: a table, then what each of them said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from streetrace_lsp.edits.characters import escaped
from streetrace_lsp.requests.compare import Compared, table, withheld
from streetrace_lsp.review.unified import unified


def side_by_side(found: Sequence[Compared]) -> str:
    """The page, without a title: a table, what was withheld, what each of them said.

    What a model said is quoted as it is, its edit as a diff.
    """
    head, *rows = table(found)
    lines = [_row(head), _row(tuple("---" for _ in head)), *map(_row, rows)]
    parts = ["\n".join(lines)]
    if kept_back := withheld(found):
        parts.append(f"Not sent to the models: {'; '.join(escaped(one) for one in kept_back)}.")
    return "\n\n".join([*parts, *(_said(one) for one in found)])


def said_by(one: Compared) -> str:
    """What one model said: its answer, its edit as a unified diff, or why there is none."""
    if one.error is not None:
        return one.error.sentence
    assert one.outcome is not None  # noqa: S101 - it is the one or the other
    plan, bases = one.outcome.plan, one.outcome.bases
    if plan is None:
        return one.outcome.answer.strip()
    return "".join(unified(path, bases.get(path), new) for path, new in plan.files.items())


def _said(one: Compared) -> str:
    text = said_by(one)
    if one.outcome is not None and one.outcome.plan is not None:
        text = escaped(text)
        longest = max((len(run) for run in re.findall("`+", text)), default=0)
        fence = "`" * max(3, longest + 1)
        text = f"{fence}diff\n{text}{fence}"
    return f"## {one.target}\n\n{text}"


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
