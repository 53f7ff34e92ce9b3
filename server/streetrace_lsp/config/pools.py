"""Pools: several targets under one name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .findings import Finding
from .mend import remove, rename

if TYPE_CHECKING:
    from .model import Settings


def pool_of(settings: Settings, name: str) -> tuple[str, ...] | None:
    """The targets of the pool ``name``; None where that is no pool.

    A backend of the same name goes first: a pool never hides one.
    """
    name = name.strip()
    if name in settings.backends or name not in settings.pools:
        return None
    return tuple(settings.pools[name])


def expanded(settings: Settings, target: str) -> tuple[str, ...]:
    """``target``, or where it names a pool, the targets in it."""
    return pool_of(settings, target) or (target,)


def odd_pools(own: Settings, effective: Settings) -> Iterator[Finding]:
    """The pools of one file that can't work: another pool inside, or the name of a backend."""
    for name, pool in own.pools.items():
        if name in effective.backends:
            yield Finding(
                ("pools", name),
                "key",
                "same-name",
                f"{name} is a backend as well, so this pool is never used.",
                "Give the pool another name.",
                mends=(rename(f"{name}-pool"), remove(name)),
            )
        for place, target in enumerate(pool):
            if pool_of(effective, target) is None:
                continue
            itself = target.strip() == name
            yield Finding(
                ("pools", name, place),
                "value",
                "nested-pool",
                f"The pool {name} contains itself."
                if itself
                else f"The pool {name} contains the pool {target}.",
                "Remove it." if itself else f"Write the targets of {target} instead.",
                mends=(remove(target),),
            )
