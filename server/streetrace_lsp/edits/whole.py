"""A whole new text for a file: what it keeps of the file, and what makes it doubtful."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from streetrace_lsp.edits.guards import placeholder
from streetrace_lsp.edits.locate.file import BOM, FileText
from streetrace_lsp.edits.placing import Refused

# A file this short may be rewritten outright; of a longer one, half of the lines must stay.
_SHORT = 5
_KEPT = 0.5


def whole_text(file: FileText, path: str, block: int, lines: Sequence[str]) -> str:
    """The file's new text, with its EOL, byte order mark and final newline.

    Raises Refused where the lines look like a part of the file: an excerpt must not replace it.
    """
    left_out = placeholder(file.lines, lines)
    if left_out is not None:
        raise Refused("placeholder", f"Edit {block} leaves code out ({left_out}).")
    if not any(line.strip() for line in lines):
        raise Refused("empty", f"Edit {block} would leave {path} empty.")
    old = Counter(line.strip() for line in file.lines if line.strip())
    new = Counter(line.strip() for line in lines if line.strip())
    total, kept = old.total(), (old & new).total()
    if total > _SHORT and kept < total * _KEPT:
        raise Refused(
            "excerpt",
            f"Edit {block} keeps {kept} of the {total} lines of {path}: it may be an excerpt.",
        )
    text = file.eol.join(lines)
    if file.final_newline:
        text += file.eol
    return (BOM if file.bom else "") + text.removeprefix(BOM)
