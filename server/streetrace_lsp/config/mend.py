"""What a person can do about a problem, said so exactly that an editor can do it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mend:
    """One way to mend a problem. ``title`` is an imperative, shown as it is.

    ``do``, about the key that the problem names unless ``path`` names another one:
    ``rename`` it to ``text``, with the TOML value ``value`` where there is one; ``write`` the TOML
    value ``text``; ``remove`` it with its value;
    ``move`` it into the table ``path``; ``add`` the lines ``text`` to the table ``path``, which is
    made where it is missing; ``splice`` puts ``text`` in place of ``span``, two offsets in code
    points.
    """

    title: str
    do: Literal["rename", "write", "remove", "move", "add", "splice"]
    text: str = ""
    path: Path = ()
    span: tuple[int, int] = (0, 0)
    value: str = ""


def rename(name: str) -> Mend:
    """Call the key ``name``."""
    return Mend(f"Change to {name}", "rename", name)


def write(value: str) -> Mend:
    """Give the key the TOML value ``value``."""
    return Mend(f"Change to {value}", "write", value)


def text(value: str) -> Mend:
    """Give the key the text ``value``."""
    return write(quoted(value))


def remove(name: str) -> Mend:
    """Take the key ``name`` out."""
    return Mend(f"Remove {name}", "remove")


def quoted(value: str) -> str:
    """``value`` as a TOML basic string (TOML 1.0, "String")."""
    import json

    # JSON escapes the same characters in the same way, but for DEL.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
