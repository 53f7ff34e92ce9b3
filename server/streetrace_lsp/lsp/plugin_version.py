"""Whether the editor's plugin fits this server: of the two, the newer one speaks up."""

from __future__ import annotations

import re
from itertools import zip_longest

from streetrace_lsp import __version__

_NUMBERS = re.compile(r"\d+(?:\.\d+)*")


def advice(plugin: str | None, editor: str, server: str = __version__) -> str | None:
    """What to say to the person; None where there is no plugin or it is as new as the server.

    ``plugin`` is the version that a plugin of ours declares (`experimental.streetrace.version`),
    ``editor`` the client's own name. Where the plugin is the newer one, it says so itself: an
    older server can't know. Versions are compared by their numbers, as the plugins do, so a
    pre-release counts as the release; what is no version counts as older than any.
    """
    if plugin is None or not _older(plugin, server):
        return None
    return (
        f"The Streetrace plugin of {editor} ({plugin or 'of no version'}) is older than its "
        f"server ({server}). Update the plugin: until then it may lack what the server can do."
    )


def _older(one: str, other: str) -> bool:
    pairs = zip_longest(_numbers(one), _numbers(other), fillvalue=-1)
    return next((left < right for left, right in pairs if left != right), False)


def _numbers(version: str) -> list[int]:
    found = _NUMBERS.match(version)
    return [int(number) for number in found[0].split(".")] if found else []
