"""What LiteLLM does and must not do here, changed in the library itself, once."""

from __future__ import annotations

import importlib
from typing import Any, Final

_REPLICATE: Final = "https://api.replicate.com/v1"


def amend() -> None:
    """Changes the classes of LiteLLM and of its OpenAI client for this process."""
    _never_retry()
    _take_tokens_as_given()
    _send_to_the_base()


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
