"""What is sent of a conversation: as much of it as fits, the newest first of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from streetrace_lsp.chat.blocks import fence_for
from streetrace_lsp.chat.transcript import Speaker
from streetrace_lsp.prompts.build import estimate_tokens
from streetrace_lsp.prompts.trim import PromptTooLargeError

Message = dict[str, str]
Overflow = Literal["trim", "refuse"]

_SYSTEM = (
    "You are a careful programmer, asked in a chat inside an editor. Answer in Markdown, briefly. "
    "Where you propose to change a file, write its path on a line of its own and right below it "
    "one code block with search/replace blocks (<<<<<<< SEARCH, =======, >>>>>>> REPLACE) that "
    "copy the searched lines to the letter; for a new file the block holds the whole file. "
    "Attached files stand at the end of the message that names them, as they are now."
)
CONTINUE = "Your answer was cut off. Write on exactly where it ends, and repeat nothing of it."
COMPACT = (
    "Sum up this conversation for somebody who goes on with it and has not read it: what was "
    "asked, what was found and decided, names and paths, what is open. Be brief and exact."
)


@dataclass(frozen=True)
class Attached:
    """Something that a turn attaches, by the words that name it; ``language`` for its fence."""

    title: str
    text: str
    language: str = ""


@dataclass(frozen=True)
class Said:
    """One turn to send."""

    speaker: Speaker
    text: str
    attached: tuple[Attached, ...] = ()


@dataclass(frozen=True)
class Fitted:
    """The messages, an estimate of their tokens, and how many of the oldest turns are left out."""

    messages: list[Message]
    tokens: int
    left_out: int = 0


def whole(said: Sequence[Said]) -> Fitted:
    """All of the conversation."""
    return _from(said, 0)


def size(said: Sequence[Said]) -> int:
    """An estimate of the tokens of all of it, at the most."""
    texts = [_SYSTEM, *(one.text for one in said)]
    texts += [_shown(attached) for one in said for attached in one.attached]
    return estimate_tokens([{"content": text} for text in texts])


def fit(said: Sequence[Said], room: int, *, overflow: Overflow = "trim", model: str) -> Fitted:
    """The newest turns that take at most ``room`` tokens, an earlier question before its answer.

    Each thing is attached once, where it is named first. Raises ``PromptTooLargeError``: the last
    question does not fit even alone, or nothing may be left out (``refuse``).
    """
    best: int | None = None
    seen: set[Attached] = set()
    tokens = _tokens(_SYSTEM)
    total = 0
    for number in range(len(said) - 1, -1, -1):
        one = said[number]
        new = [attached for attached in one.attached if attached not in seen]
        seen.update(new)
        tokens += _tokens(one.text + "".join(map(_shown, new)))
        if tokens <= room and one.speaker == "you":
            best = number
        total = tokens
        if tokens > room and overflow == "trim":
            break
    if best is None or (best > 0 and overflow == "refuse"):
        raise _too_large(said, total, room, model, alone=best is None)
    return _from(said, best)


def _from(said: Sequence[Said], first: int) -> Fitted:
    messages: list[Message] = [{"role": "system", "content": _SYSTEM}]
    seen: set[Attached] = set()
    for one in said[first:]:
        content = one.text
        for attached in one.attached:
            if attached not in seen:
                seen.add(attached)
                content += _shown(attached)
        role = "user" if one.speaker == "you" else "assistant"
        if messages[-1]["role"] == role:
            # Many backends want the two to take turns.
            messages[-1]["content"] += f"\n\n{content}"
        else:
            messages.append({"role": role, "content": content})
    return Fitted(messages, estimate_tokens(messages), first)


def _shown(attached: Attached) -> str:
    text = attached.text.replace("\r\n", "\n")
    fence = fence_for(text)
    end = "" if not text or text.endswith("\n") else "\n"
    return f"\n\n{attached.title}:\n{fence}{attached.language}\n{text}{end}{fence}"


def _tokens(text: str) -> int:
    return estimate_tokens([{"content": text}])


def _too_large(
    said: Sequence[Said], tokens: int, room: int, model: str, *, alone: bool
) -> PromptTooLargeError:
    if alone:
        last = _tokens(said[-1].text + "".join(map(_shown, said[-1].attached))) if said else tokens
        return PromptTooLargeError(
            f"The question takes about {last:,} tokens with what it attaches, and {model} has "
            f"room for {room:,}. Nothing was sent.",
            "Attach less, or choose a model with a larger window.",
        )
    return PromptTooLargeError(
        f"The conversation takes about {tokens:,} tokens, and {model} has room for {room:,}. "
        "Nothing was sent.",
        'Write overflow = "trim" under [context] to leave out the oldest turns, compact the chat, '
        "or choose a model with a larger window.",
    )
