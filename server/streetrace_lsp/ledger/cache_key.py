"""Which requests are the very same: the key of an answer that is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

# Changed when a key of an earlier release may no longer match.
_FORMAT = 1


def cache_key(
    *,
    provider: str,
    api_base: str | None,
    model: str,
    messages: Sequence[Mapping[str, Any]],
    options: Mapping[str, Any],
    extra_body: Mapping[str, Any] | None = None,
) -> str:
    """The sha256, in hexadecimal, of all that decides the answer to a request.

    Options that are None are not sent and don't count; the order of keys doesn't either.
    Give what goes to the backend: no deadlines, no keys. Raises ``TypeError`` for a value
    that is not JSON.
    """
    request = {
        "format": _FORMAT,
        "provider": provider,
        "api_base": api_base,
        "model": model,
        "messages": list(messages),
        "options": {name: value for name, value in options.items() if value is not None},
        "extra_body": extra_body or {},
    }
    text = json.dumps(request, sort_keys=True, ensure_ascii=True, default=_plain)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not part of a request")
