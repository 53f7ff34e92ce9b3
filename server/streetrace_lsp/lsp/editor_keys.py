"""Asks the editor for the keys that it holds, one by one, when one of them is needed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeVar

from streetrace_lsp.errors import StreetraceError
from streetrace_lsp.lsp.params import VERSION
from streetrace_lsp.lsp.register_keys import KEY

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration
    from streetrace_lsp.lsp.server import StreetraceServer

log = logging.getLogger("streetrace_lsp.keys")

T = TypeVar("T")

# The editor may have to ask a person to unlock its store, in seconds.
_PATIENCE: Final = 120.0


async def with_keys(server: StreetraceServer, look: Callable[[], Awaitable[T]]) -> T:
    """What ``look`` gives once it has every key that it looks up and the editor holds.

    Which keys those are is decided where every key is looked up: after trust, for an address that
    the person agreed to. Nothing is asked of the editor for a look that looks up none.
    Raises what ``look`` raises.
    """
    keys = server.settings.editor_keys
    while True:
        keys.missing.clear()
        try:
            found = await look()
        except StreetraceError:
            if not keys.missing:
                raise
        else:
            if not keys.missing:
                return found
        for name in sorted(keys.missing):
            keys.take(name, await _asked(server, name))


async def have_keys(
    server: StreetraceServer,
    configuration: Configuration,
    wanted: Iterable[tuple[str, str]] | None = None,
) -> None:
    """Take the keys of target strings, each with its task; without them of all that are configured.

    For who looks them up later, where nobody can wait for the editor.
    """
    from streetrace_lsp.config.needed import targets
    from streetrace_lsp.routing.targets import resolve_all

    if not server.settings.editor_keys:
        return

    several = list(targets(configuration.settings) if wanted is None else wanted)

    async def look() -> None:
        for target, task in several:
            with suppress(StreetraceError):
                resolve_all(configuration, task, target)

    await with_keys(server, look)


async def have_all_keys(server: StreetraceServer, configuration: Configuration) -> None:
    """The same of every backend: for who tests them or lists what they have."""
    from streetrace_lsp.routing.diagnose import wanted_targets

    wanted = [target for target in wanted_targets(configuration) if target is not None]
    await have_keys(server, configuration, ((target, "edit") for target in wanted))


async def _asked(server: StreetraceServer, name: str) -> str | None:
    request = server.protocol.send_request_async(KEY, {"version": VERSION, "name": name})
    try:
        async with asyncio.timeout(_PATIENCE):
            answer = await request
    except asyncio.CancelledError:
        raise
    except Exception as error:
        # Its text is not logged: nobody knows what an editor puts into it.
        log.warning("the editor did not give the key %s: %s", name, type(error).__name__)
        return None
    key = answer.get("key") if isinstance(answer, dict) else getattr(answer, "key", None)
    return key if isinstance(key, str) else None
