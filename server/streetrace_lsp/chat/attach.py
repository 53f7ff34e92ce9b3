"""The text of a file of the workspace, where it may go to a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from streetrace_lsp.prompts.withheld import Rules, may_send

LARGEST: Final = 256 * 1024
# The ignore files, and nothing that a configuration keeps out besides.
ALONE: Final = Rules()


@dataclass(frozen=True)
class Refusal:
    """Why something is not sent: a sentence for the person."""

    message: str


def attach(
    root: Path,
    path: str,
    opened: Callable[[Path], str | None] = lambda _: None,
    rules: Rules = ALONE,
) -> str | Refusal:
    """The text of a file below ``root``, as the editor has it (``opened``) or as it is on disk."""
    if reason := refuse(root, path, rules):
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


def refuse(root: Path, path: str, rules: Rules = ALONE) -> str | None:
    """Why a path is never sent, as a clause; None when it may be."""
    try:
        return may_send(root, root / path, rules)
    except (OSError, ValueError):
        return "its path can't be resolved"
