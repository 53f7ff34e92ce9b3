"""What LiteLLM does and must not do here, changed in the library itself, once."""

from __future__ import annotations

import importlib
from typing import Any, Final

_REPLICATE: Final = "https://api.replicate.com/v1"
# What pydantic would refuse if it were of another type.
_CHECKED: Final = frozenset(
    {
        *("prompt_tokens", "completion_tokens", "total_tokens", "reasoning_tokens"),
        *("prompt_tokens_details", "completion_tokens_details", "server_tool_use", "cost"),
    }
)


def amend() -> None:
    """Changes the classes of LiteLLM and of its OpenAI client for this process."""
    _never_retry()
    _take_tokens_as_given()
    _send_to_the_base()
    _fail_for_no_count()
    _read_coheres_tool_calls()


def _never_retry() -> None:
    # LiteLLM drops `max_retries` for 15 of its OpenAI-like providers, whose client then takes 2.
    options: Any = importlib.import_module("openai._models").FinalRequestOptions
    options.get_max_retries = lambda _self, _default: 0


def _take_tokens_as_given() -> None:
    # It would read files, ask a metadata server and sign in through a library that knows no rule
    # of ours. `google_login` does that instead, and hands over a token as the credentials.
    base: Any = importlib.import_module("litellm.llms.vertex_ai.vertex_llm_base").VertexBase

    def given(_self: Any, credentials: Any, project_id: Any, *_: Any, **__: Any) -> Any:
        return credentials, project_id

    async def given_async(_self: Any, credentials: Any, project_id: Any) -> Any:
        return credentials, project_id

    base.get_access_token = given
    base.get_access_token_async = given_async


def _send_to_the_base() -> None:
    # It sends to Replicate's own address, whatever the base.
    config: Any = importlib.import_module("litellm.llms.replicate.chat.transformation")
    complete = config.ReplicateConfig.get_complete_url

    def based(self: Any, api_base: str | None, *args: Any, **kwargs: Any) -> str:
        url = str(complete(self, api_base, *args, **kwargs))
        return (api_base or _REPLICATE) + url.removeprefix(_REPLICATE)

    config.ReplicateConfig.get_complete_url = based


def _fail_for_no_count() -> None:
    # It gives up a whole reply for a count that is no number. The counts are read from the body
    # (see `usage`), so what it makes of them is of no interest.
    types: Any = importlib.import_module("litellm.types.utils")
    begin = types.Usage.__init__

    def counted(self: Any, *_: Any, **given: Any) -> None:
        more = {name: value for name, value in given.items() if name not in _CHECKED}
        begin(self, prompt_tokens=0, completion_tokens=0, total_tokens=0, **more)

    types.Usage.__init__ = counted


def _read_coheres_tool_calls() -> None:
    # It looks for them where Cohere's second API (Chat with Streaming) does not put them, so that
    # a reply of nothing else is empty.
    common: Any = importlib.import_module("litellm.llms.cohere.common_utils")
    reader = common.CohereV2ModelResponseIterator
    parse = reader.chunk_parser

    def parsed(self: Any, chunk: dict[str, Any]) -> Any:
        read = parse(self, chunk)
        if chunk.get("type") in ("tool-call-start", "tool-call-delta"):
            call = chunk["delta"]["message"]["tool_calls"]
            said = call.get("function") or {}
            read["tool_use"] = {
                "id": call.get("id"),
                "type": "function",
                "index": chunk.get("index", 0),
                "function": {"name": said.get("name"), "arguments": said.get("arguments") or ""},
            }
        return read

    reader.chunk_parser = parsed
