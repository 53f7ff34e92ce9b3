"""What to do when nothing says which model to ask."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from streetrace_lsp.config.configuration import Configuration

from .errors import NotConfiguredError, RoutingError
from .providers import PROVIDERS
from .targets import Target, resolve

_NO_CHAT: Final = re.compile(r"embed|minilm|\bbge|rerank|e5-|nomic|whisper|guard", re.IGNORECASE)
_CODER: Final = re.compile(r"code|devstral|starcoder", re.IGNORECASE)


@dataclass(frozen=True)
class Offer:
    """A provider whose key variable is set: to be offered once, and never used unasked.

    Record the answer with ``TrustStore.answer_offer(offer.provider, offer.target)``, or with
    None instead of the target for a no; then load the configuration again.
    """

    provider: str
    target: str
    variable: str
    message: str


def choose_without_configuration(
    configuration: Configuration, task: str, installed_models: Sequence[str] | None
) -> Target | Offer:
    """What to ask where `resolve` raised `NotConfiguredError`.

    ``installed_models`` are the names of Ollama's models on this machine, None when it does
    not answer. Raises that `NotConfiguredError` when there is nothing to ask or to offer.
    """
    chat = chat_models(installed_models or ())
    if chat:
        return resolve(configuration, task, f"ollama/{chat[0]}")
    offer = None if configuration.settings.local_only else _offer(configuration)
    if offer is not None:
        return offer
    try:
        return resolve(configuration, task)
    except NotConfiguredError as error:
        if installed_models is None:
            raise
        raise RoutingError(
            "No model is configured, and Ollama has no chat model.",
            "Run: ollama pull qwen2.5-coder",
        ) from error


def chat_models(names: Sequence[str]) -> list[str]:
    """Those of the models that answer in words, coders first, else in the order given."""
    chat = [name for name in names if not _NO_CHAT.search(name)]
    # Stable: among equals, the order of Ollama's own list, newest first.
    return sorted(chat, key=lambda name: 0 if _CODER.search(name) else 1)


def _offer(configuration: Configuration) -> Offer | None:
    shell = configuration.variables.shell_only()
    for provider in PROVIDERS.values():
        if not provider.starter or provider.name in configuration.offers:
            continue
        if any(shell.has(name) for name in provider.base_variables):
            continue  # it leads elsewhere, where nobody knows which models there are
        variable = next((name for name in provider.key_variables if shell.has(name)), None)
        if variable is None:
            continue
        target = f"{provider.name}/{provider.starter}"
        message = (
            f"No model is configured. {variable} is set: use {target}? "
            f"Your code would be sent to {provider.title}."
        )
        return Offer(provider.name, target, variable, message)
    return None
