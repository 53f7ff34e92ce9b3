"""A plugin that is older than the server: the person hears which of the two to update."""

from __future__ import annotations

from typing import Any

import pytest

from lsp.clients.extension import Extension
from lsp.machine import Launch
from streetrace_lsp import __version__


async def hears(launch: Launch, version: Any) -> list[str]:
    """What the person sees whose plugin says that it has this version."""

    class WithVersion(Extension):
        def __init__(self) -> None:
            super().__init__()
            self.capabilities["experimental"]["streetrace"]["version"] = version

    editor = await launch(WithVersion)
    await editor.ask("streetrace/status", {"version": 1})  # after what "initialized" led to
    return editor.window.messages


@pytest.mark.parametrize("older", ["0.0.9", "0.0.10-beta", "", "nightly"])
async def test_an_older_plugin_is_to_be_updated(launch: Launch, older: str) -> None:
    (said,) = await hears(launch, older)
    assert "is older than its server (" + __version__ + "). Update the plugin" in said
    assert (older or "of no version") in said


@pytest.mark.parametrize("fitting", [__version__, __version__ + ".dev1", "99.0.0", None, 7])
async def test_one_that_fits_and_a_newer_one_are_no_matter(launch: Launch, fitting: Any) -> None:
    assert await hears(launch, fitting) == []
