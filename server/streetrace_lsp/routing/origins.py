"""Origins, and the rule that binds them: no grant, no call."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from streetrace_lsp.config.exposure import Exposure
from streetrace_lsp.config.grants import Grant
from streetrace_lsp.config.origins import (
    Address,
    Origin,
    is_loopback,
    parse_address,
    parse_origin,
)

__all__ = [
    "Address",
    "Origin",
    "is_loopback",
    "may_look_up",
    "parse_address",
    "parse_origin",
]


def may_look_up(variable: str, exposure: Exposure, grants: AbstractSet[Grant]) -> bool:
    """Whether the key in ``variable`` may be read in order to send it where requests go.

    It may when the address is the provider's own or the user's, and nobody else chose the
    variable; otherwise by a grant for exactly this variable and origin.
    """
    wanted = Grant(exposure.origins[0], variable)
    return wanted not in exposure.needs or wanted in grants
