"""How a program's request is refused: by its parameters, or with what happened."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.ledger.errors import BudgetUnknownError, OverBudgetError
from streetrace_lsp.lsp.chat_documents import BusyError, NoChatError
from streetrace_lsp.lsp.chat_sources import NotAttachedError
from streetrace_lsp.lsp.params import ParamsError
from streetrace_lsp.lsp.protocol import RefusedError
from streetrace_lsp.lsp.trust import NotTrustedError
from streetrace_lsp.prompts.trim import PromptTooLargeError
from streetrace_lsp.routing.errors import (
    GrantNeededError,
    NotConfiguredError,
    RoutingError,
    UntrustedError,
)
from streetrace_lsp.routing.events import BackendError
from streetrace_lsp.routing.spending import UnknownPriceError

Params = TypeVar("Params")

log = logging.getLogger("streetrace_lsp.requests")

# What kept a request from being made, for programs; the kinds of faults are `BackendError`'s.
# The first that fits counts.
_KINDS: tuple[tuple[type[StreetraceError], str], ...] = (
    (NoChatError, "no_chat"),
    (BusyError, "busy"),
    (NotAttachedError, "not_attached"),
    (NotTrustedError, "untrusted"),
    (UntrustedError, "untrusted"),
    (GrantNeededError, "untrusted"),
    (NotConfiguredError, "not_configured"),
    (UnknownPriceError, "price"),
    (OverBudgetError, "budget"),
    (BudgetUnknownError, "budget"),
    (PromptTooLargeError, "context"),
    (RoutingError, "target"),
)
_OTHERWISE = "refused"
KINDS = frozenset(word for _, word in _KINDS) | {_OTHERWISE}


def read(reader: Callable[[Any], Params], params: Any) -> Params:
    """The parameters as ``reader`` takes them. Raises `RefusedError`."""
    try:
        return reader(params)
    except ParamsError as error:
        raise RefusedError.of_params(str(error)) from error


def kind_of(error: StreetraceError) -> str:
    """What happened, by a word of docs/protocol.md."""
    if isinstance(error, BackendError):
        return error.kind
    return next((word for cause, word in _KINDS if isinstance(error, cause)), _OTHERWISE)


def refused(
    error: StreetraceError,
    backend: str | None,
    what: str,
    worded: Callable[[str], str] = str,
) -> RefusedError:
    """The answer to the request ``what`` that failed; ``backend`` was asked last.

    ``worded`` names the commands that the person has.
    """
    kind = kind_of(error)
    log.info("%s: kind=%s backend=%s", what, kind, backend)
    return RefusedError.of_request(
        error.message, {"kind": kind, "backend": backend, "nextStep": worded(error.next_step)}
    )
