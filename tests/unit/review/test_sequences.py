"""Random sequences of typing, keeping, undoing and restarting, against a reference."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from itertools import count, islice

from hypothesis import given
from hypothesis import strategies as st

from lsp.clients.text import one_splice
from streetrace_lsp.edits.changes import Change, apply
from streetrace_lsp.review.layer import layer_of
from streetrace_lsp.review.record import from_record, reconciled, to_record
from streetrace_lsp.review.reviewed import Reviewed
from unit.review.reference import Piece, Reference

NUMBER = st.integers(0, 999)
OPERATIONS = (
    "edit", "edit", "rewrite", "split", "editor undo", "exchange", "keep", "undo one", "undo one",
    "undo all", "restart", "changed elsewhere",
)  # fmt: skip
STEPS = st.lists(
    st.tuples(st.sampled_from(OPERATIONS), NUMBER, NUMBER, NUMBER, NUMBER), max_size=25
)
# Lines between the changes, lines that each removed and lines that it added.
SHAPE = st.lists(
    st.tuples(st.integers(1, 3), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=6
)


@dataclass
class Session:
    """The real review and the reference, side by side."""

    shape: list[tuple[int, int, int]]
    eol: str
    numbers: count[int] = field(default_factory=lambda: count(0x4E00))
    undo_stack: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        before: list[str] = []
        after: list[str] = []
        pieces: list[Piece] = []
        for between, removed, added in self.shape:
            same = self.fresh(between)
            old, new = self.fresh(removed), self.fresh(added)
            before += same + old
            after += same
            if old or new:
                pieces.append(Piece(old, new, len(after), len(after) + len(new)))
            after += new
        end = self.fresh(1)
        self.reference = Reference(after + end, pieces)
        self.text = "".join(after + end)
        layer = layer_of("review-1", "Fix", "".join(before + end), self.text)
        self.real = Reviewed("file:///a.py", "a.py", (layer,))
        assert apply(self.text, self.real.undoing(self.ids, self.text).changes) == "".join(
            before + end
        )

    @property
    def ids(self) -> list[str]:
        """The ids of all hunks."""
        return [hunk.id for hunk in self.real.layers[0].hunks]

    def fresh(self, lines: int) -> list[str]:
        """Lines that are nothing like any other."""
        return ["".join(islice(map(chr, self.numbers), 6)) + self.eol for _ in range(lines)]

    def arrived(self, way: int) -> None:
        """The editor tells of the text that the reference has by now, in one of three ways."""
        new = self.reference.text
        if way % 3 == 0:
            change = Change(0, len(self.text), new)
        else:
            change = Change(*one_splice(self.text, new))
        self.real, self.text = self.real.after(self.text, change), new

    def step(self, name: str, a: int, b: int, c: int, way: int) -> None:
        """Do one thing to both."""
        reference = self.reference
        text, lines = reference.text, list(reference.lines)
        reference.remember()
        getattr(self, name.replace(" ", "_"))(a, b, c)
        if reference.text in reference.past:
            reference.return_to(reference.lines)
        if reference.text == text:
            return
        # Nobody goes back to before a restart.
        if name != "changed elsewhere":
            self.undo_stack.append(lines)
        if self.text != reference.text:
            self.arrived(way)

    def edit(self, a: int, b: int, c: int) -> None:
        """The person replaces some lines by others."""
        start = a % (len(self.reference.lines) + 1)
        end = min(start + b % 4, len(self.reference.lines))
        self.reference.edit(start, end, self.fresh(c % 4))

    def rewrite(self, a: int, b: int, _: int) -> None:
        """The person changes something in each of some lines."""
        lines = self.reference.lines
        start = a % (len(lines) + 1)
        for line in range(start, min(start + b % 4, len(lines))):
            word = lines[line].removesuffix(self.eol)
            self.reference.edit(line, line + 1, [f"{word}{chr(next(self.numbers))}{self.eol}"])

    def split(self, a: int, *_: int) -> None:
        """The person breaks a line in two."""
        lines = self.reference.lines
        line = a % len(lines) if lines else 0
        word = lines[line].removesuffix(self.eol) if lines else ""
        if len(word) > 1:
            half = len(word) // 2
            halves = [word[:half] + self.eol, word[half:] + self.eol]
            self.reference.edit(line, line + 1, halves, certain=True)

    def editor_undo(self, a: int, *_: int) -> None:
        """The person goes back some steps with the editor's undo, which sends one change."""
        if self.undo_stack:
            steps = 1 + a % min(3, len(self.undo_stack))
            self.reference.lines = self.undo_stack[-steps]
            del self.undo_stack[-steps:]

    def exchange(self, a: int, b: int, _: int) -> None:
        """Some changes are taken back, or made again, by one change of the editor."""
        for which, piece in enumerate(self.reference.pieces):
            if not piece.gone and (a >> which) & 1:
                self.reference.exchange(which, piece.new if (b >> which) & 1 else piece.old)

    def keep(self, a: int, *_: int) -> None:
        """The person keeps a change."""
        pieces = self.reference.pieces
        if pieces:
            which = a % len(pieces)
            self.real = self.real.keep([self.ids[which]])
            pieces[which].kept |= which in self.reference.open()

    def undo_one(self, a: int, _: int, way: int) -> None:
        """The person undoes a change."""
        if self.reference.pieces:
            self.undo([a % len(self.reference.pieces)], way)

    def undo_all(self, _: int, __: int, way: int) -> None:
        """The person undoes every change."""
        self.undo(list(range(len(self.reference.pieces))), way)

    def undo(self, wanted: list[int], way: int) -> None:
        """Undo hunks through the review: a text, and what is left with a reason."""
        reference, ids = self.reference, self.ids
        undo = self.real.undoing([ids[which] for which in wanted], self.text)
        possible = [which for which in reference.open() if which in wanted]
        left = [which for which in possible if reference.pieces[which].doubt]
        assert [hunk.id for hunk in undo.left] == [ids[which] for which in left]
        assert all(hunk.doubt for hunk in undo.left)
        for which in possible:
            if which not in left:
                reference.exchange(which, reference.pieces[which].old)
        assert apply(self.text, undo.changes) == reference.text
        if way % 2:
            before, self.text = self.text, reference.text
            self.real = self.real.after(before, Change(0, len(before), self.text), undo)
            return
        for change in reversed(undo.changes):
            self.real = self.real.after(self.text, change)
            self.text = apply(self.text, (change,))

    def changed_elsewhere(self, a: int, b: int, _: int) -> None:
        """The file is changed while no server runs."""
        place = a % (len(self.reference.lines) + 1)
        self.reference.edit(place, place, self.fresh(b % 3))
        self.restart()

    def restart(self, *_: int) -> None:
        """Nothing is left but the record, and the text that the document has by then."""
        self.undo_stack.clear()
        self.reference.past.clear()
        found = from_record(json.loads(json.dumps(to_record(self.real, self.text))))
        assert found is not None
        was, text = found
        assert text == self.text
        if not was.layers:
            # Nothing waited. Go on all the same, to see that nothing comes back.
            was = replace(was, layers=tuple(replace(one, past=()) for one in self.real.layers))
        self.text = self.reference.text
        self.real = reconciled(was, text, self.text)

    def compare(self) -> None:
        """Both say the same of every change, and of where it stands."""
        assert self.text == self.reference.text
        for hunk, piece in zip(self.real.layers[0].hunks, self.reference.pieces, strict=True):
            assert (hunk.old, hunk.new) == ("".join(piece.old), "".join(piece.new))
            assert hunk.state == self.reference.state(piece)
            if not piece.gone:
                assert hunk.start == len("".join(self.reference.lines[: piece.start]))
                assert hunk.now == "".join(self.reference.now(piece))
                assert bool(hunk.doubt) == piece.doubt


@given(SHAPE, st.sampled_from(["\n", "\r\n", "\r"]), STEPS)
def test_every_text_and_every_state_is_right(
    shape: list[tuple[int, int, int]], eol: str, steps: list[tuple[str, int, int, int, int]]
) -> None:
    session = Session(shape, eol)
    session.compare()
    for step in steps:
        session.step(*step)
        session.compare()


# Few lines, all much alike: nothing here says for certain which of them a change meant.
ALIKE = st.lists(st.sampled_from(["a\n", "b\n", "\n", "    a\n", "a\r\n", "b\r", "a"]), max_size=8)
ANY = st.tuples(st.sampled_from(["edit", "keep", "undo", "restart"]), NUMBER, NUMBER, ALIKE)


@given(ALIKE, ALIKE, ALIKE, st.lists(ANY, max_size=12))
def test_among_lines_that_are_alike_nothing_but_the_chosen_hunks_is_touched(
    base: list[str],
    first: list[str],
    second: list[str],
    steps: list[tuple[str, int, int, list[str]]],
) -> None:
    texts = ["".join(lines) for lines in (base, first, second)]
    text = texts[2]
    real = Reviewed("file:///a.py", "a.py", (layer_of("one", "Fix", texts[0], texts[1]),))
    real = real.after(texts[1], Change(0, len(texts[1]), text))
    real = real.with_layer(layer_of("two", "Fix", texts[1], text))
    for name, a, b, lines in steps:
        ids = [hunk.id for layer in real.layers for hunk in layer.hunks]
        chosen = [one for at, one in enumerate(ids) if (a >> at) & 1]
        if name == "keep":
            real = real.keep(chosen)
        elif name == "restart":
            found = from_record(json.loads(json.dumps(to_record(real, text))))
            assert found is not None
            real = reconciled(found[0], text, text)
        elif name == "edit":
            start = a % (len(text) + 1)
            change = Change(start, min(start + b % 7, len(text)), "".join(lines[: a % 3]))
            real, text = real.after(text, change), apply(text, (change,))
        else:
            undo = real.undoing(chosen, text)
            hunks = [hunk for layer in real.layers for hunk in layer.hunks if hunk.id in chosen]
            reach = [(hunk.start, hunk.end) for hunk in hunks if not (hunk.gone or hunk.kept)]
            for change in undo.changes:
                covered = set(range(change.start, change.end))
                assert covered <= {at for start, end in reach for at in range(start, end)}
                assert any(start <= change.start <= end for start, end in reach)
            before = text
            text = apply(text, undo.changes)
            real = real.after(before, Change(0, len(before), text), undo)
            left = {hunk.id for hunk in undo.left}
            assert {hunk.id for hunk in real.open} & set(chosen) <= left
        for layer in real.layers:
            done = 0
            for hunk in layer.hunks:
                if not hunk.gone:
                    assert done <= hunk.start
                    assert text[hunk.start : hunk.end] == hunk.now
                    done = hunk.end


def test_the_older_of_two_edits_is_undone_beneath_the_newer() -> None:
    base, first, second = "a\nb\nc\n", "a\nB\nc\n", "a\nB!\nc\n"
    real = Reviewed("file:///a.py", "a.py", (layer_of("one", "Fix", base, first),))
    real = real.after(first, Change(0, len(first), second))
    real = real.with_layer(layer_of("two", "Fix", first, second))
    older, newer = real.layers[0].hunks[0], real.layers[1].hunks[0]
    assert (older.state, newer.state) == ("edited", "open")
    assert apply(second, real.undoing([newer.id], second).changes) == first
    assert apply(second, real.undoing([older.id], second).changes) == base
    assert apply(second, real.undoing([older.id, newer.id], second).changes) == base
