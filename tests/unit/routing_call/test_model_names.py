"""Which entry of a server's list is meant."""

from __future__ import annotations

from streetrace_lsp.routing import listing
from streetrace_lsp.routing.listing import Listed


def test_names_are_found_as_their_servers_mean_them() -> None:
    listed = [Listed("llama3:latest"), Listed("openai/*"), Listed("qwen2.5-coder:7b")]
    assert listing.known(listed, "llama3", ollama=True) == listed[0]
    assert listing.known(listed, "llama3") is None
    assert listing.known(listed, "openai/gpt-5") == listed[1]
    assert listing.known(listed, "qwen2.5-coder", ollama=True) is None
    assert listing.closest(listed, "qwen2.5-coder") == "qwen2.5-coder:7b"
    assert listing.closest(listed, "zzz") is None
