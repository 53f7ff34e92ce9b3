"""What an action's prompt says about one place: its placeholders with their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from streetrace_lsp.config.placeholders import fill


def written(prompt: str, selected: str, fence: str, values: Mapping[str, str]) -> str:
    """``prompt`` with its placeholders replaced. ``values``: those besides the selection.

    `{selection}` on a line of its own becomes a code block in ``fence``, unless the prompt has
    opened one there itself; elsewhere it is the code alone.
    """

    def value(name: str, offset: int) -> str:
        if name != "selection":
            return values[name]
        # A model sees one kind of line end.
        code = selected.replace("\r\n", "\n").removesuffix("\n")
        return f"{fence}\n{code}\n{fence}" if _alone(prompt, offset) else code

    return fill(prompt, value)


def listed(lines: Sequence[str]) -> str:
    """The lines as a Markdown list."""
    return "\n".join(f"- {line}" for line in lines)


def _alone(prompt: str, offset: int) -> bool:
    above, _, here = prompt[:offset].rpartition("\n")
    below = prompt[offset:].partition("\n")[0].removeprefix("{selection}")
    fences = sum(line.lstrip().startswith(("```", "~~~")) for line in above.splitlines())
    return not (fences % 2 or here.strip() or below.strip())
