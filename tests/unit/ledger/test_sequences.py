"""Random reservations, bookings and deaths in several processes never exceed a limit."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ledger_children import Child

LIMIT = 100
PROJECT_LIMIT = 70
LIMITS = [("person", "month", LIMIT), ("project", "month", PROJECT_LIMIT)]
PROJECTS = ["/a", "/b"]

which = st.integers(0, 2)


class Editors(RuleBasedStateMachine):
    """Three processes. The model knows exactly which reservation must be granted."""

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.editors = [Child(self.folder) for _ in range(3)]
        self.held: dict[str, tuple[int, str, int]] = {}
        self.spent = dict.fromkeys(PROJECTS, 0)

    @rule(editor=which, project=st.sampled_from(PROJECTS), amount=st.integers(1, 60))
    def reserve(self, editor: int, project: str, amount: int) -> None:
        answer = self.editors[editor].ask("reserve", amount=amount, limits=LIMITS, project=project)
        of_project = self.counted(project)
        fits = of_project + amount <= PROJECT_LIMIT and self.counted(*PROJECTS) + amount <= LIMIT
        assert ("id" in answer) == fits, answer
        if fits:
            self.held[answer["id"]] = (editor, project, amount)

    @precondition(lambda self: self.held)
    @rule(data=st.data(), share=st.integers(0, 100))
    def settle(self, data: st.DataObject, share: int) -> None:
        id_ = self.one_of_the_held(data)
        editor, project, amount = self.held.pop(id_)
        # Of an unknown cost all that was reserved counts.
        cost = None if share == 0 else amount * share // 100
        self.editors[editor].ask("settle", id=id_, cost=cost, project=project)
        self.spent[project] += amount if cost is None else cost

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        id_ = self.one_of_the_held(data)
        editor, _, _ = self.held.pop(id_)
        self.editors[editor].ask("release", id=id_)

    @rule(editor=which)
    def die(self, editor: int) -> None:
        with self.editors[editor] as child:
            child.kill()
        self.editors[editor] = Child(self.folder)
        # Nobody knows what these came to, so all that was reserved counts.
        for id_, (owner, project, amount) in list(self.held.items()):
            if owner == editor:
                del self.held[id_]
                self.spent[project] += amount

    @invariant()
    def what_is_in_the_file_is_within_the_limits(self) -> None:
        file = self.folder / "usage.sqlite3"
        if not file.exists():
            return
        with closing(sqlite3.connect(file)) as connection:
            if not connection.execute("PRAGMA user_version").fetchone()[0]:
                return
            booked = "SELECT project, counted FROM requests"
            rows = connection.execute(booked).fetchall()
            held = connection.execute("SELECT id, project, amount FROM reservations").fetchall()
        # Those of the dead are booked with the next reservation.
        dead = [amount for id_, _, amount in held if id_ not in self.held]
        assert len(held) - len(dead) == len(self.held)
        assert sum([amount for _, amount in rows] + dead) == sum(self.spent.values())
        assert sum(amount for *_, amount in [*rows, *held]) <= LIMIT

    def one_of_the_held(self, data: st.DataObject) -> str:
        # By its place: the ids are different ones in every run.
        return list(self.held)[data.draw(st.integers(0, len(self.held) - 1))]

    def counted(self, *projects: str) -> int:
        running = sum(amount for _, project, amount in self.held.values() if project in projects)
        return running + sum(self.spent[project] for project in projects)

    def teardown(self) -> None:
        for child in self.editors:
            with child:
                child.kill()
        shutil.rmtree(self.folder)


TestEditors = Editors.TestCase
TestEditors.settings = settings(
    max_examples=max(8, settings().max_examples // 6), stateful_step_count=25, deadline=None
)
