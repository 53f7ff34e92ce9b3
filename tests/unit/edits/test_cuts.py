"""A reply cut anywhere: what is complete may count, the edit that was cut off never does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from replies import FORMATS, text_of

from streetrace_lsp.edits import plan
from streetrace_lsp.edits.parse.reply import parse

_LINES = ["alpha = 1", "beta = 2", "gamma = 3", "delta = 4", "epsilon = '😀'", "zeta()"]
_NEW = ["eta = 7", "    theta()", "", "iota = 'é'", "kappa = 9 + 1", ">>>>>>> REPLACE", "```"]

EDITS = st.lists(
    st.tuples(st.sampled_from(_LINES), st.lists(st.sampled_from(_NEW), max_size=3)),
    min_size=1,
    max_size=3,
    unique_by=lambda edit: edit[0],
)
# A reply may hold several blocks of these; a tool call is a reply of its own.
_SEVERAL = st.sampled_from([name for name in FORMATS if name != "json"])


def _after(edits: list[tuple[str, list[str]]]) -> dict[str, str]:
    changed = dict(edits)
    return {"a.py": text_of([line for one in _LINES for line in changed.get(one, [one])])}


@given(_SEVERAL, st.booleans(), EDITS, st.lists(st.integers(0, 600), max_size=8))
def test_no_prefix_applies_the_edit_that_it_cuts(
    form: str, partial: bool, edits: list[tuple[str, list[str]]], cuts: list[int]
) -> None:
    reply, ends = "", []
    for old, new in edits:
        reply += FORMATS[form]([old], new)
        # A removed line is known by the file; an added one is not complete before its line end.
        ends.append(len(reply) if form == "unified" and new else len(reply) - 1)
    files = {"a.py": text_of(_LINES)}
    assert plan(reply, files).files == _after(edits)
    near = {end + by for end in ends for by in range(-4, 3)}
    for end in sorted(near | set(cuts)):
        result = plan(reply[:end], files, partial=partial)
        complete = sum(one <= end for one in ends)
        # What a cut leaves behind may make the edit before it unsure as well.
        wanted = [_after(edits[:count]) for count in range(1, complete + 1)]
        assert result.files in ({}, *(wanted if partial else wanted[-1:])), reply[:end]


@given(EDITS)
def test_no_prefix_of_a_tool_call_applies_anything(edits: list[tuple[str, list[str]]]) -> None:
    reply = FORMATS["json"]([edits[0][0]], edits[0][1])
    for end in range(len(reply)):
        assert not plan(reply[:end], {"a.py": text_of(_LINES)}, partial=True).files


@given(st.sampled_from(sorted(FORMATS)), EDITS, st.data())
def test_an_unfinished_reply_applies_nothing(
    form: str, edits: list[tuple[str, list[str]]], data: st.DataObject
) -> None:
    reply = "".join(FORMATS[form]([old], new) for old, new in edits)
    end = data.draw(st.integers(0, len(reply)))
    result = plan(reply[:end], {"a.py": text_of(_LINES)}, finished=False)
    assert not result.files
    assert result.refusals[-1].code == "cut_off"


@given(st.lists(st.sampled_from(_NEW[:5]), min_size=1), st.integers(0, 200))
def test_a_cut_fence_never_replaces_the_selection(new: list[str], end: int) -> None:
    reply = f"Here:\n\n```python\n{text_of(new)}```"
    text = text_of(_LINES)
    if end < len(reply):
        assert not plan(reply[:end], {"a.py": text}, ("a.py", 0, 10)).files


def test_a_bare_diff_that_ends_inside_an_added_line_may_be_cut() -> None:
    reply = "--- a/a.py\n+++ b/a.py\n@@ -1,1 +1,1 @@\n-x = 1\n+x = 2"
    assert [block.block for block in parse(reply).blocks] == [1]
    result = plan(reply, {"a.py": "x = 1\n"})
    assert [refusal.code for refusal in result.refusals] == ["unclosed"]
    assert plan(reply + "\n", {"a.py": "x = 1\n"}).files == {"a.py": "x = 2\n"}
