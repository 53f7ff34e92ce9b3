"""Where the user's own files are: configuration and state."""

from __future__ import annotations

import os
from pathlib import Path


def user_dir() -> Path:
    """The folder of the user's ``config.toml``; ``STREETRACE_CONFIG_DIR`` overrides it."""
    if given := os.environ.get("STREETRACE_CONFIG_DIR"):
        return Path(given).absolute()
    import platformdirs

    return Path(platformdirs.user_config_dir("streetrace", appauthor=False))


def state_dir() -> Path:
    """The folder of trust, answers and caches; ``STREETRACE_STATE_DIR`` overrides it."""
    if given := os.environ.get("STREETRACE_STATE_DIR"):
        return Path(given).absolute()
    import platformdirs

    return Path(platformdirs.user_state_dir("streetrace", appauthor=False))
