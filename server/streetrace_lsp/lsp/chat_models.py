"""Which models a chat may name: those of the configuration, whoever wrote the chat.

A chat may come with a repository. What its text says must not send a question to a provider that
the person has only a key for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streetrace_lsp.requests.outcome import RefusedError
from streetrace_lsp.routing.configured import configured_models

if TYPE_CHECKING:
    from streetrace_lsp.config.model import Settings


def targets(settings: Settings) -> list[str]:
    """The targets that are configured, pools first."""
    return [*settings.pools, *(model.target for model in configured_models(settings))]


def is_configured(settings: Settings, target: str) -> bool:
    """Whether a target is configured, or a model of a backend that is."""
    return target.partition("/")[0] in settings.backends or target in targets(settings)


def model_of(settings: Settings, chosen: str | None, in_chat: str | None) -> str | None:
    """The target that is asked: the one ``chosen`` by a program for this once, or the one that the
    chat names; None where it is the configured one. Raises `RefusedError` for a chat's that is not
    configured; what a program chooses is judged by its route, as every target is."""
    if chosen is None and in_chat and not is_configured(settings, in_chat):
        raise RefusedError(
            f"The chat names the model {in_chat}, which is not configured. Nothing was sent.",
            "Choose another one with “Streetrace: Change model”.",
        )
    return chosen or in_chat
