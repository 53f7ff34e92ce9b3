"""How good a model is held to be, by its family. Nothing here was measured by this program.

The ranks are a coarse, reviewed order (1 to 5) of what makers themselves call their large, middle
and small models, of generations, and of sizes where the weights are open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

UNKNOWN_RANK: Final = 2.5


@dataclass(frozen=True, slots=True)
class Quality:
    """``rank``: 1 (small, old) to 5 (a maker's best). ``coder``: made for code. ``reason``: why."""

    rank: float
    coder: bool
    reason: str


# The first that matches the model's name counts. A reason completes “ranked by family: …”.
_FAMILIES: Final[tuple[tuple[str, float, str], ...]] = (
    (r"claude-(?:2|instant)|claude-3-(?:haiku|sonnet)", 2, "Claude before 3.5"),
    (r"claude-3-opus|claude-3[-.]5-haiku", 3, "Claude, an older middle"),
    (r"haiku", 3.5, "Claude Haiku, the small one of its maker"),
    (r"sonnet|claude-3[-.]7", 4.5, "Claude Sonnet, the middle one of its maker"),
    (r"opus|claude-(?:fable|mythos)", 5, "Claude, the large one of its maker"),
    (r"gpt-oss-?:?20b", 2.5, "gpt-oss, the small one"),
    (r"gpt-oss", 3.5, "gpt-oss, the large one"),
    (r"gpt-3\.?5|gpt-35|davinci|babbage", 1.5, "GPT-3.5"),
    (r"gpt-4o?(?:\.1)?-nano|gpt-[5-9][\d.]*-nano", 2, "GPT nano, the smallest of its maker"),
    (r"gpt-4o-mini|gpt-4\.1-mini", 3, "GPT-4 mini, the small one of its maker"),
    (r"gpt-[5-9][\d.]*-mini|o[34]-mini", 4, "a small model that thinks"),
    (r"gpt-4(?!\d)", 3.5, "GPT-4"),
    (r"gpt-[5-9]|\bo[3-9]\b", 5, "GPT, the large one of its maker"),
    (r"\bo1", 4, "OpenAI o1, an older one that thinks"),
    (r"gemini-(?:1|pro\b)", 2.5, "Gemini 1"),
    (r"gemini.*flash-lite", 2.5, "Gemini Flash-Lite, the smallest of its maker"),
    (r"gemini.*flash", 3.5, "Gemini Flash, the small one of its maker"),
    (r"gemini.*(?:pro|ultra)", 5, "Gemini Pro, the large one of its maker"),
    (r"grok-[12]\b|grok.*mini", 3, "Grok, an older or small one"),
    (r"grok-code|grok-build", 4, "Grok for code"),
    (r"grok", 4.5, "Grok, the large one of its maker"),
    (r"deepseek.*distill", 2.5, "a small model taught by DeepSeek R1"),
    (r"deepseek-(?:coder|llm)", 2.5, "DeepSeek before V3"),
    (r"deepseek.*flash", 3.5, "DeepSeek Flash, the small one of its maker"),
    (r"deepseek", 4, "DeepSeek, the large one of its maker"),
    (r"kimi|glm-[5-9]|glm-4\.[5-9](?!.*(?:air|flash))|minimax", 4, "a large open model"),
    (r"qwen-?3-(?:coder-)?(?:235b|480b|max|plus)", 4, "Qwen 3, a large one"),
    (r"codestral|devstral-medium", 3, "Mistral's models for code"),
    (r"mistral-large|mistral-medium|magistral-medium", 3.5, "Mistral, the large ones"),
    (r"command-a", 3.5, "Command A, the large one of its maker"),
    (r"command", 2, "Command R and before"),
    (r"llama-?4|llama-?3[.\d]*-?:?405b", 3.5, "Llama, the large ones"),
    (r"llama-?2|codellama|tinyllama|starcoder|vicuna|orca", 1, "an open model of 2023"),
    (r"\bphi|gemma-?2?:?2b", 1.5, "a very small model"),
    (r"sonar", 3, "Sonar, made for searching"),
)
_TABLE: Final = tuple((re.compile(pattern), rank, reason) for pattern, rank, reason in _FAMILIES)
_CODER: Final = re.compile(
    r"cod(?:e|er|ex|ing)\b|code(?:llama|gemma|geex)|codestral|devstral|starcoder|grok-build"
)
_SIZE: Final = re.compile(r"(?<![\d.a-z])(\d+(?:\.\d+)?)b\b")
# Open weights of a size, in thousand millions of parameters, and the rank that it makes likely.
_SIZES: Final = ((3, 1.0), (9, 2.0), (20, 2.5), (40, 3.0), (100, 3.5))


def quality_of(model: str) -> Quality:
    """The rank of a model by its name; of an unknown one, by the size that its name tells."""
    name = model.lower()
    coder = _CODER.search(name) is not None
    size = _SIZE.search(name)
    for pattern, rank, reason in _TABLE:
        if pattern.search(name):
            return Quality(rank, coder, reason)
    if size is not None:
        billions = float(size[1])
        rank = next((rank for limit, rank in _SIZES if billions <= limit), 4.0)
        return Quality(rank, coder, f"by its size, {size[1]}B")
    return Quality(UNKNOWN_RANK, coder, "not in the table, taken as the middle")
