"""What an error status, and the words that come with it, mean."""

from __future__ import annotations

import email.utils
import json
import math
import re
import time
from collections.abc import Mapping
from typing import Any, Final

_OVERFLOW: Final = re.compile(
    r"context[ _](?:length|window|size)|maximum context|too many tokens|prompt is too long"
    r"|input (?:\(\d+ tokens\) )?(?:is )?too (?:long|large)|input length"
    r"|exceeds? the (?:available|maximum|model'?s)",
    re.IGNORECASE,
)
_FILTER: Final = re.compile(r"content[ _](?:filter|policy|management)", re.IGNORECASE)
# Gemini, and a LiteLLM Proxy without a database, answer a wrong key with 400.
_BAD_KEY: Final = re.compile(
    r"api[ _]key[ _](?:not[ _]valid|invalid|not[ _]found)|invalid api[ _]key|no_db_connection",
    re.IGNORECASE,
)
# A LiteLLM Proxy, Bedrock, Mistral and DeepSeek answer an unknown model with 400; LM Studio says
# that none is loaded.
_NO_MODEL: Final = re.compile(
    r"invalid model(?: name)?\b|model identifier is invalid|not a valid model|unknown model"
    r"|model(?: \S+)? (?:was )?not (?:found|exist)|model(?: \S+)? does not exist|model_not_found"
    r"|no models? (?:is |are )?loaded|deploymentnotfound",
    re.IGNORECASE,
)
_NO_CREDIT: Final = re.compile(
    r"insufficient[_ ](?:quota|balance|credit|funds)|exceeded your current quota|out of credits?"
    r"|credit balance is too low|billing (?:hard limit|details|is not)|payment required",
    re.IGNORECASE,
)
_ELSEWHERE: Final = re.compile(
    r"unsupported_country|(?:country|region|territory|location)[^.]{0,40} (?:not|isn.t) "
    r"(?:supported|available|allowed)"
    r"|not (?:supported|available|offered) in (?:your|this|the) (?:\w+ )?"
    r"(?:country|region|location)",
    re.IGNORECASE,
)
# Ollama's words, and those of vLLM without a parser for tool calls.
_NO_TOOLS: Final = re.compile(
    r"does not support (?:tools|tool use|function calling)|tool choice requires --enable",
    re.IGNORECASE,
)
_HTML: Final = re.compile(r"<(?:!doctype|html)\b", re.IGNORECASE)
_KINDS: Final = {401: "auth", 403: "auth", 404: "not_found", 408: "server", 429: "rate_limit"}
# Whatever a server says: tomorrow somebody else may serve, and nobody waits for so long.
_LONGEST_WAIT: Final = 3600.0
# Characters that tell the kind; servers say it first, and may quote the whole prompt after it.
_TELLING: Final = 4096


def kind_of(status: int, said: str) -> str:
    """The kind of fault that an HTTP status and the words with it mean."""
    said = said[:_TELLING]
    if status in (400, 413, 422, 500) and _OVERFLOW.search(said):
        return "context"
    if status in (400, 403) and _FILTER.search(said):
        return "content_filter"
    if status in (400, 403, 404, 451) and _ELSEWHERE.search(said):
        return "region"
    if status == 402 or (status in (400, 403, 429) and _NO_CREDIT.search(said)):
        return "quota"
    if status == 400 and _BAD_KEY.search(said):
        return "auth"
    if status in (400, 404, 422) and _NO_TOOLS.search(said):
        return "tools"
    if status in (400, 422) and _NO_MODEL.search(said):
        return "not_found"
    return _KINDS.get(status) or ("server" if status >= 500 else "request")


def message_in(body: str) -> str:
    """The words in an error body, wherever providers put them, whole and on one line.

    They may hold keys: `shown` takes them out, and cuts what is left.
    """
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
    return " ".join(str(found).split())


def is_page(text: str) -> bool:
    """Whether this is HTML: a login page, a proxy's error page, a wrong address."""
    return _HTML.search(text) is not None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, at most an hour, from either form that RFC 9110 (10.2.3) allows."""
    value = headers.get("retry-after", "")
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = email.utils.parsedate_to_datetime(value).timestamp() - time.time()
        except (TypeError, ValueError, OverflowError):
            return None
    return None if math.isnan(seconds) else min(max(0.0, seconds), _LONGEST_WAIT)
