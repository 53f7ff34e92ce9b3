"""A conversation without the secrets in it and in what it attaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from streetrace_lsp.chat.messages import Attached, Said
from streetrace_lsp.prompts.redaction import redact


def without_secrets(said: Sequence[Said]) -> tuple[tuple[Said, ...], tuple[str, ...]]:
    """The turns as they go out, and what was withheld, in words. Takes a while: use a thread.

    What is attached several times stays one and the same.
    """
    names: dict[Attached, str] = {}
    texts = {f"turn {number}": one.text for number, one in enumerate(said, 1)}
    for one in said:
        for attached in one.attached:
            if attached not in names:
                # The last word of a title is a path, whose ending says what kind of file it is.
                same = sum(name.endswith(attached.title) for name in names.values())
                names[attached] = f"{same + 1}. {attached.title}" if same else attached.title
                texts[names[attached]] = attached.text
    redaction = redact(texts)
    if not redaction.secrets:
        return tuple(said), ()
    clean = {
        attached: replace(attached, text=redaction.text(name)) for attached, name in names.items()
    }
    turns = tuple(
        Said(
            one.speaker,
            redaction.text(f"turn {number}"),
            tuple(clean[attached] for attached in one.attached),
        )
        for number, one in enumerate(said, 1)
    )
    return turns, redaction.withheld
