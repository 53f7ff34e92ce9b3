"""Chunks of a stream in, complete lines out, in time linear in the text."""

from __future__ import annotations

from streetrace_lsp.edits.lines import content_of, split_lines


class LineFeed:
    """Collects chunks and gives complete lines (without EOL) as soon as they are."""

    __slots__ = ("_open",)

    def __init__(self) -> None:
        self._open: list[str] = []

    def feed(self, chunk: str) -> list[str]:
        """The lines that this chunk completes."""
        held = bool(self._open) and self._open[-1].endswith("\r")
        if "\n" not in chunk and "\r" not in chunk and not held:
            if chunk:
                self._open.append(chunk)
            return []
        self._open.append(chunk)
        lines = split_lines("".join(self._open))
        # A CR at the end may be the first half of a CRLF.
        last = lines.pop() if lines and not lines[-1].endswith("\n") else ""
        self._open = [last] if last else []
        return [content_of(line) for line in lines]

    def close(self) -> str | None:
        """The last line, where the text does not end with an EOL."""
        rest = "".join(self._open)
        self._open = []
        return rest.rstrip("\r") if rest else None
