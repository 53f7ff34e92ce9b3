"""What must hold for any text, reply and edit (the properties of the edit engine)."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st
from replies import FORMATS, search_block, text_of
from texts import FILE_LINES, PIECES

from streetrace_lsp.edits import Plan, plan
from streetrace_lsp.edits.changes import Change, apply, invert, rebase
from streetrace_lsp.edits.parse.reply import ReplyParser, parse

UNIQUE = ["alpha = 1", "    beta = 2", "    gamma = 3", "\tdelta = 4", "epsilon = '😀'", "zeta()"]


def one(reply: str, text: str) -> Plan:
    return plan(reply, {"a.py": text})


REPLY_PIECES = [
    *PIECES, ">>>>>>> REPLACE", "\n```python\n", "\n```\n", "a.py\n", "*** Begin Patch\n",
    "*** End Patch\n", "*** Update File: a.py\n", "@@ -1,2 +1,2 @@\n", "--- a/a.py\n+++ b/a.py\n",
    "+x = 1\n", "-a\n", " b\n", "<old_text>", "</old_text>", "<new_text>", "</new_text>\n",
    '{"path": "a.py", "old_str": "a", ', '"new_str": "b"}', "<think>", "</think>\n", "~~~\n",
    ":start_line:1\n-------\n", "x = 1\n", "a\n", "\n=======\n", "\n<<<<<<< SEARCH\n",
]  # fmt: skip
REPLIES = st.lists(st.sampled_from(REPLY_PIECES), max_size=25).map("".join)


@given(REPLIES, REPLIES, st.booleans(), st.booleans(), st.booleans())
def test_planning_never_raises_and_explains_what_it_refuses(
    reply: str, text: str, selected: bool, finished: bool, partial: bool
) -> None:
    selection = ("a.py", len(text) // 3, len(text)) if selected else None
    result = plan(reply, {"a.py": text, "b/c.py": "a\n"}, selection, None, finished, partial)
    assert all(refusal.message and refusal.code for refusal in result.refusals)
    if result.refusals and not partial:
        assert not result.files
        assert not result.hunks
    if not finished:
        assert result.refusals


@given(st.text(max_size=60), st.text(max_size=40))
def test_planning_never_raises_on_any_characters(reply: str, text: str) -> None:
    plan(reply, {"a.py": text}, selection=("a.py", 0, len(text)))


@given(
    st.binary(max_size=80), st.binary(max_size=60), st.sampled_from(["latin-1", "utf-8", "utf-16"])
)
def test_planning_never_raises_on_any_bytes(reply: bytes, text: bytes, codec: str) -> None:
    errors = "surrogateescape" if codec == "utf-8" else "replace"
    decoded = text.decode(codec, errors)
    plan(reply.decode(codec, errors), {"a.py": decoded}, ("a.py", 0, len(decoded)))


@given(st.data(), st.sampled_from(sorted(FORMATS)), st.binary(min_size=1, max_size=4))
def test_planning_never_raises_on_a_damaged_reply(
    data: st.DataObject, form: str, damage: bytes
) -> None:
    reply = FORMATS[form](UNIQUE[:2], ["new = 1"]).encode()
    at, size = data.draw(st.integers(0, len(reply))), data.draw(st.integers(0, 9))
    damaged = (reply[:at] + damage + reply[at + size :]).decode("utf-8", "surrogateescape")
    result = plan(damaged, {"a.py": text_of(UNIQUE)}, partial=True)
    assert all(refusal.message for refusal in result.refusals)


@given(st.data(), REPLIES)
def test_any_chunking_gives_the_same_blocks(data: st.DataObject, reply: str) -> None:
    parser = ReplyParser()
    rest = reply
    while rest:
        size = data.draw(st.integers(1, 9))
        parser.feed(rest[:size])
        rest = rest[size:]
    assert parser.close() == parse(reply)


@st.composite
def located(draw: st.DrawFn) -> tuple[list[str], list[str], list[str], list[str]]:
    """Lines before, old lines that stand once in the file, new lines, lines after."""
    old = draw(st.lists(st.sampled_from(UNIQUE), min_size=1, max_size=4, unique=True))
    new = draw(st.lists(st.sampled_from([*UNIQUE, "new = 9", "    deep()", ""]), max_size=5))
    around = FILE_LINES.filter(lambda lines: not any(line.startswith("<<") for line in lines))
    return draw(around), old, new, draw(around)


@given(located(), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_a_block_that_stands_once_is_applied_in_any_eol(
    parts: tuple[list[str], list[str], list[str], list[str]], eol: str, final: bool
) -> None:
    above, old, new, below = parts
    assume(new != old)
    text, want = (text_of([*above, *middle, *below], eol) for middle in (old, new))
    if not final:
        text, want = text.removesuffix(eol), want.removesuffix(eol)
    result = one(search_block(old, new, 9), text)
    if result.refusals:
        assert {refusal.code for refusal in result.refusals} == {"already_applied"}
    else:
        assert result.files["a.py"] == want


@given(located(), st.integers(1, 3))
def test_trailing_blanks_and_a_uniform_dedent_do_not_matter(
    parts: tuple[list[str], list[str], list[str], list[str]], depth: int
) -> None:
    above, _, _, below = parts
    old = ["if alpha:", "    beta()", "", "gamma()"]
    new = ["if alpha:", "    beta(1)", "    delta()", "", "gamma()"]
    inside = ["    " * depth + line if line else "" for line in old]
    wanted = ["    " * depth + line if line else "" for line in new]
    text, want = text_of([*above, *inside, *below]), text_of([*above, *wanted, *below])
    assert one(search_block(old, new, 9), text).files == {"a.py": want}
    trailing = [line + "  " for line in inside]
    assert one(search_block(trailing, wanted, 9), text).files == {"a.py": want}


@given(located(), st.data())
def test_a_region_gone_or_changed_inside_is_refused(
    parts: tuple[list[str], list[str], list[str], list[str]], data: st.DataObject
) -> None:
    above, old, new, below = parts
    gone = text_of([*above, *below])
    assert not one(search_block(old, new, 9), gone).files
    at = data.draw(st.integers(0, len(old) - 1))
    changed = [line + "!" if i == at else line for i, line in enumerate(old)]
    assert not one(search_block(old, new, 9), text_of([*above, *changed, *below])).files


@given(located())
def test_a_duplicated_region_is_refused_unless_a_hint_names_its_line(
    parts: tuple[list[str], list[str], list[str], list[str]],
) -> None:
    above, old, _, below = parts
    new = ["wholly = 'new'"]
    text = text_of([*above, *old, *below, *old])
    second = len(above) + len(old) + len(below) + 1
    refused = one(search_block(old, new, 9), text)
    assert [refusal.code for refusal in refused.refusals] == ["ambiguous"]
    assert refused.refusals[0].lines == (len(above) + 1, second)
    hinted = one(search_block(old, new, 9, second), text)
    assert hinted.files == {"a.py": text_of([*above, *old, *below, *new])}


@given(located(), st.booleans())
def test_disjoint_blocks_commute(
    parts: tuple[list[str], list[str], list[str], list[str]], swap: bool
) -> None:
    above, old, _, below = parts
    text = text_of([*above, *old, "between = 0", "other = 1", *below])
    first, second = search_block(old, ["one"], 9), search_block(["other = 1"], ["two"], 9)
    want = text_of([*above, "one", "between = 0", "two", *below])
    assert one(second + first if swap else first + second, text).files == {"a.py": want}


@given(located())
def test_bytes_outside_the_planned_hunks_never_change(
    parts: tuple[list[str], list[str], list[str], list[str]],
) -> None:
    above, old, new, below = parts
    text = text_of([*above, *old, *below], "\r\n")
    result = one(search_block(old, new, 9), text)
    done = 0
    pieces = []
    for hunk in result.hunks:
        pieces += [text[done : hunk.start], hunk.new]
        done = hunk.end
    if result.files:
        assert "".join(pieces) + text[done:] == result.files["a.py"]


SHIFTS = st.sampled_from([" ", "  ", "    ", "        ", "\t"])


@given(located(), SHIFTS)
def test_an_indent_shift_commutes_with_applying(
    parts: tuple[list[str], list[str], list[str], list[str]], indent: str
) -> None:
    above, old, new, below = parts

    def shifted(lines: list[str]) -> list[str]:
        return [indent + line if line else line for line in lines]

    plain = one(search_block(old, new), text_of([*above, *old, *below]))
    moved = one(search_block(shifted(old), shifted(new)), text_of(shifted([*above, *old, *below])))
    if plain.files and moved.files:
        after = (plain.files["a.py"] or "").split("\n")
        assert moved.files == {"a.py": "\n".join(shifted(after))}
    assert bool(plain.files) == bool(moved.files)


@given(located(), st.sampled_from(sorted(FORMATS)))
def test_crlf_line_ends_commute_with_applying(
    parts: tuple[list[str], list[str], list[str], list[str]], form: str
) -> None:
    above, old, new, below = parts
    text = text_of([*above, *old, *below])
    reply = FORMATS[form](old, new)
    plain, ended = one(reply, text), one(reply, text.replace("\n", "\r\n"))
    after = {path: (text or "").replace("\n", "\r\n") for path, text in plain.files.items()}
    assert ended.files == after
    assert codes(ended) == codes(plain)


def codes(result: Plan) -> list[str]:
    return [refusal.code for refusal in result.refusals]


@given(located(), st.data())
def test_what_the_user_types_meanwhile_survives_beside_the_edit_or_is_a_conflict(
    parts: tuple[list[str], list[str], list[str], list[str]], data: st.DataObject
) -> None:
    above, old, new, below = parts
    text = text_of([*above, *old, *below])
    result = one(search_block(old, new), text)
    assume(result.files)
    edits = tuple(Change(hunk.start, hunk.end, hunk.new) for hunk in result.hunks)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 5, len(text))))
    typing = (Change(start, end, data.draw(st.sampled_from(["x", "typed\n", "\n", ""]))),)
    typed = apply(text, typing)
    moved = rebase(edits, typing, text)
    if moved is None:
        assert any(hunk.start <= end and start <= hunk.end for hunk in result.hunks)
    else:
        both = apply(typed, moved)
        assert apply(both, invert(typed, moved)) == typed
        assert both == apply(text, sorted((*edits, *typing), key=lambda c: (c.start, c.end)))
