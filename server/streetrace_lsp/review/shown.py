"""The changes of one document as a person reads them: a diff, and what can't be undone."""

from __future__ import annotations

import re
from collections.abc import Collection

from streetrace_lsp.edits.changes import apply
from streetrace_lsp.edits.characters import escaped
from streetrace_lsp.review.reviewed import Reviewed
from streetrace_lsp.review.unified import unified


def review_text(reviewed: Reviewed, ids: Collection[str], text: str) -> str:
    """Markdown: what undoing these hunks of the present ``text`` would take back, as a diff."""
    undo = reviewed.undoing(ids, text)
    parts = []
    if undo.changes:
        diff = escaped(unified(reviewed.path, apply(text, undo.changes), text))
        longest = max((len(run) for run in re.findall("`+", diff)), default=0)
        fence = "`" * max(3, longest + 1)
        parts.append(f"{fence}diff\n{diff}{fence}")
    parts += [
        f"- {reviewed.path}, line {text.count(chr(10), 0, hunk.start) + 1}: "
        f"can't be undone for you, because {hunk.doubt}"
        for hunk in undo.left
    ]
    return "\n\n".join(parts)
