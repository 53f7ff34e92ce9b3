"""Writes the recorded answers of the end-to-end project: ``record.py PROJECT``.

The answers below were chosen by hand; the requests are what the server sends for them, made by
the server's own code, so that a change of the prompts needs no new recording.
"""

from __future__ import annotations

import sys
from pathlib import Path

from streetrace_lsp.modelhost.recordings import record
from streetrace_lsp.prompts.actions import BUILT_IN
from streetrace_lsp.prompts.build import Ask, Snapshot, build

FILE = "receipt.py"
# Three places, each with unchanged lines between them.
CHANGES = (
    ("total += item.price\n", "total += item.price * item.quantity\n"),
    ("total -= discount\n", "total -= total * discount / 100\n"),
    ('f"Total: {total}"', 'f"Total: {total:.2f}"'),
)
WHY = "The quantity was ignored, and the discount is a percentage."


def fixed(text: str) -> str:
    """The answer to *Fix* on the function of the project's file, as a model writes it."""
    function = text[text.index("def receipt") :]
    for old, new in CHANGES:
        assert old in function, old
        function = function.replace(old, new)
    return f"```\n{function}```\n\n{WHY}\n"


def main(project: Path) -> None:
    text = (project / FILE).read_text(encoding="utf-8")
    action = next(action for action in BUILT_IN if action.name == "fix")
    ask = Ask(action, Snapshot(FILE, text, "python"), text.index("def receipt"), len(text))
    record(
        project / "recordings",
        "recorded",
        build(ask).messages,
        chunks=fixed(text).splitlines(keepends=True),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
