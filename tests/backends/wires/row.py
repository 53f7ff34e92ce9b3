"""One row of the specification of backends: how it is configured, and the request that it makes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SYSTEM = "You answer briefly."
QUESTION = "What does f do?"
# What every row asks, and with which settings: the expected bodies hold them.
MESSAGES = ({"role": "system", "content": SYSTEM}, {"role": "user", "content": QUESTION})
SETTINGS = {"STREETRACE_TEMPERATURE": "0.25", "STREETRACE_MAX_TOKENS": "300"}

Expected = str | re.Pattern[str]


@dataclass(frozen=True)
class Row:
    """A configuration as the documents show it, and the one request that it must lead to.

    ``system``: the first column of the table of backends. ``recipe``: the text of a configuration
    file. ``environment``: the variables of the user's shell. ``files``: what stands in the home
    folder, by path; ``~`` in the recipe and in variables is that folder. ``target``: what to ask.

    ``origin``: where requests go. One test puts a proxy in the way that leads this host to the
    test's server, so that nothing else differs. Another moves the address, as people do with a
    gateway: it replaces this text in the recipe and in the variables, and sets ``at_test_server``,
    in which ``{server}`` is the server's address. ``fixed``: the wire depends on the host, so that
    the address can't be moved.

    ``path`` (with the query), ``headers`` and ``body`` are what must arrive; a header may be a
    pattern that must match whole. ``absent``: headers that must not be there.
    """

    name: str
    system: str
    recipe: str
    environment: Mapping[str, str]
    target: str
    origin: str
    path: str
    headers: Mapping[str, Expected]
    body: Mapping[str, Any]
    at_test_server: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    fixed: bool = False
    method: str = "POST"


def openai_body(model: str, **changes: Any) -> dict[str, Any]:
    """The body of a chat in OpenAI's wire; a change to None leaves a field out."""
    body: dict[str, Any] = {
        "model": model,
        "messages": list(MESSAGES),
        "temperature": 0.25,
        "max_tokens": 300,
        "stream": True,
        "stream_options": {"include_usage": True},
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}
