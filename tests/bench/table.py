"""The table that `make bench` prints: a ratio for each row, and the limit that it has to keep."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """One measurement beside its reference. ``unit`` is for people; only the ratio is judged."""

    what: str
    ours: float
    reference: float
    unit: str
    limit: float
    note: str = ""
    #: a ratio found in a better way than by dividing the two
    found: float | None = None

    @property
    def ratio(self) -> float:
        return self.ours / self.reference if self.found is None else self.found

    @property
    def kept(self) -> bool:
        return self.ratio <= self.limit

    def __str__(self) -> str:
        return (
            f"{self.what}: {self.ours:.2f} {self.unit} is {self.ratio:.2f} times the reference's "
            f"{self.reference:.2f} {self.unit}; at most {self.limit:.2f} is allowed"
        )


@dataclass
class Table:
    """All rows of a run, and what was looked at without a ratio."""

    rows: list[Row] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def judge(self, *rows: Row) -> None:
        """Add the rows; fail when one exceeds its limit."""
        self.rows += rows
        exceeded = [str(row) for row in rows if not row.kept]
        assert not exceeded, "\n".join(exceeded)

    def text(self) -> str:
        """The table for a terminal."""
        head = ("", "ours", "reference", "ratio", "limit", "", "")
        cells = [head, *(_cells(row) for row in self.rows)]
        widths = [max(len(line[column]) for line in cells) for column in range(len(head))]
        lines = []
        for line in cells:
            first, *numbers, verdict, note = line
            shown = [f"{n:>{w}}" for n, w in zip(numbers, widths[1:5], strict=True)]
            begin = f"{first:<{widths[0]}}"
            lines.append("  ".join([begin, *shown, f"{verdict:<{widths[5]}}", note]).rstrip())
        return "\n".join([*lines, *self.remarks])


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.what,
        f"{row.ours:.2f} {row.unit}",
        f"{row.reference:.2f} {row.unit}",
        f"{row.ratio:.2f}",
        f"{row.limit:.2f}",
        "ok" if row.kept else "EXCEEDED",
        row.note,
    )
