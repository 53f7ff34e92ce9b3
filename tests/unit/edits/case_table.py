"""Reads the case tables in ``cases/``.

A case is text between lines that start with ``§``::

    § case NAME
    § file PATH [raw]         the file before; raw: escapes such as \\r and no final newline
    § selection PATH A-B      whole lines, 1-based; or PATH A:C-B:D with 0-based characters
    § options unfinished partial default=PATH
    § reply [raw]
    § after PATH [raw]        the file afterwards; "§ deleted PATH" where it is gone
    § refused CODE [LINE…]    instead of after: why nothing changes, with candidate lines

A case without ``after`` and ``refused`` changes nothing and refuses nothing. With ``§ old [raw]``
and ``§ new [raw]`` in the place of ``§ reply`` it is a case of every grammar in every spelling,
but for those that ``§ not NAME`` leaves out; ``§ above`` is what the reply says before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from replies import VARIANTS

from streetrace_lsp.edits.lines import LineIndex, content_of, split_lines

FOLDER = Path(__file__).parent / "cases"


@dataclass
class Case:
    name: str
    files: dict[str, str] = field(default_factory=dict)
    after: dict[str, str | None] = field(default_factory=dict)
    refused: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    reply: str = ""
    selection: tuple[str, int, int] | None = None
    finished: bool = True
    partial: bool = False
    default_path: str | None = None
    old: list[str] | None = None
    new: list[str] = field(default_factory=list)
    above: str = ""
    left_out: list[str] = field(default_factory=list)

    @property
    def cuts(self) -> range:
        """Where to cut the reply: everywhere, and every few characters in a spelled one."""
        return range(0, len(self.reply), 5 if self.old is not None else 1)


def _selection(case: Case, path: str, where: str) -> tuple[str, int, int]:
    index = LineIndex(case.files[path])
    first, _, last = where.partition("-")
    if ":" in where:
        (a, b), (c, d) = (map(int, one.split(":")) for one in (first, last))
        return path, index.line_start(a - 1) + b, index.line_start(c - 1) + d
    return path, index.line_start(int(first) - 1), index.line_start(int(last))


def _text(lines: list[str], raw: bool) -> str:
    if raw:
        joined = "".join(lines)
        return joined.encode("latin-1", "backslashreplace").decode("unicode_escape")
    return "".join(line + "\n" for line in lines)


def _fill(case: Case, kind: str, words: list[str], lines: list[str]) -> None:
    text = _text(lines, "raw" in words)
    match kind:
        case "file":
            case.files[words[0]] = text
        case "after":
            case.after[words[0]] = text
        case "deleted":
            case.after[words[0]] = None
        case "reply":
            case.reply = text
        case "old":
            case.old = [content_of(line) for line in split_lines(text)]
        case "new":
            case.new = [content_of(line) for line in split_lines(text)]
        case "above":
            case.above = text
        case "not":
            case.left_out.append(" ".join(words))
        case "refused":
            case.refused.append((words[0], tuple(map(int, words[1:]))))
        case "selection":
            case.selection = _selection(case, *words)
        case "options":
            case.finished = "unfinished" not in words
            case.partial = "partial" in words
            case.default_path = next((w[8:] for w in words if w.startswith("default=")), None)
        case _:
            raise ValueError(f"{case.name}: unknown section {kind}")


def read(path: Path) -> list[Case]:
    cases: list[Case] = []
    sections: list[tuple[list[str], list[str]]] = []
    for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
        if line.startswith("§ "):
            sections.append((line[2:].split(), []))
        elif sections:
            sections[-1][1].append(line)
    for (kind, *words), lines in sections:
        if kind == "case":
            cases.append(Case(f"{path.stem}: {' '.join(words)}"))
        else:
            _fill(cases[-1], kind, words, lines)
    return cases


def spelled(case: Case) -> Iterator[Case]:
    """The case itself, or one for each spelling of its edit."""
    if case.old is None:
        yield case
        return
    assert set(case.left_out) <= set(VARIANTS), case.left_out
    for name, render in VARIANTS.items():
        if name not in case.left_out:
            reply = case.above + render(case.old, case.new)
            yield replace(case, name=f"{case.name}: {name}", reply=reply)


CASES = [
    one for path in sorted(FOLDER.glob("*.txt")) for case in read(path) for one in spelled(case)
]
APPLIED = [case for case in CASES if case.after and not case.refused]
