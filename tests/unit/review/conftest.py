"""How many sequences the tests of a review try: quickly here, deeply by ``make fuzz``."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

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
