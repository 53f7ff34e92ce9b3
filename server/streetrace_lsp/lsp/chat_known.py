"""What completion in a chat can offer: from the workspace folder and what is open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streetrace_lsp.chat.complete import Known
from streetrace_lsp.chat.symbol import names
from streetrace_lsp.chat.transcript import Transcript
from streetrace_lsp.chat.workspace import paths
from streetrace_lsp.lsp.chat_models import targets
from streetrace_lsp.lsp.chat_sources import sources_of

if TYPE_CHECKING:
    from streetrace_lsp.lsp.mirror import Document
    from streetrace_lsp.lsp.server import StreetraceServer


def known(server: StreetraceServer, document: Document, transcript: Transcript) -> Known:
    """What there is for this chat. Open files come first."""
    sources = sources_of(server, document.uri, transcript.turns, by_meaning=False)
    settings = server.settings.of(document.uri).settings
    texts = [one.text for one in server.mirror.documents() if not server.chats.holds(one.uri)]
    opened = [path for path in sources.opened_paths if not path.startswith(".env")]

    def files() -> Iterator[str]:
        yield from opened
        yield from paths(sources.root, sources.rules)

    def symbols() -> Iterator[str]:
        for text in texts:
            yield from names(text)

    return Known(
        files,
        symbols,
        _selections(server, sources.opened_paths),
        [(name, one.title) for name, one in server.settings.actions(document.uri).items()],
        targets(settings),
    )


def _selections(server: StreetraceServer, opened: tuple[str, ...]) -> list[str]:
    """The lines where the person was last."""
    seen = server.chats.last_place
    if seen is None:
        return []
    path = server.settings.relative(seen.uri)
    first, last = seen.range.start.line + 1, seen.range.end.line + 1
    return [f"{path}:{first}-{last}"] if path in opened else []
