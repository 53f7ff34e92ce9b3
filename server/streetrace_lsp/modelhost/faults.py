"""A request that failed, inside the child: one exception that carries plain facts."""

from __future__ import annotations

from typing import TypedDict, Unpack

from .wire import Fault


class _Facts(TypedDict, total=False):
    status: int | None
    retry_after: float | None
    host: str | None
    port: int | None
    next_step: str
    detail: str


class HostFaultError(Exception):
    """Raised by adapters. ``said`` is for the user, ``detail`` for the log; see ``wire.Fault``."""

    def __init__(self, kind: str, said: str = "", **facts: Unpack[_Facts]) -> None:
        super().__init__(f"{kind}: {said}")
        self.facts: Fault = {"kind": kind, "said": said, **facts}
        self.facts["detail"] = facts.get("detail") or said
