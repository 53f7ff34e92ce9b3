"""A prompt that is too large is made to fit, or refused: before anything is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from streetrace_lsp.errors import StreetraceError

from .build import Prompt, Surroundings, estimate_tokens, with_surroundings

Overflow = Literal["trim", "refuse"]


class PromptTooLargeError(StreetraceError):
    """A prompt that does not fit into the model's window. Nothing was sent."""

    is_failure = False


def fit(prompt: Prompt, room: int, *, overflow: Overflow = "trim", model: str) -> Prompt:
    """The prompt in at most ``room`` tokens.

    ``trim`` leaves out whole lines of what stands around the selection, the furthest first: those
    outside of the symbol around it before those within, the imports last, and never the selection
    itself. ``Prompt.left_out`` then says what is missing, in words.
    ``model`` is how messages name the target. Raises `PromptTooLargeError`.
    """
    if prompt.tokens <= room:
        return prompt
    least = _within(prompt, 0)
    if overflow == "trim" and least.tokens > room:
        least = _within(_without_imports(prompt), 0)
        if least.tokens <= room:
            prompt = _without_imports(prompt)
    if overflow == "refuse" or least.tokens > room:
        raise _too_large(prompt, least, room, model)
    low, high = 0, _reach(prompt.surroundings)
    while low < high:
        middle = (low + high + 1) // 2
        if _within(prompt, middle).tokens <= room:
            low = middle
        else:
            high = middle - 1
    return _within(prompt, low)


def _reach(around: Surroundings | None) -> int:
    if around is None:
        return 0
    rest = max(len(around.before) - around.own_before, len(around.behind) - around.own_behind)
    return max(around.own_before, around.own_behind) + rest


def _without_imports(prompt: Prompt) -> Prompt:
    around = prompt.surroundings
    return with_surroundings(prompt, replace(around, imports=())) if around is not None else prompt


def _within(prompt: Prompt, distance: int) -> Prompt:
    """The prompt with the whole lines that lie within this many characters of the selection.

    What is outside of the symbol around the selection counts as further than all of that.
    """
    around = prompt.surroundings
    if around is None:
        return prompt
    beyond = max(0, distance - max(around.own_before, around.own_behind))
    reach = min(distance, around.own_before) + beyond
    before = around.before[max(0, len(around.before) - reach) :]
    if len(before) < len(around.before):
        cut = len(around.before) - len(before)
        starts_line = around.before[cut - 1 : cut] == "\n"
        before = before if starts_line else before[before.find("\n") + 1 or len(before) :]
    behind = around.behind[: min(distance, around.own_behind) + beyond]
    if len(behind) < len(around.behind):
        behind = behind[: behind.rfind("\n") + 1]
    return with_surroundings(prompt, replace(around, before=before, behind=behind))


def _too_large(prompt: Prompt, least: Prompt, room: int, model: str) -> PromptTooLargeError:
    said = f"The prompt takes about {prompt.tokens:,} tokens, and {model} has room for {room:,}"
    if least.tokens <= room:
        around = prompt.tokens - least.tokens
        return PromptTooLargeError(
            f"{said}; the code around the selection takes {around:,} of them.",
            'Write overflow = "trim" under [context] to leave out the furthest of it, select '
            "less, or choose a model with a larger window.",
        )
    selected = estimate_tokens([{"content": _selected(prompt)}])
    return PromptTooLargeError(
        f"{said}; the selection alone takes about {selected:,}.",
        "Select less, or choose a model with a larger window.",
    )


def _selected(prompt: Prompt) -> str:
    return prompt.surroundings.selected if prompt.surroundings is not None else ""
