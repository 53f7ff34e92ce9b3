"""A conversation as it leaves the machine: what fits, without secrets, under a project's rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from streetrace_lsp.chat.messages import Attached, Fitted, Message, Overflow, Said, fit, whole
from streetrace_lsp.prompts.build import Guidance, estimate_tokens, ruled
from streetrace_lsp.prompts.redaction import Redaction, redact


@dataclass(frozen=True)
class Sent:
    """The messages, an estimate of their tokens, and how many of the oldest turns are left out.

    ``room``: the tokens that a prompt may have, where that is known. ``redaction`` leads back to
    the secrets.
    """

    messages: list[Message]
    tokens: int
    left_out: int = 0
    room: int | None = None
    redaction: Redaction = field(default_factory=lambda: Redaction({}))


def outgoing(
    said: Sequence[Said],
    rules: Sequence[Guidance] = (),
    room: int | None = None,
    *,
    overflow: Overflow = "trim",
    model: str = "",
) -> Sent:
    """The turns that take at most ``room`` tokens, with the rules before them.

    What is sent has no secrets in it, also none that only a turn before gave away. That takes a
    while: use a thread. Raises ``PromptTooLargeError``.
    """
    # What the rules take is estimated with their secrets, which is about the same.
    space = None if room is None else room - size_of(rules)
    fitted = _fitted(said, space, overflow, model)
    first = fitted.left_out
    clean, rules, redaction = _clean(said[first:], said[:first], rules)
    left_out, messages, tokens = first, fitted.messages, fitted.tokens
    if redaction.secrets:
        # With place-holders it may be longer.
        fitted = _fitted(clean, space, overflow, model)
        left_out, messages, tokens = first + fitted.left_out, fitted.messages, fitted.tokens
    if rules:
        system = {**messages[0], "content": messages[0]["content"] + ruled(rules)}
        messages = [system, *messages[1:]]
        tokens = estimate_tokens(messages)
    return Sent(messages, tokens, left_out, room, redaction)


def size_of(rules: Sequence[Guidance]) -> int:
    """An estimate of the tokens that the rules take."""
    return estimate_tokens([{"content": ruled(rules)}]) if rules else 0


def _fitted(said: Sequence[Said], room: int | None, overflow: Overflow, model: str) -> Fitted:
    if room is None:
        return whole(said)
    return fit(said, room, overflow=overflow, model=model)


def _clean(
    said: Sequence[Said], before: Sequence[Said], rules: Sequence[Guidance]
) -> tuple[Sequence[Said], Sequence[Guidance], Redaction]:
    """The same without secrets. What is attached several times stays one and the same.

    ``before``: the turns that stand before these and are left out.
    """
    turns = {number: f"turn {len(before) + number}" for number in range(1, len(said) + 1)}
    texts = {turns[number]: one.text for number, one in enumerate(said, 1)}
    names: dict[Attached, str] = {}
    for one in said:
        for attached in one.attached:
            if attached not in names:
                # The last word of a title is a path, whose ending says what kind of file it is.
                same = sum(name.endswith(attached.title) for name in names.values())
                names[attached] = f"{same + 1}. {attached.title}" if same else attached.title
                texts[names[attached]] = attached.text
    ruling = {one.name: one for one in rules}
    texts |= {name: one.text for name, one in ruling.items()}
    redaction = redact(texts, [one.text for one in before])
    if not redaction.secrets:
        return said, rules, redaction
    clean = {
        attached: replace(attached, text=redaction.text(name)) for attached, name in names.items()
    }
    spoken = [
        Said(
            one.speaker,
            redaction.text(turns[number]),
            tuple(clean[attached] for attached in one.attached),
        )
        for number, one in enumerate(said, 1)
    ]
    return (
        spoken,
        [replace(one, text=redaction.text(name)) for name, one in ruling.items()],
        redaction,
    )
