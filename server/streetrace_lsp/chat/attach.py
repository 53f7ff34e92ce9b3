"""Whether a file of the workspace may go to a model, and its text: the one place that decides."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from streetrace_lsp.edits.paths import folded

LARGEST: Final = 256 * 1024


@dataclass(frozen=True)
class Refusal:
    """Why something is not sent: a sentence for the person."""

    message: str


def attach(
    root: Path, path: str, opened: Callable[[Path], str | None] = lambda _: None
) -> str | Refusal:
    """The text of a file below ``root``, as the editor has it (``opened``) or as it is on disk."""
    if reason := refuse(root, path):
        return Refusal(f"{path} is not sent: {reason}.")
    place = root / path
    text = opened(place)
    if text is None:
        try:
            if not place.exists():
                return Refusal(f"There is no file {path} in the workspace folder.")
            if not place.is_file():
                return Refusal(f"{path} is no file.")
            if place.stat().st_size > LARGEST:
                return Refusal(f"{path} is not sent: it is larger than {LARGEST // 1024} KiB.")
            text = place.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            return Refusal(f"{path} is not sent: it is no UTF-8 text.")
        except OSError as error:
            return Refusal(f"{path} can't be read: {error.strerror}.")
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        return Refusal(f"{path} is not sent: it is larger than {LARGEST // 1024} KiB.")
    return text


def refuse(root: Path, path: str) -> str | None:
    """Why a path is never sent, as a clause; None when it may be."""
    try:
        real_root = Path(os.path.realpath(root))
        real = Path(os.path.realpath(root / path))
    except (OSError, ValueError):
        return "its path can't be resolved"
    if not real.is_relative_to(real_root):
        return "it is outside of the workspace folder"
    for part in (*Path(path).parts, *real.relative_to(real_root).parts):
        name = folded(part)
        if name == ".git":
            return "what git keeps for itself stays here"
        if name.startswith(".env"):
            return "such files hold secrets"
    return None
