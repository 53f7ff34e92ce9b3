"""The model host costs little: the first token comes nearly as soon as without it."""

from __future__ import annotations

import pytest

from bench.asker import Asker
from bench.model_server import ModelServer
from bench.rounds import interleaved, undisturbed
from bench.table import Row, Table

pytestmark = pytest.mark.bench

LIMIT = 1.5
_WARM_UP = 15
_ROUNDS = {"ollama": 300, "openai": 150}


@pytest.mark.parametrize(
    ("library", "provider"), [("ollama", "ollama"), ("litellm", "openai")], ids=lambda v: v
)
def test_the_first_token_comes_through_the_model_host_as_from_the_library_itself(
    library: str, provider: str, table: Table
) -> None:
    with ModelServer({}) as models:
        base = models.base(provider)
        with Asker("host", provider, base) as ours, Asker("direct", provider, base) as direct:
            interleaved(ours.first_token, direct.first_token, _WARM_UP)
            through, straight = interleaved(ours.first_token, direct.first_token, _ROUNDS[provider])
    table.judge(
        Row(
            f"first token through the model host, {library}",
            undisturbed(through) * 1000,
            undisturbed(straight) * 1000,
            "ms",
            LIMIT,
            f"lower quartile of {len(through)}, to the library in process",
        )
    )
