"""A reply and the files it is about in, a checked plan out. Never raises on what a model wrote."""

from __future__ import annotations

from collections.abc import Mapping

from streetrace_lsp.edits.draft import Draft
from streetrace_lsp.edits.intents import Block, Broken, EditIntent, Fence, Label, Reading, Reply
from streetrace_lsp.edits.parse.reply import parse
from streetrace_lsp.edits.plan_types import Plan
from streetrace_lsp.edits.resolve import known_paths, named_file

Selection = tuple[str, int, int]


def plan(
    reply: str,
    files: Mapping[str, str],
    selection: Selection | None = None,
    default_path: str | None = None,
    finished: bool = True,
    partial: bool = False,
) -> Plan:
    """Turn what a model wrote into edits, or into refusals that say why not.

    ``files`` maps paths relative to the root, with ``/``, to their texts as they are.
    ``selection`` is (path, start, end) in code points; only with it is a lone fence an edit.
    ``default_path`` is meant where a block names no file. ``finished`` False: the stream was
    cut, so that anything may be missing. With ``partial`` the good blocks are planned although
    others are refused; otherwise a plan with a refusal changes nothing.

    Raises ValueError where ``selection`` does not lie in ``files``.
    """
    if selection is not None:
        path, start, end = selection
        if path not in files or not 0 <= start <= end <= len(files[path]):
            raise ValueError("the selection lies outside the files")
    return plan_parsed(parse(reply), files, selection, default_path, finished, partial)


def plan_parsed(
    reply: Reply,
    files: Mapping[str, str],
    selection: Selection | None = None,
    default_path: str | None = None,
    finished: bool = True,
    partial: bool = False,
) -> Plan:
    """As plan(), for a reply that was parsed while it streamed."""
    draft = Draft(files, selection)
    if selection is None:
        reply = _with_json_files(reply)
    fences = [block for block in reply.blocks if isinstance(block, Fence)]
    explicit = [block for block in reply.blocks if not isinstance(block, Fence)]
    used: list[Block] = list(explicit)
    fallback = default_path or (selection[0] if selection is not None else None)
    if fallback is None and len(files) == 1:
        fallback = next(iter(files))

    sticky: Label | None = None
    for block in reply.blocks:
        if isinstance(block, EditIntent):
            label = _usable(block.label, files)
            sticky = label or sticky
            draft.intent(block, sticky, fallback)
        elif isinstance(block, Broken):
            label = _usable(block.label, files) or sticky
            path = named_file(label, files) if label is not None else fallback
            draft.refuse(path, block.block, block.code, block.message)

    if any(isinstance(block, EditIntent) for block in explicit):
        # Beside other edits a fence is an example, unless it is a file that is not there yet.
        used += _whole([fence for fence in fences if _new_file(fence, files)], draft)
    else:
        used += _fences(draft, fences, files, selection)
    if not finished:
        count = max((block.block for block in reply.blocks), default=0)
        draft.refuse(None, count + 1, "cut_off", "The reply was cut off before its end.")
    return draft.finish(partial, reply.prose(tuple(used)))


def _usable(label: Label | None, files: Mapping[str, str]) -> Label | None:
    """A label that is a path for sure, or names a known file."""
    if label is None or label.sure or named_file(label, files) is not None:
        return label
    return None


def _with_json_files(reply: Reply) -> Reply:
    """Without a selection, JSON that names whole files means those files."""
    blocks: list[Block] = []
    for block in reply.blocks:
        blocks += block.edits if isinstance(block, Fence) and block.edits else (block,)
    return Reply(tuple(blocks), reply.lines, reply.silent)


def _fences(
    draft: Draft, fences: list[Fence], files: Mapping[str, str], selection: Selection | None
) -> list[Fence]:
    """Plan fences that hold no edit grammar; gives those that were taken as edits.

    A fence below a line that is nothing but a path is that file. Only with a selection is a
    fence without a path an edit: prose examples never overwrite a file.
    """
    named = [(fence, fence.label) for fence in fences if fence.label and fence.label.sure]
    if selection is not None and len(fences) == 1:
        fence = fences[0]
        label = _usable(fence.label, files)
        if label is None or named_file(label, files) == selection[0]:
            draft.replace_selection(fence)
            return [fence]
        if not label.sure:
            message = f"The code block is meant for {label.path}, not for the selection."
            draft.refuse(selection[0], fence.block, "other_file", message)
            return [fence]
    elif selection is not None and fences and not _apart(fences, named, files, selection[0]):
        draft.refuse(
            selection[0],
            0,
            "ambiguous_fences",
            f"The reply has {len(fences)} code blocks and does not say which one replaces the "
            "selection.",
        )
        return []
    return _whole([fence for fence, _ in named], draft)


def _whole(fences: list[Fence], draft: Draft) -> list[Fence]:
    """Plan fences as whole files."""
    for fence in fences:
        reading = Reading((), fence.lines)
        intent = EditIntent(fence.block, fence.label, "whole", reading, fence.source_span)
        draft.intent(intent, fence.label, None)
    return fences


def _new_file(fence: Fence, files: Mapping[str, str]) -> bool:
    label = fence.label
    return label is not None and label.sure and not known_paths(label.path, files)


def _apart(
    fences: list[Fence],
    named: list[tuple[Fence, Label]],
    files: Mapping[str, str],
    selected: str,
) -> bool:
    """Whether every fence names a file, and none the selection's."""
    return len(named) == len(fences) and all(
        named_file(label, files) != selected for _, label in named
    )
