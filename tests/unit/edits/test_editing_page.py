"""The user's page on editing names every refusal that the engine can give."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
CODE = re.compile(
    r"""(?:Refused|Doubt|broken|Broken|refuse)\((?:[^"()]|\([^()]*\))*?"([a-z]+(?:_[a-z]+)*)\""""
)


def test_every_refusal_code_is_explained() -> None:
    sources = (ROOT / "server/streetrace_lsp/edits").rglob("*.py")
    codes = {code for source in sources for code in CODE.findall(source.read_text("utf-8"))}
    page = (ROOT / "docs/editing.md").read_text("utf-8")
    assert len(codes) >= 20
    assert {code for code in codes if f"`{code}`" not in page} == set()
