"""Replies with vectors, in each provider's wire format, for the fault server's script."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from backends.fault_server import Reply

Vectors = Sequence[Sequence[float]]


def openai(vectors: Vectors, *, reverse: bool = False) -> Reply:
    """OpenAI's: `index` tells the order, which need not be that of the list."""
    rows = [{"object": "embedding", "index": i, "embedding": v} for i, v in enumerate(vectors)]
    usage = {"prompt_tokens": 3, "total_tokens": 3}
    data = rows[::-1] if reverse else rows
    return _reply({"object": "list", "data": data, "model": "demo", "usage": usage})


def ollama(vectors: Vectors) -> Reply:
    """Ollama's (docs/api.md, Generate Embeddings)."""
    return _reply({"model": "demo", "embeddings": vectors, "prompt_eval_count": 3})


def gemini(vectors: Vectors) -> Reply:
    """Gemini's `batchEmbedContents`."""
    return _reply({"embeddings": [{"values": vector} for vector in vectors]})


def cohere(vectors: Vectors) -> Reply:
    """Cohere's `/v2/embed`."""
    meta = {"billed_units": {"input_tokens": 3}}
    return _reply({"id": "e1", "embeddings": {"float": vectors}, "texts": [], "meta": meta})


def vertex(vectors: Vectors) -> Reply:
    """Vertex AI's `predict` for text."""
    made = [{"values": vector, "statistics": {"token_count": 2}} for vector in vectors]
    return _reply({"predictions": [{"embeddings": one} for one in made]})


def titan(vector: Sequence[float]) -> Reply:
    """Amazon Titan's on Bedrock, which takes one text at a time."""
    return _reply({"embedding": vector, "inputTextTokenCount": 2})


def _reply(content: Any) -> Reply:
    return Reply(body=json.dumps(content).encode())
