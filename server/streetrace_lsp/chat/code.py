"""The code blocks of a chat's answers, by number, and the file that each names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from streetrace_lsp.chat.blocks import Block, blocks
from streetrace_lsp.chat.escaping import unescape
from streetrace_lsp.chat.transcript import Transcript

# A path alone on its line, perhaps as code, bold, or with a colon; or behind the language.
_PATH = re.compile(r"[\w.@+~-]+(?:/[\w.@+~ -]+)*\.\w+|(?:[\w.@+~-]+/)+[\w.@+~-]+")
_EDIT = re.compile(r"^(?:<{5,9} SEARCH|\*\*\* Begin Patch)", re.MULTILINE)
_AROUND = "`*_:# \t"


@dataclass(frozen=True)
class Code:
    """One block, counted from 1 through the document; offsets are the document's.

    An answer with edits that stand outside of every fence is a block itself, before its others.

    ``reply`` is the block as a model's reply, its path first; ``path`` the file it names, or empty.
    """

    number: int
    text: str
    reply: str
    path: str
    start: int
    end: int


def code_in(transcript: Transcript) -> Iterator[Code]:
    """The code blocks of all answers, in their order."""
    number = 0
    for place in transcript.places:
        if place.turn.speaker != "assistant":
            continue
        found = list(blocks(place.raw))
        inside = [(block.start, block.end) for block in found]
        bare = [mark.start() for mark in _EDIT.finditer(place.raw)]
        if any(not any(start <= at < end for start, end in inside) for at in bare):
            # Edits without a fence: the answer as a whole is the block.
            number += 1
            said = place.turn.text
            yield Code(number, said, said, "", place.body, place.words_end)
        for block in found:
            number += 1
            text = unescape(block.text)
            end = "" if not text or text.endswith(("\n", "\r")) else "\n"
            label = unescape(block.label)
            reply = f"{block.fence}{unescape(block.info)}\n{text}{end}{block.fence}\n"
            start = place.body + block.start
            yield Code(
                number,
                text,
                f"{label}\n{reply}" if label else reply,
                _path(block),
                start,
                place.body + block.end,
            )


def _path(block: Block) -> str:
    behind = block.info.split(maxsplit=1)[1:]
    for words in (block.label.strip(_AROUND), *behind, block.info):
        if _PATH.fullmatch(words):
            return words
    return ""
