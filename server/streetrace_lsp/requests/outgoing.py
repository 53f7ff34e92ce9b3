"""A request as it leaves the machine: without secrets, and with the way back to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from streetrace_lsp.edits.changes import Change, apply
from streetrace_lsp.edits.plan_types import Hunk, Plan, Refusal
from streetrace_lsp.prompts.build import Ask, Guidance
from streetrace_lsp.prompts.redaction import Cleaned, Redaction, redact
from streetrace_lsp.requests.selection import whole_lines

_INSTRUCTION = "the instruction"
_PROMPT = "the action's prompt"


@dataclass(frozen=True)
class Outgoing:
    """``ask`` is what goes into the prompt, ``asked`` what a person asked, secrets included."""

    asked: Ask
    ask: Ask
    redaction: Redaction

    @property
    def withheld(self) -> tuple[str, ...]:
        """What was kept out of the request, in words."""
        return (*self.asked.kept_out, *self.redaction.withheld)

    def put_back(self, found: Plan, bases: Mapping[str, str]) -> Plan:
        """A plan for the real text out of one for the text that was sent, which is in ``bases``.

        A plan with a refusal where it does not keep every secret once.
        """
        asked = {self.ask.snapshot.path: self.asked.snapshot.text}
        return put_back(found, self.redaction, asked, bases)


def put_back(
    found: Plan, redaction: Redaction, real: Mapping[str, str], bases: Mapping[str, str]
) -> Plan:
    """A plan for ``real``, the texts of some files with their secrets, by path.

    ``found`` is one for ``bases``: those texts as ``redaction`` cleaned them, by the same names,
    and others. A plan with a refusal where it does not keep every secret once.
    """
    if not redaction.secrets:
        return found
    for name, new in found.files.items():
        reason = redaction.unfaithful(bases.get(name, ""), new or "")
        if reason is not None:
            message = f"{reason}. Every {redaction.marker}_… has to stay as it is, once."
            return _refused(found, name, "secret", f"The edit to {name}: {message}")
    hunks = tuple(
        _real(hunk, redaction, real[hunk.path]) if hunk.path in real else hunk
        for hunk in found.hunks
    )
    files = {
        name: redaction.restored(new) if name in real and new is not None else new
        for name, new in found.files.items()
    }
    for name, text in real.items():
        if not _agree(name, text, hunks, files):
            return _refused(found, name, "unverified", f"The edit to {name} could not be verified.")
    return replace(found, files=files, hunks=hunks)


def _refused(found: Plan, name: str, code: str, message: str) -> Plan:
    return replace(found, files={}, hunks=(), refusals=(Refusal(name, 0, code, message),))


def _real(hunk: Hunk, redaction: Redaction, text: str) -> Hunk:
    cleaned = redaction.cleaned[hunk.path]
    start, end = cleaned.original(hunk.start), cleaned.original(hunk.end)
    return Hunk(hunk.path, start, end, text[start:end], redaction.restored(hunk.new))


def outgoing(ask: Ask) -> Outgoing:
    """Take the secrets out of all that a request says. Takes a while for a large file: call it on
    a thread."""
    path = ask.snapshot.path
    rules = {_named(one, path): one for one in ask.guidance}
    reported = {f"diagnostic {number}": said for number, said in enumerate(ask.diagnostics, 1)}
    redaction = redact(
        {
            path: ask.snapshot.text,
            **reported,
            _INSTRUCTION: ask.instruction,
            _PROMPT: ask.action.prompt,
            **{name: one.text for name, one in rules.items()},
        }
    )
    start, end = _selected(redaction.cleaned[path], ask.start, ask.end)
    clean = replace(
        ask,
        action=replace(ask.action, prompt=redaction.text(_PROMPT)),
        snapshot=replace(ask.snapshot, text=redaction.text(path)),
        start=start,
        end=end,
        instruction=redaction.text(_INSTRUCTION),
        diagnostics=tuple(map(redaction.text, reported)),
        comment=_selected(redaction.cleaned[path], *ask.comment) if ask.comment else None,
        guidance=tuple(replace(one, text=redaction.text(name)) for name, one in rules.items()),
    )
    return Outgoing(ask, clean, redaction)


def _named(one: Guidance, path: str) -> str:
    return one.name if one.name != path else f"{one.name}, as rules"


def _selected(cleaned: Cleaned, start: int, end: int) -> tuple[int, int]:
    """The selection in the text that goes out; a secret that it cuts is in it whole."""
    first, last = cleaned.offset(start), cleaned.offset(end, end=True)
    cut = any(one.start < edge < one.end for one in cleaned.held for edge in (start, end))
    return whole_lines(cleaned.text, first, last) if cut else (first, last)


def _agree(path: str, text: str, hunks: tuple[Hunk, ...], files: dict[str, str | None]) -> bool:
    """Whether the hunks of the file say the same as its new text."""
    new = files.get(path)
    if new is None:
        return True
    changes = [Change(one.start, one.end, one.new) for one in hunks if one.path == path]
    return apply(text, changes) == new
