"""What goes to the model: the messages for one action on one place of a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from streetrace_lsp.prompts.actions import Action
from streetrace_lsp.prompts.around import around, imports_of, line_range, own, room_of
from streetrace_lsp.prompts.task import listed, written

EditFormat = Literal["selection", "search-replace"]

# A selection of up to this many lines comes back whole; larger ones as search/replace.
SELECTION_LINES = 150
# One token is about this many characters of code; used for estimates only.
CHARACTERS_PER_TOKEN = 3.5

_ROLE = "You are a careful programmer working inside an editor."
_SELECTION_FORMAT = (
    "Answer with the whole replacement of the selected lines in exactly one code block, opened "
    "and closed by {fence}. Give nothing but the selected lines, with their indentation: no "
    "line that stands before or behind the selection, no omission, no placeholder. After the "
    "block you may say in one sentence what you changed."
)
_SEARCH_FORMAT = """\
Answer with one or more blocks of exactly this form:

{path}
<<<<<<< SEARCH
lines of the file, copied exactly, enough of them to be found only once
=======
the lines that take their place
>>>>>>> REPLACE

Copy the searched lines to the letter, blanks included. Change as few lines as possible. \
Never abbreviate and never write placeholders. Outside the blocks you may say in one \
sentence what you changed."""
_REPAIR = (
    "Nothing was applied, for the reasons below. Answer once more, completely and in the same "
    "form, with every block corrected."
)
_COMMENT = "Remove the comment that gives this instruction: its line is not in the result."
_GUIDANCE = "What follows are rules of this project, from its file {name}."
_ANSWER_FORMAT = "Answer in Markdown. Do not repeat code that needs no comment."


def _no_others(_: str) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class Snapshot:
    """A document at one moment. ``path`` is relative to its root, with '/'."""

    path: str
    text: str
    language: str


@dataclass(frozen=True)
class Guidance:
    """A rules file of the project: its path from the workspace folder, and its text."""

    name: str
    text: str


@dataclass(frozen=True)
class Ask:
    """One request of a person: an action on a span of a snapshot, in code point offsets."""

    action: Action
    snapshot: Snapshot
    start: int
    end: int
    instruction: str = ""
    diagnostics: Sequence[str] = ()
    # Given a reply, the texts of the other files it speaks of, by path.
    others: Callable[[str], Mapping[str, str]] = _no_others
    # The rules of the project that join what is asked.
    guidance: Sequence[Guidance] = ()
    # What was kept out of it before it was asked, in words.
    kept_out: Sequence[str] = ()
    # The line of the comment that gives the instruction: an edit removes it.
    comment: tuple[int, int] | None = None


@dataclass(frozen=True)
class Surroundings:
    """What a prompt is made of, so that it can be made again with less around the selection.

    ``before`` and ``behind``: whole lines of the file that touch the selection. ``lines_before``,
    ``lines_behind``: how many could go along. ``head``, ``tail``: what comes first and last.
    ``place``: the selected lines' numbers, in words. ``placed``: the selection is in the tail.
    ``own_before``, ``own_behind``: how many characters of them are of the symbol around the
    selection. ``imports``: how far before the selection each import begins, and its lines.
    """

    head: tuple[str, ...]
    before: str
    selected: str
    behind: str
    tail: tuple[str, ...]
    fence: str
    place: str
    placed: bool
    lines_before: int
    lines_behind: int
    own_before: int = 0
    own_behind: int = 0
    imports: tuple[tuple[int, str], ...] = ()

    @property
    def imported(self) -> str:
        """The imports that do not stand in what goes along before the selection."""
        return "".join(text for far, text in self.imports if far > len(self.before))


@dataclass(frozen=True)
class Prompt:
    """The messages for a model, the edit format they ask for, and what was left out.

    ``left_out``: in words, what of the file is not in it. ``tokens``: an estimate.
    """

    messages: list[dict[str, str]]
    edit_format: EditFormat
    left_out: tuple[str, ...] = ()
    tokens: int = field(default=0)
    surroundings: Surroundings | None = field(default=None, repr=False)


def build(ask: Ask, edit_format: str = "auto") -> Prompt:
    """Build the prompt. The same request gives the same messages, byte for byte.

    ``edit_format`` is ``auto``, ``selection`` or ``search-replace``; ``auto`` asks for the
    whole selection where it is short, which small models do most reliably.
    """
    text = ask.snapshot.text
    selected = text[ask.start : ask.end]
    chosen = _format(edit_format, selected)
    fence = _fence(text)
    room = room_of(ask)
    before, behind = around(ask, room)
    placed = ask.action.placeholders
    tail = []
    if ask.diagnostics and "diagnostics" not in placed:
        tail.append(f"Diagnostics:\n{listed(ask.diagnostics)}")
    values = {
        "language": ask.snapshot.language,
        "file": ask.snapshot.path,
        "diagnostics": listed(ask.diagnostics) or "none",
        "instruction": ask.instruction,
    }
    task = written(ask.action.prompt.rstrip(), selected, fence, values)
    if ask.instruction and "instruction" not in placed:
        task += f"\n\nInstruction: {ask.instruction}"
    if ask.comment is not None and ask.action.output == "edit":
        task += f"\n\n{_COMMENT}"
    tail.append(f"Task: {task}")

    if ask.action.output == "answer":
        rules = _ANSWER_FORMAT
    elif chosen == "selection":
        rules = _SELECTION_FORMAT.format(fence=fence)
    else:
        rules = _SEARCH_FORMAT.format(path=ask.snapshot.path)
    first, last = room
    unfinished = ask.end < last and not text.endswith("\n", 0, last)
    surroundings = Surroundings(
        (f"File: {ask.snapshot.path}", f"Language: {ask.snapshot.language}"),
        before,
        selected,
        behind,
        tuple(tail),
        fence,
        line_range(ask),
        "selection" in placed,
        text.count("\n", first, ask.start),
        text.count("\n", ask.end, last) + unfinished,
        *own(ask, len(before), len(behind)),
        imports_of(ask),
    )
    system = {"role": "system", "content": f"{_ROLE} {rules}{ruled(ask.guidance)}"}
    return with_surroundings(Prompt([system], chosen), surroundings)


def ruled(guidance: Sequence[Guidance]) -> str:
    """A project's rules as they stand behind our own instructions; nothing where there are none."""
    return "".join(
        f"\n\n{_GUIDANCE.format(name=one.name)}\n\n{one.text.strip()}" for one in guidance
    )


def with_surroundings(prompt: Prompt, around: Surroundings) -> Prompt:
    """The prompt with this around its selection; what follows the request itself stays."""
    parts = [*around.head]
    if around.imported:
        parts.append(_block("Imports:", around.imported, around.fence))
    if around.before.strip():
        parts.append(_block("Before the selection:", around.before, around.fence))
    if around.placed:
        parts.append(f"Selected: {around.place}, which the task below shows")
    else:
        parts.append(_block(f"Selected ({around.place}):", around.selected, around.fence))
    if around.behind.strip():
        parts.append(_block("Behind the selection:", around.behind, around.fence))
    request = {"role": "user", "content": "\n\n".join([*parts, *around.tail])}
    messages = [prompt.messages[0], request, *prompt.messages[2:]]
    return replace(
        prompt,
        messages=messages,
        left_out=_left_out(around),
        tokens=estimate_tokens(messages),
        surroundings=around,
    )


def build_repair(prompt: Prompt, reply: str, reasons: Sequence[str]) -> Prompt:
    """The prompt of the one repair round: the reply, and why it could not be applied."""
    quoted = "\n".join(f"- {reason}" for reason in reasons)
    messages = [
        *prompt.messages,
        {"role": "assistant", "content": reply},
        {"role": "user", "content": f"{_REPAIR}\n{quoted}"},
    ]
    return replace(prompt, messages=messages, tokens=estimate_tokens(messages))


def estimate_tokens(messages: Sequence[dict[str, str]]) -> int:
    """About how many tokens the messages take; the exact count comes with the answer."""
    return sum(_tokens(m["content"]) for m in messages) + 8 * len(messages)


def _tokens(text: str) -> int:
    # Scripts beyond ASCII take about a token per character: half of one for each further byte.
    further = 0 if text.isascii() else len(text.encode("utf-8", "surrogatepass")) - len(text)
    return int(len(text) / CHARACTERS_PER_TOKEN + further / 2)


def _format(wanted: str, selected: str) -> EditFormat:
    if wanted == "selection":
        return "selection"
    if wanted == "search-replace":
        return "search-replace"
    return "selection" if selected.count("\n") < SELECTION_LINES else "search-replace"


def _fence(text: str) -> str:
    """A fence longer than any run of backticks in the text (CommonMark 4.5)."""
    longest = run = 0
    for char in text:
        run = run + 1 if char == "`" else 0
        longest = max(longest, run)
    return "`" * max(3, longest + 1)


def _block(title: str, content: str, fence: str) -> str:
    # A model sees one kind of line end; the engine gives new text the file's own.
    content = content.replace("\r\n", "\n")
    end = "" if content.endswith("\n") else "\n"
    return f"{title}\n{fence}\n{content}{end}{fence}"


def _left_out(around: Surroundings) -> tuple[str, ...]:
    behind = around.behind
    unfinished = bool(behind) and not behind.endswith("\n")
    missing = (
        ("first", around.lines_before - around.before.count("\n")),
        ("last", around.lines_behind - behind.count("\n") - unfinished),
    )
    return tuple(
        (f"the {which} line" if lines == 1 else f"the {which} {lines} lines")
        + (" but the imports" if which == "first" and around.imported else "")
        for which, lines in missing
        if lines > 0
    )
