"""What is known around a configuration file while somebody writes in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streetrace_lsp.config.model import Settings


def _nobody(backend: str) -> Sequence[str]:
    del backend
    return ()


@dataclass(frozen=True)
class Known:
    """``settings``: what the file said a moment ago, with what stands elsewhere.

    ``variables``: the names of those that are set, without values; none where the file is not
    trusted. ``listed``: the models that the server of a backend lists, as far as it was asked.
    ``from_project``: whether it is a project's file, which may not set everything.
    ``declared``: the providers of the backends in the text of this very moment, see `glance`.
    """

    settings: Settings
    variables: tuple[str, ...] = ()
    listed: Callable[[str], Sequence[str]] = field(default=_nobody)
    from_project: bool = True
    declared: Mapping[str, str] = field(default_factory=dict)
