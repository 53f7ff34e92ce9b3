"""The token counts in a body: the server's own, or none, where LiteLLM makes some up.

Sources: OpenAI's `usage`; Anthropic's in `message_start` and `message_delta`; Gemini's
`usageMetadata`; Cohere's `usage` and `meta`; Bedrock's `metadata` event and
`amazon-bedrock-invocationMetrics`; Replicate's `metrics`.
"""

from __future__ import annotations

from typing import Any, Final

from .wire import Usage

# More tokens than any model takes or gives.
_MOST: Final = 10**9


class Counts:
    """Follows the objects of one body; what came last counts, each of the two by itself."""

    def __init__(self) -> None:
        self.prompt: Any = None
        self.completion: Any = None

    def follow(self, content: Any) -> None:
        """Looks for counts in one object, or in a list of them."""
        for one in content if isinstance(content, list) else [content]:
            if isinstance(one, dict):
                prompt, completion = _counts(one)
                self.prompt = self.prompt if prompt is None else prompt
                self.completion = self.completion if completion is None else completion


def reported(prompt: Any, completion: Any, *, wrote: bool) -> Usage | None:
    """The counts that can be: whole numbers, some tokens of prompt, and of text if it ``wrote``."""
    prompt, completion = count(prompt) or None, count(completion)
    if completion == 0 and wrote:
        completion = None
    if prompt is None and completion is None:
        return None
    # A server that counts nothing says zero for both.
    return {"prompt_tokens": prompt, "completion_tokens": completion}


def count(value: Any) -> int | None:
    """A number of tokens, if this is one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value <= _MOST and value == int(value) else None


def _counts(content: dict[str, Any]) -> tuple[Any, Any]:
    for path, read in _PLACES:
        found: Any = content
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        counts = read(found) if isinstance(found, dict) else (None, None)
        if counts != (None, None):
            return counts
    return None, None


def _openai(usage: dict[str, Any]) -> tuple[Any, Any]:
    if "prompt_tokens" not in usage and "completion_tokens" not in usage:
        return _anthropic(usage)
    prompt, completion = usage.get("prompt_tokens"), usage.get("completion_tokens")
    # xAI and Gemini count what was thought, which is paid for as well, in the total alone.
    details = usage.get("completion_tokens_details")
    thought = count(details.get("reasoning_tokens")) if isinstance(details, dict) else None
    parts = (count(prompt), count(completion), thought)
    if None not in parts and count(usage.get("total_tokens")) == _sum(*parts):
        completion = _sum(completion, thought)
    return prompt, completion


def _anthropic(usage: dict[str, Any]) -> tuple[Any, Any]:
    """Also the Responses API's, which has the same names and no cache beside them."""
    cached = ("cache_creation_input_tokens", "cache_read_input_tokens")
    return _with(usage, "input_tokens", *cached), usage.get("output_tokens")


def _begun(usage: dict[str, Any]) -> tuple[Any, Any]:
    # Its output_tokens are those of the beginning.
    return _anthropic(usage)[0], None


def _gemini(usage: dict[str, Any]) -> tuple[Any, Any]:
    return (
        _with(usage, "promptTokenCount", "toolUsePromptTokenCount"),
        _with(usage, "candidatesTokenCount", "thoughtsTokenCount"),
    )


def _bedrock(usage: dict[str, Any]) -> tuple[Any, Any]:
    cached = ("cacheReadInputTokens", "cacheWriteInputTokens")
    return _with(usage, "inputTokens", *cached), usage.get("outputTokens")


def _invocation(usage: dict[str, Any]) -> tuple[Any, Any]:
    cached = ("cacheReadInputTokenCount", "cacheWriteInputTokenCount")
    return _with(usage, "inputTokenCount", *cached), usage.get("outputTokenCount")


def _cohere(usage: dict[str, Any]) -> tuple[Any, Any]:
    for name in ("billed_units", "tokens"):
        units = usage.get(name)
        if isinstance(units, dict) and "input_tokens" in units:
            return units["input_tokens"], units.get("output_tokens")
    return None, None


def _replicate(metrics: dict[str, Any]) -> tuple[Any, Any]:
    return metrics.get("input_token_count"), metrics.get("output_token_count")


def _with(usage: dict[str, Any], name: str, *more: str) -> Any:
    """The count called ``name``, with those that the server counts beside it."""
    if count(usage.get(name)) is None:
        return usage.get(name)
    return _sum(usage[name], *(count(usage.get(other)) for other in more))


def _sum(*counts: Any) -> int:
    return sum(one or 0 for one in counts)


_PLACES: Final = (
    (("usageMetadata",), _gemini),
    (("message", "usage"), _begun),
    (("delta", "usage"), _cohere),
    (("response", "meta"), _cohere),
    (("usage",), _cohere),
    (("meta",), _cohere),
    (("usage",), _openai),
    (("usage",), _bedrock),
    (("metadata", "usage"), _bedrock),
    (("amazon-bedrock-invocationMetrics",), _invocation),
    (("x_groq", "usage"), _openai),
    (("response", "usage"), _openai),
    (("metrics",), _replicate),
)
