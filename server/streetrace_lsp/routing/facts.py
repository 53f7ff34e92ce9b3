"""What servers say of their models, asked once in a session: prices and windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import listing
from .events import BackendError
from .model_facts import ModelFacts

if TYPE_CHECKING:
    from .session import Session
    from .targets import Target


async def learn(session: Session, target: Target) -> None:
    """Puts what the target's server lists of its model into ``session.facts``, once.

    A server that says nothing, or can't be reached, is asked again next time: the request
    itself tells the person what is wrong.
    """
    known_as = (target.backend, target.model)
    if known_as in session.facts:
        return
    try:
        listed = await listing.models(session.host, target)
    except BackendError:
        return
    found = listing.known(listed, target.model, ollama=target.adapter == "ollama")
    session.facts[known_as] = found.facts if found is not None else ModelFacts()
