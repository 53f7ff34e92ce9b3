"""What can be asked of a model: the built-in actions and a project's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from streetrace_lsp.config.placeholders import placeholders

Output = Literal["edit", "answer"]
Wants = Literal["", "instruction", "diagnostic"]

_PROSE = frozenset({"markdown", "plaintext", "text", "latex", "restructuredtext"})
# "streetrace" is what the extension for VS Code calls `.streetrace.toml`.
_DATA = frozenset(
    {"toml", "streetrace", "json", "jsonc", "yaml", "ini", "xml", "csv", "dockercompose"}
)
_TYPED = frozenset(
    {"python", "javascript", "javascriptreact", "typescript", "typescriptreact", "ruby", "php"}
)


@dataclass(frozen=True)
class Action:
    """One thing a person can ask for.

    ``prompt`` is the instruction to the model, with placeholders. ``languages`` limits the
    action to LSP language identifiers, ``excluded`` keeps it away from them; ``wants`` says what
    it cannot do without: a person's own words, or a diagnostic. ``context``: what goes along
    with the selection. ``shown``: where an editor shows an answer. ``fault``: why it can't be
    carried out as it is configured, with the next step; or empty.
    """

    name: str
    title: str
    prompt: str
    output: Output
    wants: Wants = ""
    languages: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    model: str | None = None
    edit_format: str | None = None
    context: Literal["file", "symbol", "selection"] = "file"
    shown: Literal["document", "message"] = "document"
    fault: str = ""

    @property
    def placeholders(self) -> frozenset[str]:
        """The names of the placeholders in the prompt."""
        return placeholders(self.prompt)

    def suits(self, language: str) -> bool:
        """Whether the action makes sense in a document of this LSP language identifier."""
        if self.languages and language not in self.languages:
            return False
        return language not in self.excluded


BUILT_IN: tuple[Action, ...] = (
    Action(
        "fix-diagnostic",
        "Fix this diagnostic",
        "Fix what the diagnostics below report, each of them. Change nothing else.",
        "edit",
        wants="diagnostic",
    ),
    Action(
        "fix",
        "Fix",
        "Find what is wrong in this code and fix it. Keep its style and its public interface. "
        "Change only the lines that the fix needs.",
        "edit",
        excluded=_PROSE,
    ),
    Action(
        "refactor",
        "Refactor",
        "Restructure this code so that it is easier to read and to change. "
        "Its behaviour and its public interface stay the same.",
        "edit",
        excluded=_PROSE | _DATA,
    ),
    Action(
        "simplify",
        "Simplify",
        "Make this code shorter and simpler without changing what it does.",
        "edit",
        excluded=_PROSE | _DATA,
    ),
    Action(
        "document",
        "Document",
        "Write or improve the documentation comments of this code in the convention of its "
        "language. Change no code.",
        "edit",
        excluded=_PROSE,
    ),
    Action(
        "add-types",
        "Add types",
        "Add precise type annotations to this code in the convention of its language. "
        "Change nothing else.",
        "edit",
        languages=_TYPED,
    ),
    Action(
        "edit",
        "Edit with an instruction",
        "Change this code as the instruction below says. Change nothing else.",
        "edit",
        wants="instruction",
    ),
    Action(
        "explain",
        "Explain",
        "Explain this code to a developer who sees it for the first time: what it does, how, "
        "and anything that may surprise. Be brief.",
        "answer",
    ),
    Action(
        "write-tests",
        "Write tests",
        "Write tests for this code with the test framework that its language and this file "
        "suggest. Give the whole test file in one code block, then say in a sentence where "
        "to put it.",
        "answer",
        excluded=_PROSE | _DATA,
    ),
    Action(
        "ask",
        "Ask",
        "Answer the question below about this code.",
        "answer",
        wants="instruction",
    ),
)


# What editors call the text of a commit message.
COMMIT_LANGUAGES = frozenset({"git-commit", "gitcommit"})
# Asked about what is staged and not about a document, so no document offers it.
COMMIT = Action(
    "commit",
    "Commit message",
    "Write the message for a commit of these staged changes: a first line in the imperative of at "
    "most 72 characters; then, only if that leaves something unsaid, an empty line and why the "
    "change was made, wrapped at 72 characters. Answer with the message alone, without a code "
    "block and without comments of yours.",
    "answer",
    languages=COMMIT_LANGUAGES,
    context="selection",
)


def actions(custom: Mapping[str, Any]) -> dict[str, Action]:
    """All actions by name: the built-in ones, then those under ``[actions.NAME]``.

    ``custom`` maps a name to its configuration (`config.model.Action`). A project's action
    with the name of a built-in one replaces it.
    """
    found = {action.name: action for action in BUILT_IN}
    for name, given in custom.items():
        base = found.get(name) or (COMMIT if name == COMMIT.name else None)
        prompt = given.prompt or (base.prompt if base and not given.prompt_file else "")
        found[name] = Action(
            name=name,
            title=given.title or (base.title if base else name.replace("-", " ").capitalize()),
            prompt=prompt,
            output=given.kind or (base.output if base else "edit"),
            wants=_wants(prompt, base),
            languages=frozenset(given.languages or ()) or (base.languages if base else frozenset()),
            excluded=base.excluded if base and not given.languages else frozenset(),
            model=given.model,
            edit_format=given.edit_format,
            context=given.context or "file",
            shown=given.output or "document",
            fault=_fault(name, given, prompt),
        )
    return found


def _wants(prompt: str, base: Action | None) -> Wants:
    if base is not None and base.wants:
        return base.wants
    return "instruction" if "instruction" in placeholders(prompt) else ""


def _fault(name: str, given: Any, prompt: str) -> str:
    if given.prompt_fault:
        return f"[actions.{name}] can't be used: {given.prompt_fault}"
    return "" if prompt else f'[actions.{name}] has no prompt. Write prompt = "…" under it.'
