"""What an error status, and the words that come with it, mean."""

from __future__ import annotations

import email.utils
import json
import re
import time
from collections.abc import Mapping
from typing import Any, Final

_OVERFLOW: Final = re.compile(
    r"context[ _](?:length|window|size)|maximum context|too many tokens|prompt is too long"
    r"|input (?:is )?too long|exceeds? the (?:available|maximum|model'?s)|input length",
    re.IGNORECASE,
)
_FILTER: Final = re.compile(r"content[ _](?:filter|policy|management)", re.IGNORECASE)
# Gemini, and a LiteLLM Proxy without a database, answer a wrong key with 400.
_BAD_KEY: Final = re.compile(
    r"api[ _]key[ _](?:not[ _]valid|invalid|not[ _]found)|invalid api[ _]key|no_db_connection",
    re.IGNORECASE,
)
_HTML: Final = re.compile(r"<(?:!doctype|html)\b", re.IGNORECASE)
_KINDS: Final = {401: "auth", 403: "auth", 404: "not_found", 408: "server", 429: "rate_limit"}
_LONGEST_SAID: Final = 300


def kind_of(status: int, said: str) -> str:
    """The kind of fault that an HTTP status and the words with it mean."""
    if status in (400, 413, 422, 500) and _OVERFLOW.search(said):
        return "context"
    if status in (400, 403) and _FILTER.search(said):
        return "content_filter"
    if status == 400 and _BAD_KEY.search(said):
        return "auth"
    return _KINDS.get(status) or ("server" if status >= 500 else "request")


def message_in(body: str) -> str:
    """The words in an error body, wherever providers put them, on one short line."""
    if is_page(body):
        return "a web page"
    try:
        found: Any = json.loads(body)
    except ValueError:
        found = body
    if isinstance(found, list) and found:
        found = found[0]
    for name in ("error", "message", "detail"):
        if isinstance(found, dict) and found.get(name):
            found = found[name]
    return " ".join(str(found).split())[:_LONGEST_SAID]


def is_page(text: str) -> bool:
    """Whether this is HTML: a login page, a proxy's error page, a wrong address."""
    return _HTML.search(text) is not None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, from either form that RFC 9110 (10.2.3) allows."""
    value = headers.get("retry-after", "")
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return None
