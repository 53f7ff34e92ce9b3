"""A network that hangs makes nothing slower: no price map, no tokenizer, no proxy is waited for."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.cut_off import CutOff
from bench.cut_off_computer import CONTROLS
from bench.rounds import interleaved, undisturbed
from bench.silence import namespaces
from bench.table import Row, Table

pytestmark = pytest.mark.bench

# One wait for the silence takes 5 s or more: a multiple, never a quarter.
LIMIT = 1.25
_ROUNDS = {"start_up": 12, "first_call": 3, "call": 80}


def test_start_up_and_every_call_take_what_they_take_otherwise(
    tmp_path: Path, table: Table
) -> None:
    own = namespaces()
    if not own:
        table.remarks.append("No network namespaces here: only the proxies hang, not the names.")
    with (
        CutOff("hung", tmp_path / "hung", own_network=own) as hung,
        CutOff("refused", tmp_path / "refused", own_network=own) as usual,
    ):
        assert {name: hung.hangs(name) for name in CONTROLS} == dict.fromkeys(CONTROLS, True)
        ways = {
            "start-up": (hung.start_up, usual.start_up, _ROUNDS["start_up"]),
            "first call, litellm": (hung.first_call, usual.first_call, _ROUNDS["first_call"]),
            "call, litellm": (
                lambda: hung.call("cloud"),
                lambda: usual.call("cloud"),
                _ROUNDS["call"],
            ),
            "call, ollama": (
                lambda: hung.call("local"),
                lambda: usual.call("local"),
                _ROUNDS["call"],
            ),
        }
        rows = []
        for what, (ours, reference, rounds) in ways.items():
            taken = interleaved(ours, reference, rounds)
            rows.append(
                Row(
                    f"{what}, network hung",
                    undisturbed(taken[0]) * 1000,
                    undisturbed(taken[1]) * 1000,
                    "ms",
                    LIMIT,
                    f"to a network that refuses, lower quartile of {rounds}",
                )
            )
        heard = hung.heard()
    table.judge(*rows)
    assert heard == []
