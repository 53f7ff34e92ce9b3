"""Under which names a model may stand in LiteLLM's table."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from . import litellm_table
from .litellm_table import Row

# Whose rows without a prefix may speak for a provider: its own, or those of who makes the models.
_SELLERS: Final[Mapping[str, tuple[str, ...]]] = {
    "openai": ("openai", "text-completion-openai"),
    "azure": ("azure", "azure_text", "openai"),
    "azure_ai": ("azure_ai", "azure", "openai"),
    "bedrock": ("bedrock", "bedrock_converse"),
    "cohere_chat": ("cohere_chat", "cohere"),
}
_PLACE: Final = re.compile(r"[a-z]{2}-[a-z]+-\d/|(?:us|eu|global)/|\*")
_DATE: Final = re.compile(r"[-@](?:\d{8}|\d{6}|\d{4}-\d{2}-\d{2}|latest|default)$")
_VERTEX_VERSION: Final = re.compile(r"@[\w.-]+$")
_BEDROCK_ROUTE: Final = re.compile(r"^(?:converse|converse_like|invoke|llama|deepseek_r1)/")
_BEDROCK_REGION: Final = re.compile(r"^(?:us-gov|us|eu|apac|ap|jp|au|ca|sa|me|af|global)\.")
_BEDROCK_WINDOW: Final = re.compile(r"(?<=:\d):\d+k$")
_BEDROCK_VERSION: Final = re.compile(r"(?:-v\d+)?:\d(?::\d+k)?$")
_MAKER: Final = re.compile(r"^(?:[a-z0-9]+\.)(?=[a-z])")


def find_row(provider: str, model: str) -> Row | None:
    """The row of ``model`` as ``provider`` sells it, by its name or a known spelling of it."""
    rows = litellm_table.rows()
    sellers = _SELLERS.get(provider, (provider,))
    for name in spellings(provider, model.lower()):
        for seller in sellers:
            row = rows.get(f"{seller}/{name}")
            if row is not None:
                return row
        row = rows.get(name)
        if row is not None and _sold_by(row, sellers):
            return row
    return None


@functools.cache
def models_of(provider: str, *, embedding: bool = False) -> tuple[str, ...]:
    """The models that ``provider`` sells by LiteLLM's table, as the provider calls them.

    Those that answer, or with ``embedding`` those that turn text into vectors. Regions of the same
    model are left out. Reads the table at its first call: make that one on a thread.
    """
    sellers = _SELLERS.get(provider, (provider,))[:2]
    found = dict.fromkeys(
        row.name.removeprefix(f"{provider}/").removeprefix(f"{sellers[0]}/")
        for row in litellm_table.rows().values()
        if row.embeds is embedding and _sold_by(row, sellers)
    )
    return tuple(sorted(name for name in found if not _elsewhere(name)))


def _elsewhere(name: str) -> bool:
    """Whether a row is a model in one region, at one size of picture, or of one customer."""
    return name.count("/") > 2 or name.startswith("ft:") or bool(_PLACE.match(name))


def spellings(provider: str, model: str) -> Iterator[str]:
    """``model`` (in lower case) and the names it may have in the table, most exact first."""
    seen: set[str] = set()
    for name in _variants(provider, model):
        for form in (name, _DATE.sub("", name)):
            if form and form not in seen:
                seen.add(form)
                yield form


def usual_window(model: str) -> int | None:
    """The window that ``model`` has with its maker, or else with most who sell it, in tokens."""
    by_maker, by_sellers = _windows()
    name = canonical(model)
    return by_maker.get(name) or by_sellers.get(name)


def canonical(model: str) -> str:
    """The part of a model's name that is the same wherever it is sold."""
    name = model.lower().rpartition("/")[2]
    name = _BEDROCK_REGION.sub("", name)
    name = _MAKER.sub("", name) if name.count(".") and ":" in name else name
    name = _BEDROCK_VERSION.sub("", _VERTEX_VERSION.sub("", name))
    name = _DATE.sub("", name).replace("gpt-35", "gpt-3.5")
    return name.replace(".", "-")


def _variants(provider: str, model: str) -> Iterator[str]:
    yield model
    if provider == "bedrock":
        yield from _bedrock(model)
    elif provider == "vertex_ai":
        plain = _VERTEX_VERSION.sub("", model)
        yield plain
        yield f"{plain}@default"
    elif provider in {"azure", "azure_ai"}:
        if "gpt-35" in model:
            yield model.replace("gpt-35", "gpt-3.5")
        if model.startswith("gpt-3.5"):
            yield model.replace("gpt-3.5", "gpt-35")
    elif provider == "fireworks_ai" and "/" not in model:
        yield f"accounts/fireworks/models/{model}"
    elif provider == "openai" and model.startswith("ft:"):
        # ft:BASE:organization:name:id
        yield ":".join(model.split(":")[:2])


def _bedrock(model: str) -> Iterator[str]:
    """Without the route, the region, the size of the window; of an ARN, what it names."""
    model = _BEDROCK_ROUTE.sub("", model)
    name = model.rpartition("/")[2] if model.startswith("arn:") else model
    # `bedrock/us-east-1/anthropic.claude-…`
    name = name.rpartition("/")[2]
    yield name
    yield _BEDROCK_WINDOW.sub("", name)
    yield _BEDROCK_REGION.sub("", _BEDROCK_WINDOW.sub("", name))


def _sold_by(row: Row, sellers: tuple[str, ...]) -> bool:
    # `vertex_ai-language-models` is Vertex AI's as well.
    return row.seller.partition("-")[0] in sellers or row.seller in sellers


@functools.cache
def _windows() -> tuple[Mapping[str, int], Mapping[str, int]]:
    by_maker: dict[str, int] = {}
    listed: dict[str, Counter[int]] = {}
    for name, row in litellm_table.rows().items():
        if row.window is None:
            continue
        if "/" not in name and not row.seller.startswith("bedrock"):
            by_maker.setdefault(canonical(name), row.window)
        listed.setdefault(canonical(name), Counter())[row.window] += 1
    by_sellers = {
        name: min(counts, key=lambda window: (-counts[window], window))
        for name, counts in listed.items()
    }
    return by_maker, by_sellers
