"""Blocks over real files, disturbed as reality disturbs them: right where sure, never wrong."""

from __future__ import annotations

from random import Random

import pytest
from corpus import Sample, margin_of, sample, text_of
from replies import FORMATS, search_block

from streetrace_lsp.edits import Plan, Refusal, plan

_ODD = "# form\x0cfeed, \x85 and \u2028\n"
_LINES_TO_SAY_A_PLACE = 2


def planned(old: list[str], new: list[str], text: str) -> Plan:
    return plan(search_block(old, new), {"a.py": text})


def blocks_that_apply(seed: int, depth: int) -> list[tuple[Sample, Random]]:
    """Samples whose block, as it stands, is applied rightly; the rest must be refused."""
    random = Random(seed)
    found = []
    for _ in range(depth):
        one = sample(random)
        result = planned(one.old, one.new, one.text)
        if result.refusals:
            assert not result.files
        else:
            assert result.files == {"a.py": one.wanted}
            found.append((one, random))
    assert len(found) > depth * 0.8
    return found


def telling(lines: list[str]) -> list[str]:
    return [line for line in lines if any(char.isalnum() for char in line)]


def stands_once_at_any_indent(one: Sample) -> bool:
    old = [line.strip() for line in one.old]
    lines = [line.strip() for line in one.lines]
    count = len(old)
    return sum(lines[at : at + count] == old for at in range(len(lines) - count + 1)) == 1


def has_a_near_twin(one: Sample, old: list[str]) -> bool:
    """Whether all telling lines but one stand somewhere just as the block writes them."""
    wanted = [(at, line) for at, line in enumerate(old) if telling([line])]
    lines = dict(enumerate(one.lines))
    return any(
        sum(lines.get(start + at) == line for at, line in wanted) >= max(len(wanted) - 1, 2)
        for start in range(-len(old), len(one.lines))
    )


def dedented(one: Sample, width: int) -> tuple[list[str], list[str]]:
    old, new = ([line[width:] for line in lines] for lines in (one.old, one.new))
    return old, new


@pytest.mark.parametrize("seed", range(2))
def test_what_does_not_matter_is_applied_rightly_every_time(seed: int, depth: int) -> None:
    for one, random in blocks_that_apply(seed, depth):
        blanks = [line + random.choice(["", " ", "   ", "\t"]) for line in one.old]
        assert planned(blanks, one.new, one.text).files == {"a.py": one.wanted}
        crlf = planned(one.old, one.new, one.text.replace("\n", "\r\n"))
        assert crlf.files == {"a.py": one.wanted.replace("\n", "\r\n")}
        unended = planned(one.old, one.new, one.text[:-1])
        assert unended.files == {"a.py": one.wanted[:-1]}
        odd = planned(one.old, one.new, _ODD + one.text)
        assert odd.files == {"a.py": _ODD + one.wanted}


@pytest.mark.parametrize("seed", range(2, 4))
def test_a_dedented_block_is_applied_rightly_wherever_its_lines_stand_once(
    seed: int, depth: int
) -> None:
    for one, _ in blocks_that_apply(seed, depth):
        width = len(margin_of([*one.old, *one.new]))
        old, new = dedented(one, width)
        result = planned(old, new, one.text)
        sure = not margin_of(old) or len(telling(old)) >= _LINES_TO_SAY_A_PLACE
        sure = sure and bool(telling(old)) and stands_once_at_any_indent(one)
        if sure and not has_a_near_twin(one, old) and "already_applied" not in codes(result):
            assert result.files == {"a.py": one.wanted}, search_block(old, new)
        else:
            assert result.refusals or result.files == {"a.py": one.wanted}


@pytest.mark.parametrize("seed", range(4, 6))
def test_a_block_that_lost_some_indent_never_ends_at_a_wrong_place(seed: int, depth: int) -> None:
    for one, random in blocks_that_apply(seed, depth):
        width = len(margin_of([*one.old, *one.new]))
        if width:
            old, new = dedented(one, random.randint(1, width))
            result = planned(old, new, one.text)
            assert result.refusals or result.files == {"a.py": one.wanted}, search_block(old, new)


@pytest.mark.parametrize("seed", range(6, 8))
def test_a_region_that_is_gone_changed_or_doubled_is_refused_every_time(
    seed: int, depth: int
) -> None:
    for one, random in blocks_that_apply(seed, depth):
        gone = planned(one.old, one.new, text_of(one.with_region([])))
        assert codes(gone) <= {"not_found", "already_applied"}
        assert gone.refusals
        at = random.randrange(len(one.old))
        line = one.old[at]
        changed = random.choice([line + " + 1", "changed" + line, line[: len(line) // 2] + "!"])
        inside = planned(
            one.old, one.new, text_of(one.with_region([*one.old[:at], changed, *one.old[at + 1 :]]))
        )
        assert codes(inside) <= {"not_found", "already_applied"}
        assert inside.refusals
        if len(telling(one.old)) > 2:
            assert_names_the_place(one, inside)
        doubled = one.text + text_of(one.old)
        twice = planned(one.old, one.new, doubled)
        assert codes(twice) == {"ambiguous"}
        second = len(one.lines) + 1
        assert {one.first + 1, second} <= set(twice.refusals[0].lines)
        hinted = plan(search_block(one.old, one.new, hint=second), {"a.py": doubled})
        if "already_applied" not in codes(hinted):
            assert hinted.files == {"a.py": one.text + text_of(one.new)}


def assert_names_the_place(one: Sample, result: Plan) -> None:
    refusal: Refusal = result.refusals[0]
    if refusal.code == "not_found":
        assert refusal.lines
        assert refusal.closest


@pytest.mark.parametrize("form", FORMATS)
def test_every_grammar_applies_the_same_edit(form: str, depth: int) -> None:
    for one, _ in blocks_that_apply(8, max(depth // 10, 20)):
        if form in ("json", "tags") and len(one.old) == 1:
            continue  # may be a piece of another line as well
        if any(mark in text_of([*one.old, *one.new]) for mark in ("old_text>", "new_text>")):
            continue
        reply = FORMATS[form](one.old, one.new)
        assert plan(reply, {"a.py": one.text}).files == {"a.py": one.wanted}, reply


def codes(result: Plan) -> set[str]:
    return {refusal.code for refusal in result.refusals}
