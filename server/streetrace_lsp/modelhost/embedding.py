"""Texts to vectors, for searching: the contents of a request's messages, each by itself."""

from __future__ import annotations

import math
from typing import Any, Final

from .faults import HostFaultError
from .wire import ChatFrame

# What steers an answer in words.
_OF_CHATS: Final = (
    *("messages", "stream", "stream_options", "temperature", "max_tokens"),
    *("top_p", "seed", "stop", "reasoning_effort"),
)
# Their wires have no choice of format, and LiteLLM would pass the wish on.
_WITHOUT_FORMAT: Final = frozenset({"cohere_chat", "gemini", "vertex_ai", "bedrock"})


async def embed(request: ChatFrame) -> tuple[list[list[float]], int | None]:
    """One vector for each text, all of one length, and the tokens that the texts took, where the
    backend says so. Raises what the libraries raise, and ``HostFaultError`` for an answer that is
    not that."""
    texts = [str(message["content"]) for message in request["messages"]]
    by = _by_ollama if request["adapter"] == "ollama" else _by_litellm
    vectors, tokens = await by(request, texts)
    return _checked(vectors, len(texts)), _counted(tokens)


async def _by_ollama(request: ChatFrame, texts: list[str]) -> tuple[list[Any], Any]:
    from .ollama_adapter import StrictClient

    answer = await StrictClient.kept(request).embed(
        model=request["model"],
        input=texts,
        # Its default is to drop the end of a long text without a word.
        truncate=False,
        keep_alive=request["options"].get("keep_alive"),
    )
    return [list(vector) for vector in answer.embeddings], answer.prompt_eval_count


async def _by_litellm(request: ChatFrame, texts: list[str]) -> tuple[list[Any], Any]:
    from . import other_clients
    from .litellm_adapter import library
    from .litellm_arguments import arguments

    litellm = library()
    other_clients.install(request["provider"])
    found = {k: v for k, v in (await arguments(request)).items() if k not in _OF_CHATS}
    if request["provider"] == "cohere_chat":
        # Here, too, LiteLLM takes the base for the whole address; it has another name.
        base = found["api_base"]
        found |= {"api_base": base and base.removesuffix("/chat") + "/embed"}
    if request["provider"] not in _WITHOUT_FORMAT:
        found["encoding_format"] = "float"
    answer = await litellm.aembedding(**found, input=texts)
    rows = sorted(answer.data, key=lambda row: int(_field(row, "index") or 0))
    tokens = _field(getattr(answer, "usage", None), "prompt_tokens")
    return [_field(row, "embedding") for row in rows], tokens


def _field(row: Any, name: str) -> Any:
    return row.get(name) if isinstance(row, dict) else getattr(row, name, None)


def _checked(vectors: list[Any], wanted: int) -> list[list[float]]:
    if len(vectors) != wanted:
        raise _malformed(f"{len(vectors)} vectors for {wanted} texts")
    lengths = {len(vector) if isinstance(vector, list) else 0 for vector in vectors}
    if len(lengths) != 1 or 0 in lengths:
        raise _malformed("something that is no list of vectors")
    if not all(_is_number(number) for vector in vectors for number in vector):
        raise _malformed("a vector that is not made of numbers")
    return [[float(number) for number in vector] for vector in vectors]


def _counted(tokens: Any) -> int | None:
    """None for what is no count; zero is what the library has where nothing was said."""
    return tokens if isinstance(tokens, int) and tokens > 0 else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _malformed(said: str) -> HostFaultError:
    return HostFaultError("malformed", said=said)
