"""Screens of real editors: kept beside the tests, and shown in the documentation as captured.

A page shows a screen in a block of its own:

    <!-- screen: helix-chat -->
    ````text
    …
    ````

A test that captures the screen compares it with the block. `make screens` writes it anew.
"""

from __future__ import annotations

import os
import re

from editors.provisioned import REPOSITORY

# Git-ignored. Read before the tests get an environment of their own.
FOLDER = REPOSITORY / "artifacts/screens"
_WRITE = os.environ.get("STREETRACE_SCREENS") == "write"
_SPINNERS = re.compile("[\u2801-\u28ff]")


def keep(name: str, screen: str) -> str:
    """Write the screen to `FOLDER` as ``NAME.txt``, and return its path."""
    path = FOLDER / f"{name}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(screen, encoding="utf-8")
    return str(path)


def documented(name: str, screen: str, page: str) -> None:
    """Keep the screen, and find it in ``docs/PAGE``, or put it there under `make screens`.

    Four empty lines and more, of which a screen has many, count as one; a spinner stands still.
    """
    keep(name, screen)
    shown = re.sub(r"\n(~?\n|    ~\n){4,}", r"\n\n", _SPINNERS.sub("⣾", screen))
    path = REPOSITORY / "docs" / page
    text = path.read_text(encoding="utf-8")
    found = re.search(rf"<!-- screen: {name} -->\n````text\n(.*?)````\n", text, re.DOTALL)
    assert found, f"{page} has no place for the screen {name}"
    if _WRITE:
        path.write_text(text[: found.start(1)] + shown + text[found.end(1) :], encoding="utf-8")
    else:
        assert found[1] == shown, f"docs/{page} shows another screen {name}: run `make screens`"


def picture(name: str, png: bytes) -> None:
    """Keep a picture of the screen, and put it into ``docs/editors`` under `make screens`.

    Pictures are not compared: fonts differ from machine to machine.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.png").write_bytes(png)
    if _WRITE:
        (REPOSITORY / "docs/editors" / f"{name}.png").write_bytes(png)
