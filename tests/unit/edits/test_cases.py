"""Every case of the tables, as written and in the variants that must not matter."""

from __future__ import annotations

import pytest
from case_table import APPLIED, CASES, Case

from streetrace_lsp.edits import Plan, plan
from streetrace_lsp.edits.lines import LineIndex
from streetrace_lsp.edits.parse.reply import ReplyParser, parse


def planned(case: Case, reply: str | None = None, finished: bool | None = None) -> Plan:
    return plan(
        case.reply if reply is None else reply,
        case.files,
        selection=case.selection,
        default_path=case.default_path,
        finished=case.finished if finished is None else finished,
        partial=case.partial,
    )


def named(case: Case) -> str:
    return case.name


def test_the_names_of_cases_are_unique() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_plan_is_as_the_table_says(case: Case) -> None:
    result = planned(case)
    assert result.files == case.after
    codes = [refusal.code for refusal in result.refusals]
    assert codes == [code for code, _ in case.refused]
    for refusal, (_, lines) in zip(result.refusals, case.refused, strict=True):
        assert not lines or refusal.lines == lines
        assert refusal.message.endswith((".", "?"))


@pytest.mark.parametrize("case", CASES, ids=named)
def test_hunks_are_what_changes_and_nothing_else(case: Case) -> None:
    result = planned(case)
    for path, after in result.files.items():
        text = case.files.get(path, "")
        pieces, done = [], 0
        for hunk in (hunk for hunk in result.hunks if hunk.path == path):
            assert text[hunk.start : hunk.end] == hunk.old
            mark = text.startswith("\ufeff") and hunk.start == 1
            assert LineIndex(text).position(hunk.start, "utf-32")[1] == mark
            pieces += [text[done : hunk.start], hunk.new]
            done = hunk.end
        assert "".join(pieces) + text[done:] == (after or "")


@pytest.mark.parametrize("case", CASES, ids=named)
def test_any_chunking_gives_the_same_blocks(case: Case) -> None:
    whole = parse(case.reply)
    for size in (1, 7) if case.old is not None else (1, 2, 3, 7):
        parser = ReplyParser()
        for at in range(0, len(case.reply), size):
            parser.feed(case.reply[at : at + size])
        assert parser.close() == whole


@pytest.mark.parametrize("case", APPLIED, ids=named)
def test_a_reply_with_crlf_line_ends_means_the_same(case: Case) -> None:
    if "\r" not in case.reply:
        assert planned(case, case.reply.replace("\n", "\r\n")).files == case.after


@pytest.mark.parametrize("case", APPLIED, ids=named)
def test_a_crlf_file_gets_the_same_edit_with_its_own_line_ends(case: Case) -> None:
    def crlf(text: str | None) -> str | None:
        return None if text is None else text.replace("\n", "\r\n")

    if any("\r" in text for text in case.files.values()):
        return
    files = {path: crlf(text) or "" for path, text in case.files.items()}
    selection = case.selection
    if selection is not None:
        path, *offsets = selection
        text = case.files[path]
        start, end = (at + text.count("\n", 0, at) for at in offsets)
        selection = (path, start, end)
    result = plan(case.reply, files, selection, case.default_path, partial=case.partial)
    for path, after in case.after.items():
        if case.files.get(path):
            assert result.files[path] == crlf(after)
        else:  # new, or moved here
            assert result.files[path] in (after, crlf(after))


@pytest.mark.parametrize("case", APPLIED, ids=named)
def test_odd_line_separators_earlier_in_the_file_do_not_matter(case: Case) -> None:
    if case.selection is not None or " line " in case.name or "whole" in case.name:
        return
    if any(text.startswith("\ufeff") for text in case.files.values()):
        return
    odd = "# form\x0cfeed, \x85 and \u2028\n"
    files = {path: odd + text if text else text for path, text in case.files.items()}
    result = plan(case.reply, files, None, case.default_path, partial=case.partial)
    for path, after in case.after.items():
        if case.files.get(path) and after is not None:
            assert result.files[path] == odd + after


@pytest.mark.parametrize("case", APPLIED, ids=named)
def test_a_cut_reply_changes_nothing(case: Case) -> None:
    if case.partial:
        return
    for end in case.cuts:
        assert not planned(case, case.reply[:end], finished=False).files


@pytest.mark.parametrize("case", APPLIED, ids=named)
def test_no_prefix_of_a_reply_applies_a_cut_off_edit(case: Case) -> None:
    """Also where a gateway says that a cut reply was finished.

    A fence line cut before its language is the one thing that can't be told from an end.
    """
    blocks = parse(case.reply).blocks
    if case.partial or "bare" in case.name or not blocks:
        return
    known = set(blocks)
    for end in case.cuts:
        prefix = case.reply[:end]
        if prefix.endswith("```") and case.reply[end].isalpha():
            continue
        if planned(case, prefix).files:
            assert {_content(block) for block in parse(prefix).blocks} <= {
                _content(block) for block in known
            }


def _content(block: object) -> object:
    return getattr(block, "reading", None) or getattr(block, "lines", None)


def test_prose_is_what_the_reply_says_around_its_blocks() -> None:
    reply = "Done.\n\n```python\n<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\n```\n\nBye."
    result = plan(reply, {"a.py": "x\n"})
    assert result.files == {"a.py": "y\n"}
    assert [line for line in result.prose.split("\n") if line] == ["Done.", "Bye."]


def test_a_selection_outside_the_files_is_the_callers_error() -> None:
    with pytest.raises(ValueError, match="selection"):
        plan("", {"a.py": "x"}, selection=("b.py", 0, 0))
