"""A real local model server, through the model host and its LiteLLM adapter."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
import pytest_asyncio

from backends.llama import LlamaServer, literal_grammar, llama_server
from streetrace_lsp.routing.events import BackendError, Finished, Text
from streetrace_lsp.routing.host import ChatCall, ModelHost

__all__ = ["llama_server"]

pytestmark = [pytest.mark.llama, pytest.mark.asyncio(loop_scope="module")]

EDIT = '```python\ndef greet(name: str) -> str:\n    return f"Grüß dich, {name}\\n"\n```\n'
# Letters after which the end is never allowed: it writes until its window of tokens is full.
ENDLESS = "root ::= [a-z] root"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def host() -> AsyncIterator[ModelHost]:
    host = ModelHost(log=print)
    yield host
    await host.close()


def ask(server: LlamaServer, grammar: str, **options: Any) -> ChatCall:
    return ChatCall(
        backend="local",
        provider="openai",
        model="tiny",
        adapter="litellm",
        messages=[
            {"role": "system", "content": "You are a careful programmer."},
            {"role": "user", "content": "Fix this."},
        ],
        api_base=server.url,
        origins=(server.origin,),
        extra_body={"grammar": grammar},
        options=options,
        local=True,
    )


async def test_the_answer_is_exactly_what_the_model_was_allowed_to_say(
    llama_server: LlamaServer, host: ModelHost
) -> None:
    events = [event async for event in host.stream(ask(llama_server, literal_grammar(EDIT)))]

    assert "".join(event.text for event in events if isinstance(event, Text)) == EDIT
    assert sum(isinstance(event, Text) for event in events) > 1, "it was not streamed"


async def test_the_end_is_the_servers_own_and_its_tokens_are_counted(
    llama_server: LlamaServer, host: ModelHost
) -> None:
    events = [event async for event in host.stream(ask(llama_server, literal_grammar(EDIT)))]

    finished = events[-1]
    assert isinstance(finished, Finished)
    assert (finished.reason, finished.marker) == ("stop", True)
    assert finished.usage is not None
    # One token per byte, and the one that ends the reply.
    assert finished.usage.completion_tokens == len(EDIT.encode()) + 1
    assert finished.usage.prompt_tokens
    assert finished.usage.prompt_tokens > len("You are a careful programmer.Fix this.")


async def test_a_reply_at_the_token_limit_says_so(
    llama_server: LlamaServer, host: ModelHost
) -> None:
    call = ask(llama_server, literal_grammar(EDIT), max_tokens=9)
    events = [event async for event in host.stream(call)]

    assert isinstance(events[-1], Finished)
    assert (events[-1].reason, events[-1].marker) == ("length", True)
    assert "".join(event.text for event in events if isinstance(event, Text)) == EDIT[:9]


async def test_leaving_a_stream_stops_the_model(llama_server: LlamaServer, host: ModelHost) -> None:
    async with aclosing(host.stream(ask(llama_server, ENDLESS))) as events:
        assert isinstance(await anext(events), Text)

    await asyncio.to_thread(llama_server.said, r"cancel task")


async def test_two_requests_at_once_get_their_own_answers(
    llama_server: LlamaServer, host: ModelHost
) -> None:
    async def answer(text: str) -> str:
        stream = host.stream(ask(llama_server, literal_grammar(text)))
        return "".join([event.text async for event in stream if isinstance(event, Text)])

    first, second = "first " * 40, "second " * 40
    assert list(await asyncio.gather(answer(first), answer(second))) == [first, second]


async def test_a_grammar_that_the_server_refuses_is_its_error_and_not_an_answer(
    llama_server: LlamaServer, host: ModelHost
) -> None:
    with pytest.raises(BackendError) as refused:
        async for _ in host.stream(ask(llama_server, "root ::= (")):
            pass
    assert "local" in refused.value.message
