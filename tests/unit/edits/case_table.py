"""Reads the case tables in ``cases/``.

A case is text between lines that start with ``§``::

    § case NAME
    § file PATH [raw]         the file before; raw: escapes such as \\r and no final newline
    § selection PATH A-B      whole lines, 1-based; or PATH A:C-B:D with 0-based characters
    § options unfinished partial default=PATH
    § reply [raw]
    § after PATH [raw]        the file afterwards; "§ deleted PATH" where it is gone
    § refused CODE [LINE…]    instead of after: why nothing changes, with candidate lines

A case without ``after`` and ``refused`` changes nothing and refuses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from streetrace_lsp.edits.lines import LineIndex

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


CASES = [case for path in sorted(FOLDER.glob("*.txt")) for case in read(path)]
APPLIED = [case for case in CASES if case.after and not case.refused]
