"""Replies in each grammar that carry one edit: what a model that wrote it without fault sends."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

Render = Callable[[Sequence[str], Sequence[str]], str]


def text_of(lines: Sequence[str], eol: str = "\n") -> str:
    return "".join(line + eol for line in lines)


def search_block(
    old: Sequence[str], new: Sequence[str], size: int = 9, hint: int | None = None
) -> str:
    lead = f":start_line:{hint}\n-------\n" if hint else ""
    opener, divider, end = f"{'<' * size} SEARCH\n", "=" * size + "\n", f"{'>' * size} REPLACE\n"
    return "a.py\n" + opener + lead + text_of(old) + divider + text_of(new) + end


def dashed_block(old: Sequence[str], new: Sequence[str]) -> str:
    return f"a.py\n--------- SEARCH\n{text_of(old)}=========\n{text_of(new)}+++++++++ REPLACE\n"


def tagged(old: Sequence[str], new: Sequence[str]) -> str:
    before, after = text_of(old), text_of(new)
    return f"a.py\n<old_text>\n{before}</old_text>\n<new_text>\n{after}</new_text>\n"


def tool_call(old: Sequence[str], new: Sequence[str]) -> str:
    return json.dumps({"path": "a.py", "old_str": text_of(old), "new_str": text_of(new)})


def _marked(old: Sequence[str], new: Sequence[str]) -> str:
    return text_of([f"-{line}" for line in old] + [f"+{line}" for line in new])


def patch(old: Sequence[str], new: Sequence[str]) -> str:
    return f"*** Begin Patch\n*** Update File: a.py\n@@\n{_marked(old, new)}*** End Patch\n"


def unified(old: Sequence[str], new: Sequence[str]) -> str:
    head = f"--- a/a.py\n+++ b/a.py\n@@ -1,{len(old)} +1,{len(new)} @@\n"
    return head + _marked(old, new)


def fenced_diff(old: Sequence[str], new: Sequence[str]) -> str:
    return f"`````diff\n--- a/a.py\n+++ b/a.py\n@@ ... @@\n{_marked(old, new)}`````\n"


def _fenced(reply: str) -> str:
    return f"`````\n{reply}`````\n"


def _counted(old: Sequence[str], new: Sequence[str]) -> str:
    return f"@@ -99,{len(old)} +99,{len(new)} @@ def elsewhere():\n{_marked(old, new)}"


def _edit(old: Sequence[str], new: Sequence[str]) -> str:
    return (
        f'<edit path="a.py">\n<old_str>\n{text_of(old)}</old_str>\n'
        f"<new_str>\n{text_of(new)}</new_str>\n</edit>\n"
    )


def _renamed(reply: str, *names: str) -> str:
    for old, new in zip(names[::2], names[1::2], strict=True):
        reply = reply.replace(old, new)
    return reply


# Every grammar in every spelling that is read.
VARIANTS: dict[str, Render] = {
    "five markers": lambda old, new: search_block(old, new, 5),
    "six markers": lambda old, new: search_block(old, new, 6),
    "seven markers": lambda old, new: search_block(old, new, 7),
    "eight markers": lambda old, new: search_block(old, new, 8),
    "nine markers": search_block,
    "markers in a fence with the path": lambda old, new: _fenced(search_block(old, new)),
    "SEARCH>": lambda old, new: _renamed(
        search_block(old, new), "<<<<<<<<< SEARCH\n", "<<<<<<<<< SEARCH>\n"
    ),
    "ORIGINAL and UPDATED": lambda old, new: _renamed(
        search_block(old, new),
        *("<<<<<<<<< SEARCH\n", "<<<<<<<<< ORIGINAL\n"),
        *(">>>>>>>>> REPLACE\n", ">>>>>>>>> UPDATED\n"),
    ),
    "a start line": lambda old, new: search_block(old, new, hint=99),
    "dashes and pluses": dashed_block,
    "old_text tags": tagged,
    "old_str tags in an edit with a path": _edit,
    "a tool call": tool_call,
    "a list of edits in a fence": lambda old, new: "```json\n{}\n```\n".format(
        json.dumps([{"file_path": "a.py", "old_string": text_of(old), "new_string": text_of(new)}])
    ),
    "a call with its arguments as text": lambda old, new: json.dumps(
        {"function": {"name": "edit", "arguments": tool_call(old, new)}}
    ),
    "a patch": patch,
    "a patch in a heredoc": lambda old, new: _fenced(
        f"apply_patch <<'EOF'\n{patch(old, new)}EOF\n"
    ),
    "a bare diff": lambda old, new: f"--- a/a.py\n+++ b/a.py\n{_counted(old, new)}",
    "a bare git diff": lambda old, new: (
        f"diff --git a/a.py b/a.py\nindex 11aa..22bb 100644\n--- a/a.py\n+++ b/a.py\n"
        f"{_counted(old, new)}"
    ),
    "a diff in a fence": lambda old, new: (
        f"`````diff\n--- a.py\n+++ a.py\n{_counted(old, new)}`````\n"
    ),
    "a diff without line numbers": fenced_diff,
}

FORMATS: dict[str, Render] = {
    "search": search_block,
    "dashes": dashed_block,
    "tags": tagged,
    "json": tool_call,
    "patch": patch,
    "unified": unified,
    "fenced diff": fenced_diff,
}
