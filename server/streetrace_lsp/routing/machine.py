"""Which model servers run on this machine, and which chat models they have."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from streetrace_lsp.config.configuration import Configuration
from streetrace_lsp.config.model import Settings
from streetrace_lsp.errors import StreetraceError

from . import listing
from .origins import Origin, parse_address
from .providers import PROVIDERS
from .refusals import is_cloud_model
from .targets import Target, resolve
from .unconfigured import chat_models

if TYPE_CHECKING:
    from streetrace_lsp.config.variables import Variables

    from .host import ModelHost

# llama.cpp's server stands where llamafile, which is made of it, stands as well.
SERVERS: Final = ("ollama", "lm_studio", "llamafile", "hosted_vllm")
# Seconds: a server on this machine lists its models at once.
_LISTING: Final = 5.0
_MOST: Final = 200


@dataclass(frozen=True)
class FoundServer:
    """A server that answered. ``chat``: its chat models on this machine, coders first.

    ``usual``: it stands where its provider's servers stand by default.
    """

    provider: str
    base: str
    usual: bool
    chat: tuple[str, ...]

    @property
    def title(self) -> str:
        """For people."""
        return "llama-server" if self.provider == "llamafile" else PROVIDERS[self.provider].title


async def servers(variables: Variables, host: ModelHost) -> tuple[FoundServer, ...]:
    """The servers that answer on loopback, at the addresses of the variables or the usual ones.

    Nothing else is contacted, and no key is sent. One that is silent, or speaks otherwise, is
    not there.
    """
    blank = Configuration(Settings(), variables=variables.shell_only())
    targets: dict[Origin, Target] = {}
    for name in SERVERS:
        target = _target(blank, name)
        if target is not None:
            targets.setdefault(_same(target.origins[0]), target)
    if not targets:
        return ()
    # Its start is not part of anybody's time to answer.
    await host.prewarm("replay")
    found = await asyncio.gather(*(_ask(host, target) for target in targets.values()))
    return tuple(one for one in found if one is not None)


def _target(blank: Configuration, name: str) -> Target | None:
    """The provider's server on this machine, without a key; None where it is elsewhere."""
    try:
        target = resolve(blank, "ask", f"{name}/any")
    except StreetraceError:
        return None
    if not target.origins or not all(origin.loopback for origin in target.origins):
        return None
    return replace(
        target,
        key=None,
        key_variable=None,
        key_variables=(),
        headers={},
        credentials={},
        options={**target.options, "timeout_total": _LISTING},
    )


async def _ask(host: ModelHost, target: Target) -> FoundServer | None:
    try:
        listed = await listing.models(host, target)
    except StreetraceError:
        return None
    base = target.api_base or ""
    names = [one.name for one in listed[:_MOST]]
    here = [name for name in names if not is_cloud_model(name)]
    chat = chat_models(here)
    usual = PROVIDERS[target.provider].base or ""
    same = _same(parse_address(usual).origin) == _same(target.origins[0])
    return FoundServer(target.provider, base, same, tuple(chat))


def _same(origin: Origin) -> Origin:
    """One name for this machine."""
    return replace(origin, host="localhost")


def best_first(found: Sequence[FoundServer]) -> list[FoundServer]:
    """Those that can answer before those that can't; else as they are looked for."""
    return sorted(found, key=lambda server: not server.chat)
