"""A language model small enough to make at test time: random weights, one token per byte.

It knows nothing, and need not: llama-server answers with exactly the text that a literal
grammar allows, through its real tokenizer, sampler and stream. So a test of a local model
downloads nothing. Run as a program it writes the file named by its only argument.
"""

from __future__ import annotations

import sys
from pathlib import Path

import gguf
import numpy as np

_LAYERS = 2
_WIDTH = 64
_HEADS = 4
_FEED_FORWARD = 128
_CONTEXT = 32768
_SEED = 7

_SPECIAL = ("<unk>", "<s>", "</s>")
_CHAT_TEMPLATE = (
    "{% for m in messages %}[{{ m['role'] }}] {{ m['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}[assistant] {% endif %}"
)


def write_tiny_model(path: Path) -> Path:
    """Write the model (about 0.5 MB, the same bytes every time) to ``path`` and return it."""
    writer = gguf.GGUFWriter(str(path), "llama")
    _describe(writer)
    _add_vocabulary(writer)
    _add_weights(writer)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _describe(writer: gguf.GGUFWriter) -> None:
    writer.add_name("tiny")
    writer.add_context_length(_CONTEXT)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(_LAYERS)
    writer.add_feed_forward_length(_FEED_FORWARD)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_HEADS)
    writer.add_rope_dimension_count(_WIDTH // _HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)


def _add_vocabulary(writer: gguf.GGUFWriter) -> None:
    """Three special tokens and the 256 byte tokens: SentencePiece falls back to bytes."""
    tokens = [*_SPECIAL, *(f"<0x{byte:02X}>" for byte in range(256))]
    kinds = [
        gguf.TokenType.UNKNOWN,
        gguf.TokenType.CONTROL,
        gguf.TokenType.CONTROL,
        *[gguf.TokenType.BYTE] * 256,
    ]
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types(kinds)
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(_CHAT_TEMPLATE)
    writer.add_vocab_size(len(tokens))


def _add_weights(writer: gguf.GGUFWriter) -> None:
    random = np.random.default_rng(_SEED)
    vocabulary = len(_SPECIAL) + 256

    def matrix(name: str, rows: int, columns: int) -> None:
        weights = random.standard_normal((rows, columns), dtype=np.float32) * np.float32(0.05)
        writer.add_tensor(name, weights)

    def norm(name: str) -> None:
        writer.add_tensor(name, np.ones(_WIDTH, dtype=np.float32))

    matrix("token_embd.weight", vocabulary, _WIDTH)
    norm("output_norm.weight")
    matrix("output.weight", vocabulary, _WIDTH)
    for layer in range(_LAYERS):
        prefix = f"blk.{layer}"
        norm(f"{prefix}.attn_norm.weight")
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            matrix(f"{prefix}.{part}.weight", _WIDTH, _WIDTH)
        norm(f"{prefix}.ffn_norm.weight")
        matrix(f"{prefix}.ffn_gate.weight", _FEED_FORWARD, _WIDTH)
        matrix(f"{prefix}.ffn_up.weight", _FEED_FORWARD, _WIDTH)
        matrix(f"{prefix}.ffn_down.weight", _WIDTH, _FEED_FORWARD)


if __name__ == "__main__":
    write_tiny_model(Path(sys.argv[1]))
