"""What was found out about one target, as data: for the command line and for editors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .key_found import KeyFound

if TYPE_CHECKING:
    from .prices import PriceOf


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, in a sentence, and what to do about it, in another."""

    message: str
    next_step: str


@dataclass(frozen=True)
class Diagnosis:
    """What was found out about one target. None: not known, or not looked for.

    ``wanted``: the target string, None for what serves when nothing is configured. ``declared``:
    where, in words. ``endpoint``: an address, None where the provider's own is meant, or
    none is known yet. ``program``: the name of the one that `launch` starts. ``listed``:
    whether the server's list has the model; ``loaded`` whether it is in memory; ``closest`` the
    name that was probably meant. ``window`` in tokens. ``proxy`` and ``ca_bundle``: the way out,
    without passwords. ``contacted``: whether anything was sent at all. ``seconds``: how long the
    call of one token took; None when it did not succeed.
    """

    wanted: str | None
    declared: str = ""
    provider: str | None = None
    backend: str | None = None
    model: str | None = None
    endpoint: str | None = None
    program: str | None = None
    local: bool = False
    key: KeyFound | None = None
    listed: bool | None = None
    loaded: bool | None = None
    closest: str | None = None
    window: int | None = None
    price: PriceOf | None = None
    proxy: str | None = None
    ca_bundle: str | None = None
    note: str = ""
    contacted: bool = False
    seconds: float | None = None
    answered: bool = False
    fault: Fault | None = None
