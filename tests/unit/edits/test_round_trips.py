"""What is written in a grammar is read back as it was meant, markers and fences inside and all."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from replies import FORMATS, search_block, text_of
from texts import LINES

from streetrace_lsp.edits import plan
from streetrace_lsp.edits.intents import EditIntent
from streetrace_lsp.edits.parse.reply import parse

TEXT_LINES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=12
)
OLD_LINES = st.lists(st.sampled_from(LINES) | TEXT_LINES, min_size=1, max_size=4)
NEW_LINES = st.lists(st.sampled_from(LINES) | TEXT_LINES, max_size=4)

# Lines that end or divide a block of the grammar by themselves: no text can hold them there.
_ENDS = {
    "search": ("=========", ">>>>>>>>> REPLACE", "<<<<<<<<< "),
    "dashes": ("=========", "+++++++++ REPLACE"),
    "tags": ("</old_text>", "</new_text>", "<old_text>"),
    "patch": ("*** End Patch",),
    "fenced diff": ("`````",),
}


@pytest.mark.parametrize("form", FORMATS)
@given(OLD_LINES, NEW_LINES)
@example(["<<<<<<< SEARCH", "=======", "```python", "</new_text>x"], ["*** End Patch x", "@@"])
@example(["\x0c", "\u2028", "\x85", "\ufeff"], ["e\u0301", "😀"])
def test_an_edit_survives_its_own_grammar(form: str, old: list[str], new: list[str]) -> None:
    ends = _ENDS.get(form, ())
    assume(not any(end in line for line in (*old, *new) for end in ends))
    assume(any(old))
    blocks = parse(FORMATS[form](old, new)).blocks
    assert [block.reading for block in blocks if isinstance(block, EditIntent)] == [
        type(blocks[0].reading)(tuple(old), tuple(new))
    ]


@given(OLD_LINES, NEW_LINES, st.integers(5, 9))
def test_a_search_block_carries_markers_of_other_lengths(
    old: list[str], new: list[str], size: int
) -> None:
    mark = {"<" * size, "=" * size, ">" * size}
    assume(not any(line.strip().split(" ")[0] in mark for line in (*old, *new)))
    assume(any(line.strip() for line in old))
    (block,) = parse(search_block(old, new, size)).blocks
    assert isinstance(block, EditIntent)
    assert (block.reading.old, block.reading.new) == (tuple(old), tuple(new))


@given(st.lists(st.sampled_from(LINES) | TEXT_LINES, min_size=1, max_size=8))
def test_a_longer_fence_carries_any_text_to_the_selection(lines: list[str]) -> None:
    assume(any(line.strip() for line in lines))
    assume(not any(line.startswith(("<<<<<", "*** Begin", "`````")) for line in lines))
    result = plan(f"`````python\n{text_of(lines)}`````\n", {"a.py": ""}, ("a.py", 0, 0))
    if result.files:
        assert (result.files["a.py"] or "").split("\n") == lines
    else:
        assert {refusal.code for refusal in result.refusals} <= {"placeholder", "ambiguous_fences"}


@given(st.lists(st.sampled_from(LINES) | TEXT_LINES, min_size=1, max_size=8))
def test_a_new_file_below_its_path_holds_the_fences_text(lines: list[str]) -> None:
    assume(not any(line.startswith(("<<<<<", "*** Begin", "`````")) for line in lines))
    result = plan(f"pkg/new.txt\n`````\n{text_of(lines)}`````\n", {"a.py": "x\n"})
    if not result.refusals:
        assert result.files == {"pkg/new.txt": text_of(lines)}
