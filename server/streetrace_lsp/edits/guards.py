"""What makes an edit suspicious although its place is certain."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from streetrace_lsp.edits.locate.file import FileText, telling, trailing
from streetrace_lsp.edits.locate.tiers import Match

_LEADER = r"(?://+|#+|--+|;+|%+|/\*+|\*|<!--|\{/\*|\"\"\"|''')"
_TAIL = r"(?:\*+/\}?|-->|\"\"\"|''')?"
_WHAT = (
    r"(?:code|codes|function|functions|method|methods|implementation|implementations|class"
    r"|classes|file|files|content|contents|logic|body|import|imports|field|fields|section"
    r"|sections|line|lines|part|parts|definition|definitions|test|tests|case|cases|component"
    r"|components|properties|attributes|config|configuration|module|stuff|things|it)"
)
_KEPT = (
    r"(?:unchanged|unmodified|untouched|as[ -]is|as before|the same|same as before|stays?"
    r"|remains?|goes|here|omitted|same|above|below|elided|truncated|no changes?)"
)
_PLACEHOLDERS = (
    # … rest of the code …, with dots and words, as a comment or bare
    re.compile(
        rf"{_LEADER}?\s*[\[(<]?\s*(?:\.{{3,}}|…)\s*[\[(<]?\s*(?:the |your |all |of |my )*"
        rf"(?:(?:rest|remainder|remaining|existing|other|previous|original|unchanged|same|more"
        rf"|keep|omitted|code|unmodified|similar)\b.{{0,60}})[\])>]?\s*{_TAIL}",
        re.IGNORECASE,
    ),
    # a comment of nothing but dots, or with dots at its end
    re.compile(rf"{_LEADER}\s*(?:\.{{3,}}|…)\s*{_TAIL}"),
    re.compile(
        rf"{_LEADER}\s*(?:the |your |all |keep |leave |and )*(?:rest|remainder|remaining|existing"
        rf"|other|previous|original|unchanged|same)\b.{{0,60}}(?:\.{{3}}|…)\s*{_TAIL}",
        re.IGNORECASE,
    ),
    # rest of the code unchanged, existing code here
    re.compile(
        rf"(?:{_LEADER}|[\[(<])\s*(?:\.{{3,}}|…)?\s*(?:the |your |all |keep |leave |and )*"
        rf"(?:rest|remainder) of (?:the |your |this |that )?(?:\w+ ){{0,3}}?{_WHAT}\b"
        rf"(?:.{{0,20}}\b{_KEPT})?.{{0,12}}{_TAIL}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:{_LEADER}|[\[(<])\s*(?:the |your |all |keep |leave |and )*"
        rf"(?:existing|remaining|other|previous|original|unchanged|same)(?: \w+)? {_WHAT}"
        rf"(?: {_KEPT}| the same| as (?:is|before)|)*\s*[\])>.]?\s*{_TAIL}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:\w+ ){{0,4}}?(?:rest|remainder) of (?:the |your |this )?(?:\w+ ){{0,2}}?{_WHAT}"
        rf"(?: \w+){{0,2}} {_KEPT}\.?",
        re.IGNORECASE,
    ),
)
_LONGEST = 160
_MAYBE = re.compile(
    r"\.\.\.|…|\b(?:rest|remain|exist|other|previous|original|unchanged|same)", re.IGNORECASE
)


def placeholder(old: Sequence[str], new: Sequence[str]) -> str | None:
    """A line of ``new`` that stands for left-out code and is not in ``old``; None where none."""
    known: set[str] | None = None
    for line in new:
        text = line.strip()
        if len(text) > _LONGEST or not _MAYBE.search(text):
            continue
        if any(form.fullmatch(text) for form in _PLACEHOLDERS):
            if known is None:
                known = {line.strip() for line in old}
            if text not in known:
                return text
    return None


def too_little(old: Sequence[str]) -> bool:
    """Whether the old lines hold nothing but blanks, braces and other punctuation."""
    return not any(map(telling, old))


def already_there(file: FileText, match: Match, old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether the new lines already stand where they would go: the edit was made before."""
    added = Counter(trailing_lines(new)) - Counter(trailing_lines(old))
    if len(new) <= len(old) or not any(map(telling, added)):
        return False
    return any(
        first <= match.first and match.end <= first + len(new)
        for first in file.find(tuple(match.shift.line(line) or line for line in new), trailing)
    )


def trailing_lines(lines: Sequence[str]) -> list[str]:
    """The lines without trailing blanks."""
    return [trailing(line) for line in lines]
