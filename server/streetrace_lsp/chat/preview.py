"""What Send would send of a chat, before it is sent: to look at, and to send exactly that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streetrace_lsp.chat.messages import Said
from streetrace_lsp.chat.outgoing import Sent
from streetrace_lsp.chat.talk import made_for, room_at, turns_left_out
from streetrace_lsp.chat.transcript import Turn
from streetrace_lsp.requests.guidance import Joining
from streetrace_lsp.requests.preview import Page, costs

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.routing.route import Route
    from streetrace_lsp.routing.session import Session


@dataclass(frozen=True)
class Previewed:
    """``turns`` of a chat as they would be sent under ``rules``, and what a person sees of that.

    ``model``: the target string that led there; None where it is the configured one.
    """

    turns: tuple[Turn, ...]
    rules: Joining
    sent: Sent
    page: Page
    model: str | None = None


async def preview(
    said: Sequence[Said],
    rules: Joining,
    route: Route,
    session: Session,
    configuration: Configuration,
    notes: Sequence[str] = (),
) -> tuple[Sent, Page]:
    """What would be sent to the first target of the route. Nobody is contacted.

    Raises ``PromptTooLargeError``.
    """
    _, sent = await made_for(route.first, said, rules, session, configuration, offline=True)
    attached = [one.title for turn in said[sent.left_out :] for one in turn.attached]
    left_out = f"{turns_left_out(sent)}, since {room_at(route.first, sent)}"
    return sent, Page(
        route.first,
        sent.messages,
        sent.tokens,
        (*dict.fromkeys(attached), *(one.name for one in rules.guidance)),
        (left_out,) if sent.left_out else (),
        (*rules.left_out, *sent.redaction.withheld),
        await costs(route, session, configuration, sent.tokens),
        tuple(notes),
    )
