"""Paths as replies write them: on a line above a block, or in a fence's info string."""

from __future__ import annotations

import re

from streetrace_lsp.edits.intents import Label

_PREFIX = re.compile(
    r"^(?:#{1,6}\s+|[-*+]\s+|\d+[.)]\s+|//\s*|#\s*|--\s*|<!--\s*|/\*\s*)?"
    r"(?:(?:new |updated |modified )?(?:file|filename|filepath|path)\s*:\s*)?",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"\s*(?:-->|\*/)?\s*$")
_PATH = re.compile(r"[\w@.~\-+()\[\]{}%&!,=$/\\]+")
_LOOKS = re.compile(r"[/\\]|\.(?:[A-Za-z]\w{1,11}|[cdhlmrsvyCHRS])$|^\.[A-Za-z]")
# Names that end as a file does and are none.
_NO_FILES = re.compile(
    r"(?:node|vue|next|nuxt|react|express|three|d3|deno|ember|backbone|angular|solid|alpine|chart"
    r"|bun)\.js|asp\.net|vb\.net|ml\.net|socket\.io|\w+\.(?:com|org|io|net|dev)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"`([^`\s][^`]*)`")
_INFO_KEY = re.compile(
    r"(?:^|\s)(?:path|file|filename|filepath|title|name)\s*[=:]\s*[\"']?([^\"'\s]+)"
)
_LONGEST = 300


def label_of(line: str) -> Label | None:
    """The path that a line above a block names, or None.

    A line that holds nothing but a path is sure of it where it looks like one; a sentence that
    ends with a colon and quotes one path only suggests it.
    """
    if len(line) > _LONGEST:
        return None
    text = _SUFFIX.sub("", line).strip()
    text = _PREFIX.sub("", text, count=1).strip()
    quoted = [name for name in _QUOTED.findall(text) if _is_path(name)]
    bare = text.rstrip(":").strip().strip("*_").strip().rstrip(":").strip("`\"'").strip()
    if _PATH.fullmatch(bare):
        return Label(bare, _is_path(bare)) if bare.strip(".") else None
    if len(set(quoted)) == 1 and re.sub(r"[*_`:\s]", "", text) == re.sub(r"\s", "", quoted[0]):
        return Label(quoted[0], True)
    if len(set(quoted)) == 1 and text.rstrip("*_ ").endswith(":"):
        return Label(quoted[0], False)
    return None


def _is_path(text: str) -> bool:
    return (
        _LOOKS.search(text) is not None
        and not text.endswith(("/", "\\", "."))
        and not _NO_FILES.fullmatch(text)
    )


def label_of_info(info: str) -> Label | None:
    """The path in a fence's info string: ``python path=a.py``, ``python:a.py``, ``a.py``."""
    keyed = _INFO_KEY.search(info)
    if keyed:
        return Label(keyed[1], True)
    for word in info.split():
        name = re.sub(r"^[\w+#-]*:(?!//|\\)", "", word) if ":" in word else word
        if _PATH.fullmatch(name) and _is_path(name) and not name.startswith("{"):
            return Label(name, True)
    return None
