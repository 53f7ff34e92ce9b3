"""What the server of one target says: what it is, what it has, and to a call of one token."""

from __future__ import annotations

import asyncio
import re
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from streetrace_lsp.errors import StreetraceError

from . import listing
from .call import reply
from .diagnosis import Diagnosis, Fault
from .events import BackendError, Finished, Reasoning, Text
from .key_found import KeyFound
from .targets import Target

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration

    from .host import ModelHost
    from .launch import LocalServers
    from .prices import PriceOf

_QUESTION: Final = ({"role": "user", "content": "Say yes."},)
# Seconds until the first token, where nobody configured another limit.
FIRST_TOKEN: Final = 60.0
# What a server answers that has no page of readiness, or not for this key.
_NOT_OFFERED: Final = frozenset({401, 403, 404, 405})
# What other requests advise, and what is said of them.
_NOT_HERE: Final = ("; `streetrace-lsp doctor` tests it", "Nothing was changed; ")
# After these nothing else about the same server is worth a try.
_UNREACHABLE: Final = frozenset(
    {"connect", "dns", "tls", "network", "proxy", "refused_origin", "crashed", "timeout_total"}
)
# A model that thinks first has no room for it in one token; that it says so is an answer.
_TOO_SHORT: Final = re.compile(r"max_tokens or model output limit was reached")


class Probe:
    """One target's check: first what the server says of itself, then a call of one token."""

    def __init__(
        self,
        configuration: Configuration,
        host: ModelHost,
        found: Diagnosis,
        target: Target | None,
        servers: LocalServers | None,
    ) -> None:
        self._configuration = configuration
        self._host = host
        self._found = found
        self._target = target
        self._servers = servers

    async def run(self, one_at_a_time: asyncio.Lock) -> Diagnosis:
        """The finished diagnosis; a failure is part of it."""
        target = self._target
        if target is None:
            return self._found
        try:
            if target.adapter == "replay":
                return self._recordings(target)
            if not target.local:
                return await self._asked(target)
            async with one_at_a_time:
                return await self._asked(await self._started(target))
        except StreetraceError as error:
            fault = self._advice(error, target)
            return replace(self._found, fault=fault)

    def _recordings(self, target: Target) -> Diagnosis:
        folder = target.recordings
        if folder is not None and folder.is_dir():
            return replace(self._found, endpoint=str(folder), answered=True)
        return replace(
            self._found,
            endpoint=str(folder),
            fault=Fault(f"The folder of recordings {folder} is missing.", "Make it, or record."),
        )

    async def _started(self, target: Target) -> Target:
        if target.launch is None or self._servers is None:
            return target
        from .origins import parse_address

        base = await self._servers.ensure(target.backend, target.launch, lambda _: None)
        self._found = replace(self._found, endpoint=base)
        return replace(target, api_base=base, origins=(parse_address(base).origin,))

    async def _asked(self, target: Target) -> Diagnosis:
        self._found = replace(self._found, contacted=True)
        if target.provider == "litellm_proxy":
            await self._ready(target)
        await self._look_up(target)
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            seconds = await self._one_token(target)
        except BackendError as error:
            if not _TOO_SHORT.search(error.message):
                raise
            seconds = None
        if seconds is None:
            seconds = loop.time() - began
        if target.launch is not None:
            # It was started with one model, lists it by the name of its file, and answers to any.
            self._found = replace(self._found, closest=None)
        return replace(self._found, seconds=seconds, answered=True)

    async def _ready(self, target: Target) -> None:
        try:
            await listing.ready(self._host, target)
        except BackendError as error:
            # A proxy behind another server may serve models alone.
            if error.status not in _NOT_OFFERED:
                raise

    async def _look_up(self, target: Target) -> None:
        """Adds what the server's list says of the model, and what window and price follow."""
        listed: list[listing.Listed] | None = None
        if listing.can_list(target):
            try:
                listed = await listing.models(self._host, target)
            except BackendError as error:
                # A key that may ask may still not be allowed to list.
                if error.kind in _UNREACHABLE:
                    raise
        one = None
        if listed is not None:
            one = listing.known(listed, target.model, ollama=target.adapter == "ollama")
            self._found = replace(
                self._found,
                listed=one is not None,
                loaded=one.loaded if one else None,
                closest=None if one else listing.closest(listed, target.model),
            )
        # LiteLLM's table is a large file.
        window, price = await asyncio.to_thread(self._facts, target, one)
        self._found = replace(self._found, window=window, price=price)

    def _facts(
        self, target: Target, one: listing.Listed | None
    ) -> tuple[int | None, PriceOf | None]:
        from .prices import price_for
        from .windows import window_of

        facts = one.facts if one is not None else None
        price = price_for(self._configuration, target, wanted=self._found.wanted, facts=facts)
        return window_of(self._configuration, target, facts), price

    async def _one_token(self, target: Target) -> float | None:
        """Seconds from when the request left, where they are known."""
        small = replace(
            target, options={"timeout_first": FIRST_TOKEN, **target.options, "max_tokens": 1}
        )
        said, reason = False, ""
        seconds = None
        async with aclosing(reply(self._host, small, _QUESTION)) as events:
            async for event in events:
                if isinstance(event, Finished):
                    reason, seconds = event.reason, event.duration
                elif isinstance(event, Text | Reasoning):
                    said = said or bool(event.text)
        # A model that thinks first may have no room for a word.
        if not said and reason != "length":
            raise BackendError(
                "malformed",
                f'Backend "{target.backend}" answered without any text.',
                "Check that this is a model for chats, and what the log of its server says.",
            )
        return seconds

    def _advice(self, error: StreetraceError, target: Target) -> Fault:
        step = error.next_step
        missing = isinstance(error, BackendError) and error.kind == "not_found"
        if missing and self._found.closest:
            step = f'Did you mean "{self._found.closest}"? {step}'
        refused = isinstance(error, BackendError) and error.kind == "auth"
        key = self._found.key
        if refused and target.key is None and key is not None and key.mistaken:
            step = f"{key.mistaken} is set, but it is not read. {step}"
        if refused and key is not None and key.found == "none needed":
            self._found = replace(self._found, key=KeyFound("none sent"))
        for words in _NOT_HERE:
            step = step.replace(words, "")
        return Fault(error.message, f"{step[:1].upper()}{step[1:]}")


class EmbeddingProbe(Probe):
    """The check of the model for searching: it is asked for a vector instead of a token."""

    async def _one_token(self, target: Target) -> float | None:
        from .embed import embed

        soon = replace(target, options={"timeout_total": FIRST_TOKEN, **target.options})
        await embed(self._host, soon, ["Say yes."])
        return None
