"""What one action says that can't work, whatever stands elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .findings import Finding, Path
from .mend import Mend, quoted, remove, rename
from .placeholders import PLACEHOLDERS, odd_placeholders, placeholders
from .target_strings import nearest

if TYPE_CHECKING:
    from .model import Action


def odd_action(name: str, action: Action) -> Iterator[Finding]:
    """The findings about ``[actions.NAME]``; those about its prompt file are made where it is
    read, see `prompt_files`."""
    from .model import ANSWERING_TASKS, TASKS

    path = ("actions", name)
    if action.prompt is None and action.prompt_file is None and name not in TASKS:
        near = nearest(name, list(TASKS))
        yield Finding(
            path,
            "key",
            "missing-key",
            f"[actions.{name}] needs prompt or prompt_file.",
            f"Did you mean {near}?" if near else 'Write prompt = "…" under it.',
            mends=(*((rename(near),) if near else ()), _a_prompt(name)),
        )
    if action.prompt is not None and action.prompt_file is not None:
        yield Finding(
            (*path, "prompt_file"),
            "key",
            "two-prompts",
            f"[actions.{name}] has both prompt and prompt_file.",
            "Remove one of them.",
            mends=(remove("prompt_file"),),
        )
    if action.prompt is not None:
        yield from odd_prompt((*path, "prompt"), action.prompt)
    for placeholder in sorted(placeholders(action.title or "")):
        yield Finding(
            (*path, "title"),
            "value",
            "no-effect",
            f"A title has no placeholders: {{{placeholder}}} is shown as it stands.",
            "Write it out.",
            "warning",
            within=f"{{{placeholder}}}",
        )
    kind = action.kind or ("answer" if name in ANSWERING_TASKS else "edit")
    if action.output is not None and kind == "edit":
        yield _of_the_other_kind(path, "output", "An edit goes into the code", "answer")
    if action.edit_format is not None and kind == "answer":
        yield _of_the_other_kind(path, "edit_format", "An answer edits nothing", "edit")


def _of_the_other_kind(path: Path, key: str, why: str, kind: str) -> Finding:
    return Finding(
        (*path, key),
        "key",
        "no-effect",
        f"{why}, so {key} does nothing here.",
        f'Remove it, or write kind = "{kind}".',
        "warning",
        (remove(key),),
    )


def _a_prompt(name: str) -> Mend:
    line = f"prompt = {quoted('Say here what is to be done with the selected code.')}"
    return Mend("Add a prompt", "add", line, ("actions", name))


def odd_prompt(path: Path, prompt: str, file: str = "") -> Iterator[Finding]:
    """What looks like a placeholder in a prompt and is none; ``file``: where the prompt is from."""
    where = f" in {file}" if file else ""
    for odd in odd_placeholders(prompt):
        word = odd.written.strip("${}")
        if odd.meant is None:
            message = f"There is no placeholder {odd.written}{where}; it is sent as it stands."
            step = f"If that is meant, write {{{{{word}}}}}. Placeholders: {_names()}."
        elif odd.written.startswith("$"):
            message = f"{odd.written}{where} is no placeholder; it is sent as it stands."
            step = f"Write {{{odd.meant}}}, without $."
        else:
            message = f"There is no placeholder {odd.written}{where}; it is sent as it stands."
            step = f"Did you mean {{{odd.meant}}}? For the text itself write {{{{{word}}}}}."
        yield Finding(
            path,
            "value",
            "unknown-placeholder",
            message,
            step,
            "warning",
            _instead(odd.meant, word),
            within="" if file else odd.written,
        )


def _instead(meant: str | None, word: str) -> tuple[Mend, ...]:
    wanted = (f"{{{meant}}}", f"{{{{{word}}}}}") if meant else (f"{{{{{word}}}}}",)
    return tuple(Mend(f"Change to {text}", "splice", text) for text in wanted)


def _names() -> str:
    return ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
