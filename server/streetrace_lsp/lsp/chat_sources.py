"""What a chat's turns attach, from the editor's open documents and the workspace folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pygls.uris import from_fs_path

from streetrace_lsp.chat.attach import Refusal, refuse
from streetrace_lsp.chat.attachments import attachments, lines_of
from streetrace_lsp.chat.messages import Attached, Said
from streetrace_lsp.chat.resolve import Embed, Sources, resolve, selected_in
from streetrace_lsp.chat.transcript import Turn
from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp.editor_keys import with_keys
from streetrace_lsp.lsp.settings import local_path
from streetrace_lsp.requests.guidance import rules_of

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.lsp.server import StreetraceServer
    from streetrace_lsp.routing.selector import Selection
    from streetrace_lsp.routing.targets import Target


class NotAttachedError(StreetraceError):
    """What a question attaches can't be sent. Nothing was."""

    is_failure = False


@dataclass(frozen=True)
class Spoken:
    """The turns as they are sent; the model that the last question's first words name; and what
    was kept from a model that ranked what a search found, in words."""

    said: tuple[Said, ...]
    named: Selection | None
    withheld: tuple[str, ...]


async def said_of(
    server: StreetraceServer, uri: str, turns: Sequence[Turn], *, by_meaning: bool = True
) -> Spoken:
    """What is said in a chat. Without ``by_meaning`` no model is asked to rank what is found.

    Raises `NotAttachedError` for the last question; what an earlier one attached and is no longer
    to be had is left out.
    """
    from streetrace_lsp.routing.selector import select

    withheld: list[str] = []
    sources = sources_of(server, uri, turns, by_meaning=by_meaning)
    sources = replace(sources, withheld=withheld.extend)
    said = []
    for number, turn in enumerate(turns):
        attached: tuple[Attached, ...] = ()
        if turn.speaker == "you":
            attached = await _attached(server, turn, sources, strict=number == len(turns) - 1)
        said.append(Said(turn.speaker, turn.text.strip(), attached))
    named = select(said[-1].text, server.settings.of(uri).settings)
    if named is not None and named.rest.strip():
        said[-1] = Said("you", named.rest.strip(), said[-1].attached)
    else:
        named = None
    return Spoken(tuple(said), named, tuple(dict.fromkeys(withheld)))


def sources_of(
    server: StreetraceServer, uri: str, turns: Sequence[Turn], *, by_meaning: bool = True
) -> Sources:
    """Where the attachments of this chat come from; without ``by_meaning`` no model is asked."""
    # Without a workspace folder there are no files, and none of the server's own are sent.
    root = server.chats.workspace_of(uri) or server.state_dir / "no-workspace"
    configuration = server.settings.of(uri)
    project = configuration.project
    rules = rules_of(configuration, server.ignore_files)
    paths, diagnostics = [], []
    for document in server.mirror.documents():
        path = local_path(document.uri)
        if path is None or server.chats.holds(document.uri) or not path.is_relative_to(root):
            continue
        name = path.relative_to(root).as_posix()
        paths.append(name)
        # What is said of a file's lines may quote them.
        if refuse(root, name, rules) is not None:
            continue
        for one in server.chats.diagnostics(document):
            line = one.range.start.line + 1
            diagnostics.append(f"{name}:{line}: {' '.join(one.message.split())}")

    def opened(place: Path) -> str | None:
        document = server.mirror.get_document(from_fs_path(str(place)) or "")
        return document.text if document is not None else None

    return Sources(
        root,
        opened,
        tuple(paths),
        tuple(diagnostics),
        trusted=project is not None and project.status == "trusted",
        embed=_embed(server, configuration) if by_meaning else None,
        actions={name: one.prompt for name, one in server.settings.actions(uri).items()},
        selected=selected_in([turn.text for turn in turns if turn.speaker == "you"]),
        rules=rules,
    )


async def _attached(
    server: StreetraceServer, turn: Turn, sources: Sources, *, strict: bool
) -> tuple[Attached, ...]:
    found: list[Attached] = []
    for one in attachments(turn.text, sources.actions):
        sent = await resolve(one, sources)
        if not isinstance(sent, Refusal):
            found += sent
            lines = lines_of(one.argument) if one.argument else sources.selected
            if one.kind == "selection" and lines is not None:
                server.chats.attached(sources.root, lines, sent[0].text)
        elif strict:
            raise NotAttachedError(sent.message, "Nothing was sent.")
    return tuple(found)


def _embed(server: StreetraceServer, configuration: Configuration) -> Embed | None:
    if configuration.settings.defaults.embedding_backend is None:
        return None

    async def vectors(texts: Sequence[str]) -> list[list[float]]:
        from streetrace_lsp.routing.embed import embed_for, embedding_target

        async def look() -> Target:
            return embedding_target(configuration)

        await with_keys(server, look)
        return await embed_for(server.session, configuration, texts)

    return vectors
