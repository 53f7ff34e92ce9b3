"""docs/usage.md names every field of `usage --json`, and every option."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

from program import Program
from usage_history import asked, keep

PAGE = Path(__file__).parents[3] / "docs" / "usage.md"


def test_the_page_documents_every_field_and_option(tmp_path: Path, home: Path) -> None:
    program = Program(tmp_path).user("[budget]\nday = 1\n")
    keep(tmp_path / "state", [asked(date.today(), 0.1)])
    found = json.loads(program.run("usage", "--json").stdout)
    page = PAGE.read_text("utf-8")
    tables = (found, found["total"], *(found[name][0] for name in ("models", "days", "limits")))
    for table in tables:
        assert [name for name in table if f"`{name}`" not in page] == []
    options = set(re.findall(r"--[a-z]+", program.run("usage", "--help").stdout)) - {"--help"}
    assert set(re.findall(r"^\| `(--[a-z]+)", page, re.M)) == options
