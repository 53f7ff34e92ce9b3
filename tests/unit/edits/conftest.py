"""How deep the property tests go: quickly here, deeply by ``make fuzz``."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

# Cases for each property. Read at import: tests run without the variables of the machine.
EXAMPLES = int(os.environ.get("STREETRACE_FUZZ_EXAMPLES", "0"))

if EXAMPLES:
    settings.register_profile(
        "fuzz",
        max_examples=EXAMPLES,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("fuzz")


@pytest.fixture(scope="session")
def depth() -> int:
    """Cases for each property over real files; one of them makes several plans."""
    return EXAMPLES // 5 or 100
