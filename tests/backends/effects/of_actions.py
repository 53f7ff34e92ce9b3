"""The keys that change what is asked, and what becomes of the answer."""

from __future__ import annotations

from backends.effects.base import OLLAMA, TWO
from backends.effects.by_command import (
    answered_in_message,
    counted,
    offered,
    option,
    prompted,
    recommended,
    recommended_after_a_reply,
    running,
    running_with_rules,
)
from backends.effects.row import Row, See
from backends.fault_server import Reply

_FIX = ("fix", "a.py:1-2")
_EXPLAIN = ("explain", "a.py:1-2")
_REVIEW = ("review", "a.py:1-2")
_MINE = '[actions.review]\nprompt = "Look closely."\nkind = "answer"\n'
_EDITING = _MINE.replace("answer", "edit")
_SMALL = "[backends.one.context_windows]\ndemo = 2048\n"
_ANSWER = Reply(text="```python\ndef area(w, h):\n    return w * h\n```\n")
_MISSED = Reply(
    text="a.py\n<<<<<<< SEARCH\n    nothing like it\n=======\n    pass\n>>>>>>> REPLACE\n"
)
# One token, in pieces that take a second: slower than what counts as the middle.
_SLOW = Reply(text="Hello, world.", chunk=1, rate=13.0, usage=(7, 1))
_BUSY = Reply(status=429, headers={"Retry-After": "60"})
_BLOCKS = "<<<<<<< SEARCH"

ASKED = (
    Row(
        "confirm",
        True,
        OLLAMA,
        running(lambda ran: ran.was_fixed, *_FIX, "--write"),
        False,
        True,
        replies=(_ANSWER,),
    ),
    Row(
        "review",
        "preview",
        OLLAMA,
        running(lambda ran: ran.was_fixed, *_FIX, "--write"),
        False,
        True,
        replies=(_ANSWER,),
    ),
    Row(
        "defaults.edit_format",
        "search-replace",
        OLLAMA,
        running(prompted(_BLOCKS), *_FIX),
        True,
        False,
    ),
    Row(
        "backends.NAME.edit_format",
        "search-replace",
        f'{OLLAMA}[defaults]\nedit_format = "selection"\n',
        running(prompted(_BLOCKS), *_FIX),
        True,
        False,
    ),
    Row(
        "actions.NAME.edit_format",
        "search-replace",
        f'{OLLAMA}edit_format = "selection"\n{_EDITING}',
        running(prompted(_BLOCKS), *_REVIEW),
        True,
        False,
    ),
    Row(
        "defaults.repair",
        False,
        f'{OLLAMA}edit_format = "search-replace"\n',
        running(counted, *_FIX),
        (1, 0),
        (2, 0),
        replies=(_MISSED,),
    ),
    Row("backends.NAME.num_ctx", 65536, OLLAMA, running(option("num_ctx"), *_EXPLAIN), 65536, 8192),
    Row(
        "backends.NAME.context_windows",
        {"demo": 2048},
        OLLAMA,
        running(prompted("# far away"), *_EXPLAIN),
        False,
        True,
    ),
    Row(
        "context.overflow",
        "refuse",
        f"{OLLAMA}{_SMALL}",
        running(counted, *_EXPLAIN),
        (0, 0),
        (1, 0),
    ),
    Row(
        "context.exclude",
        ["*.py"],
        OLLAMA,
        running(counted, *_EXPLAIN),
        (0, 0),
        (1, 0),
    ),
    Row(
        "context.rules",
        False,
        OLLAMA,
        running_with_rules(prompted("Be kind to the reader."), *_EXPLAIN),
        False,
        True,
    ),
    Row(
        "model_selector.enabled",
        False,
        f"{TWO}[defaults]\nrepair = false\n",
        running(counted, "edit", "a.py:1-2", "--instruction", "use two for this: multiply"),
        (1, 0),
        (0, 1),
    ),
)
OWN = (
    Row(
        "actions.NAME.title",
        "Review it for me",
        f"{OLLAMA}{_MINE}",
        offered("Review it for me"),
        True,
        False,
    ),
    Row(
        "actions.NAME.languages",
        ["rust"],
        f"{OLLAMA}{_MINE}",
        offered("Review"),
        False,
        True,
    ),
    Row(
        "actions.NAME.prompt",
        "Look for leaks.",
        f"{OLLAMA}{_MINE}",
        running(prompted("Look for leaks."), *_REVIEW),
        True,
        False,
        instead="Look closely.",
    ),
    Row(
        "actions.NAME.prompt_file",
        "leaks.md",
        f'{OLLAMA}[actions.review]\nkind = "answer"\n',
        running(prompted("Look for leaks."), *_REVIEW),
        True,
        False,
        instead="closely.md",
    ),
    Row(
        "actions.NAME.context",
        "selection",
        f"{OLLAMA}{_MINE}",
        running(prompted("# as it was"), *_REVIEW),
        False,
        True,
    ),
    Row(
        "actions.NAME.output",
        "message",
        f"{OLLAMA}{_MINE}",
        answered_in_message("Review"),
        True,
        False,
    ),
    Row(
        "actions.NAME.kind",
        "answer",
        f"{OLLAMA}{_MINE}",
        running(lambda ran: (ran.status, ran.out), *_REVIEW),
        (0, "Hello, world.\n"),
        # It is no edit.
        (2, "Hello, world.\n"),
    ),
    Row("actions.NAME.model", "two", f"{TWO}{_MINE}", running(counted, *_REVIEW), (0, 1), (1, 0)),
    Row(
        "actions.NAME.fallbacks",
        ["two"],
        f"{TWO}{_MINE}",
        running(counted, *_REVIEW),
        (1, 1),
        (1, 0),
        replies=(_BUSY,),
    ),
)


def _weighing(
    key: str,
    first: str,
    second: str,
    more: str = "",
    see: See = recommended,
    replies: tuple[Reply, ...] = (),
) -> Row:
    """By one thing alone, the second model is better. Without a weight, they stand as written."""
    names = ("context_window", "speed", "cost", "quality", "specialization")
    others = "".join(f"{name} = 0\n" for name in names if name != key)
    models = TWO.replace('"demo"', f'"{first}"').replace('"other"', f'"{second}"')
    return Row(
        f"model_selector.weights.{key}",
        100,
        f"{models}{more}[model_selector.weights]\n{others}",
        see,
        ["two", "one"],
        ["one", "two"],
        instead=0,
        replies=replies,
    )


WEIGHTS = (
    _weighing(
        "context_window",
        "small",
        "large",
        "[backends.one.context_windows]\nsmall = 8192\n"
        "[backends.two.context_windows]\nlarge = 1000000\n",
    ),
    _weighing("speed", "slow", "unknown", see=recommended_after_a_reply, replies=(_SLOW,)),
    _weighing(
        "cost",
        "dear",
        "cheap",
        "[prices.dear]\ninput = 20\noutput = 20\n[prices.cheap]\ninput = 1\noutput = 1\n",
    ),
    _weighing("quality", "llama3.2:1b", "qwen2.5-coder:32b"),
    _weighing("specialization", "llama3.1:8b", "qwen2.5-coder:7b"),
)
