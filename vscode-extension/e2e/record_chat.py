"""Writes the recorded answers of the chat's story: ``record_chat.py PROJECT``.

As in ``record.py`` the requests are made by the server's own code.
"""

from __future__ import annotations

import sys
from pathlib import Path

from streetrace_lsp.chat.messages import Attached, Said, whole
from streetrace_lsp.modelhost.recordings import record
from streetrace_lsp.prompts.actions import BUILT_IN, COMMIT
from streetrace_lsp.prompts.build import Ask, Snapshot, build
from streetrace_lsp.prompts.withheld import Rules
from streetrace_lsp.requests.staged import NAME as STAGED
from streetrace_lsp.requests.staged import staged

FILE = "receipt.py"
QUESTION = f"@file {FILE}\n\nWhat does `{FILE}` do?"
ANSWER = (
    "It writes what a customer of the shop gets to read: a line for each item, and the total.\n"
)
# What the model says that was picked for a second answer.
BETTER = "It forgets the quantity of each item, and writes the receipt.\n"
FIX = f"@file {FILE}\n\n/fix"
FIXED = f"""The quantity is ignored:

{FILE}
```python
<<<<<<< SEARCH
        total += item.price
=======
        total += item.price * item.quantity
>>>>>>> REPLACE
```
"""
MESSAGE = "Count the quantity of each item\n"


def main(project: Path) -> None:
    recordings = project / "recordings"
    text = (project / FILE).read_text(encoding="utf-8")
    file = Attached(f"File {FILE}", text, "python")
    fix = next(action for action in BUILT_IN if action.name == "fix")
    asked = Said("you", QUESTION, (file,))
    first = whole([asked]).messages
    record(recordings, "quick", first, chunks=ANSWER.splitlines(keepends=True))
    record(recordings, "careful", first, chunks=[BETTER])
    turns = [
        asked,
        Said("assistant", BETTER.strip()),
        Said("you", FIX, (file, Attached("/fix means", fix.prompt))),
    ]
    record(recordings, "careful", whole(turns).messages, chunks=FIXED.splitlines(keepends=True))
    diff = staged(project, Rules()).diff
    ask = Ask(COMMIT, Snapshot(STAGED, diff, "diff"), 0, len(diff))
    record(recordings, "careful", build(ask).messages, chunks=[MESSAGE])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
