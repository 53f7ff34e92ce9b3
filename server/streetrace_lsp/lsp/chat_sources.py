"""What a chat's turns attach, from the editor's open documents and the workspace folder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from streetrace_lsp.chat.messages import Said
from streetrace_lsp.chat.transcript import Turn

if TYPE_CHECKING:
    from streetrace_lsp.lsp.server import StreetraceServer
    from streetrace_lsp.routing.selector import Selection


async def said_of(
    server: StreetraceServer, uri: str, turns: Sequence[Turn]
) -> tuple[tuple[Said, ...], Selection | None]:
    """The turns as they are sent, and the model that the last question's first words name."""
    from streetrace_lsp.routing.selector import select

    question = turns[-1].text.strip()
    named = select(question, server.settings.of(uri).settings)
    if named is not None and not named.rest.strip():
        named = None
    said = []
    for turn in turns:
        said.append(Said(turn.speaker, turn.text.strip()))
    return tuple(said), named
