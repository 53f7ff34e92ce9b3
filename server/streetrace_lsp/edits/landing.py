"""Where did our edit land? Judged from the texts alone, never from what the client answered.

Neovim answers ``applied: true`` for a stale edit that it skipped; eglot applies one at the wrong
line although the version did not match; Kate checks none. So the texts that the client synced
afterwards decide, and what they don't prove is ``Unclear``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from streetrace_lsp.edits.changes import Change, apply, compose, invert, rebase
from streetrace_lsp.edits.lines import LineIndex, content_of, split_lines
from streetrace_lsp.edits.spans import changed_in_steps, changed_span, changed_spans, is_join
from streetrace_lsp.edits.verdict import Absent, Applied, Landing, Misplaced, Unclear

Changes = tuple[Change, ...]


def landed(
    before: str, ours: Sequence[Change], syncs: Sequence[str], encoding: str = "utf-16"
) -> Landing:
    """Classify what became of ``ours``.

    ``before`` is the text that ``ours`` stands against, as the server knew it when it sent the
    edit. ``syncs`` are the texts after each content change received since, in order; a client
    may send our edit as one, as several, or merged with what the user typed. ``encoding`` is the
    position encoding the edit was sent in.

    Ask again after every sync: a user who types inside our edit after it landed turns
    ``Applied`` into ``Unclear``.
    """
    ours = tuple(change for change in ours if before[change.start : change.end] != change.text)
    history = _History(before, ours, (before, *syncs), encoding)
    if not ours:
        return Applied(history.user_changes(0, len(syncs)))
    if history.texts[-1] == before:
        return Absent(before)
    if history.arrived_in_pieces():
        return Applied(())
    arrivals = history.arrivals()
    verdicts = [history.judge(arrival) for arrival in arrivals] or history.merged()
    if len(verdicts) == 1:
        return verdicts[0]
    if verdicts:
        return Unclear()
    restored = history.merged_stale()
    if restored is not None:
        return Misplaced(restored)
    if history.never_landed():
        return Absent(history.texts[-1])
    return Unclear()


@dataclass(frozen=True, slots=True)
class _Arrival:
    """Our edit, as ``changes`` to the text ``first``, is complete in the text ``last``."""

    first: int
    last: int
    changes: Changes
    right: bool


@dataclass(slots=True)
class _History:
    before: str
    ours: Changes
    texts: tuple[str, ...]
    encoding: str

    def user_changes(self, first: int, last: int) -> Changes:
        """What the content changes from one text to a later one did together."""
        changes: Changes = ()
        for i in range(first, last):
            span = changed_span(self.texts[i], self.texts[i + 1])
            if span is not None:
                changes = compose(changes, (span,))
        return changes

    def _candidates(self, at: int) -> list[tuple[Changes, bool]]:
        """How our edit may apply to a text: rebased over the user's changes, or stale."""
        text = self.texts[at]
        moved = rebase(self.ours, self.user_changes(0, at), self.before)
        right = None if moved is None else apply(text, moved)
        stale = self._stale(text)
        candidates = [] if moved is None else [(moved, True)]
        if stale is not None and apply(text, stale) not in (text, right, *self._maybe_right(text)):
            candidates.append((stale, False))
        return candidates

    def _maybe_right(self, *texts: str) -> list[str]:
        """What our edit may make of the last text, where equal lines leave the way to it open."""
        ways = changed_in_steps((self.before, *texts))
        moved = [rebase(self.ours, changes, self.before) for changes in ways]
        return [apply(texts[-1], changes) for changes in moved if changes is not None]

    def _maybe_landed(self, last: int) -> bool:
        """Whether a content change up to a text may have been our edit in its right place."""
        return any(
            self.texts[at + 1] in self._maybe_right(*way)
            for at in range(last)
            for way in ((self.texts[at],), self.texts[: at + 1])
        )

    def _stale(self, text: str) -> Changes | None:
        """Our edit's positions, taken from ``before``, looked up in another text."""
        then, now = LineIndex(self.before), LineIndex(text)
        changes: list[Change] = []
        for change in self.ours:
            start = now.offset(*then.position(change.start, self.encoding), self.encoding)
            end = now.offset(*then.position(change.end, self.encoding), self.encoding)
            if start > end or (changes and changes[-1].end > start):
                return None
            changes.append(Change(start, end, change.text))
        return tuple(changes)

    def arrivals(self) -> list[_Arrival]:
        """Where content changes did exactly what our edit does, and nothing else."""
        found: list[_Arrival] = []
        for at in range(len(self.texts) - 1):
            if found and at < found[-1].last:
                continue
            for changes, right in self._candidates(at):
                last = self._complete(at, changes)
                if last:
                    found.append(_Arrival(at, last, changes, right))
        return found

    def _complete(self, at: int, changes: Changes) -> int:
        """The text in which ``changes`` to one text are complete; 0 where they never are.

        A client may send each of them as a content change of its own, first or last first.
        Neovim does so by way of an empty line at the end of the file.
        """
        text = self.texts[at]
        count = len(changes)
        whole = apply(text, changes)
        for last in range(at + 1, min(at + count + 2, len(self.texts))):
            now, step = self.texts[last], min(last - at, count)
            if now == whole:
                return last
            parts = (apply(text, changes[:step]), apply(text, changes[count - step :]))
            if now not in parts and content_of(now) not in parts:
                return 0
        return 0

    def arrived_in_pieces(self) -> bool:
        """Whether the last text is exactly ours, and each one on the way there is a beginning of
        the one and an end of the other: Helix sends the lines of an edit that differ."""
        whole = apply(self.before, self.ours)
        return self.texts[-1] == whole and all(
            is_join(text, whole, self.before) or is_join(text, self.before, whole)
            for text in self.texts[1:-1]
        )

    def judge(self, arrival: _Arrival, merged: Changes = ()) -> Landing:
        """What an arrival means for the last text.

        ``merged`` is what the same content change did besides our edit.
        """
        text = self.texts[arrival.first]
        ours_in = apply(text, arrival.changes)
        inverse = invert(text, arrival.changes)
        later = compose(merged, self.user_changes(arrival.last, len(self.texts) - 1))
        if not arrival.right:
            if ours_in in self._maybe_right(*self.texts[: arrival.first + 1]):
                return Unclear()
            back = rebase(inverse, later, ours_in)
            return Unclear() if back is None else Misplaced(apply(self.texts[-1], back))
        theirs = rebase(later, inverse, ours_in)
        if theirs is None:
            return Unclear()
        user = compose(self.user_changes(0, arrival.first), theirs)
        moved = rebase(self.ours, user, self.before)
        if moved is None or apply(apply(self.before, user), moved) != self.texts[-1]:
            return Unclear()
        return Applied(user)

    def merged(self) -> list[Landing]:
        """Verdicts where one content change may hold both our edit and the user's typing.

        Only a strict proof counts: the user's part, seen from the text with our edit and again
        from the text without it, must not even touch ours, wherever equal lines leave its place
        uncertain.
        """
        verdicts: list[Landing] = []
        for at in range(len(self.texts) - 1):
            text = self.texts[at]
            for changes, right in self._candidates(at):
                if not right and self._maybe_landed(at + 1):
                    continue
                spans = changed_spans(apply(text, changes), self.texts[at + 1])
                if not spans:
                    continue
                theirs = rebase(spans, invert(text, changes))
                if theirs is None:
                    continue
                seen = changed_spans(text, apply(text, theirs))
                moved = None if seen is None else rebase(changes, seen)
                if seen is None or moved is None:
                    continue
                if apply(apply(text, seen), moved) == self.texts[at + 1]:
                    verdicts.append(self.judge(_Arrival(at, at + 1, changes, right), spans))
        return verdicts

    def merged_stale(self) -> str | None:
        """The text without our edit, where the first content change held typing above the place
        of our edit and our edit at stale positions.

        The typing is the head of that text, and behind it stands what stood there before. The
        lines there, down to our place, must all differ, and one above must still be above.
        """
        merged = self.texts[1] if len(self.texts) > 1 else self.before
        user = self._under_ours(merged)
        stale = self._stale(user) if user is not None and user != self.before else None
        if user is None or stale is None or apply(user, stale) != merged:
            return None
        index, lines = LineIndex(self.before), split_lines(user)
        first, end = index.line_of(self.ours[0].start), index.line_of(self.ours[-1].end)
        added = len(lines) - len(split_lines(self.before))
        between = lines[max(first - 1, 0) : end + added + 1]
        above = split_lines(self.before)[: max(first - added, 0)]
        if not above or above[-1] != lines[first - 1] or len(set(between)) < len(between):
            return None
        back = rebase(invert(user, stale), self.user_changes(1, len(self.texts) - 1), merged)
        return None if back is None else apply(self.texts[-1], back)

    def _under_ours(self, text: str) -> str | None:
        """The lines of ``text`` above our first stale line, then what ``before`` has from there on:
        more than follows our place, for typing above that adds lines moves it down. Else None."""
        first = LineIndex(self.before).line_of(self.ours[0].start)
        old, new = split_lines(self.before), split_lines(text)
        more = sum(
            len(split_lines(change.text)) - len(split_lines(self.before[change.start : change.end]))
            for change in self.ours
        )
        tail = len(new) - more - first
        if not len(old) - first < tail <= len(old) or first > len(new):
            return None
        return "".join([*new[:first], *old[len(old) - tail :]])

    def never_landed(self) -> bool:
        """Whether the texts show that no part of our edit is in.

        What our edit adds was never added, and what it removes still stands.
        """
        adds, removes = self._lines()
        user = self.user_changes(0, len(self.texts) - 1)
        intact = rebase(self.ours, user, self.before) is not None
        if not adds:
            breaks = min(len(split_lines(self.before[c.start : c.end])) for c in self.ours)
            return intact and all(
                self._removed_breaks(i) < max(breaks, 1) for i in range(len(self.texts) - 1)
            )
        for line in adds:
            counts = [text.count(line) for text in self.texts]
            if any(later > earlier for earlier, later in pairwise(counts)):
                return False
        return intact or any(
            self.texts[-1].count(line) >= self.before.count(line) for line in removes
        )

    def _lines(self) -> tuple[set[str], set[str]]:
        """The lines, without blanks around them, that our edit adds and those it removes."""
        adds: Counter[str] = Counter()
        for change in self.ours:
            adds.update(_stripped(split_lines(change.text)))
            adds.subtract(_stripped(split_lines(self.before[change.start : change.end])))
        return {line for line in adds if adds[line] > 0}, {line for line in adds if adds[line] < 0}

    def _removed_breaks(self, step: int) -> int:
        span = changed_span(self.texts[step], self.texts[step + 1])
        if span is None:
            return 0
        removed = self.texts[step][span.start : span.end]
        return len(split_lines(removed)) - len(split_lines(span.text))


def _stripped(lines: Iterable[str]) -> list[str]:
    return [line for line in (content_of(line).strip() for line in lines) if line]
