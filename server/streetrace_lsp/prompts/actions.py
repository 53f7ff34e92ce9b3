"""What can be asked of a model: the built-in actions and a project's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Output = Literal["edit", "answer"]

_PROSE = frozenset({"markdown", "plaintext", "text", "latex", "restructuredtext"})
_DATA = frozenset({"toml", "json", "jsonc", "yaml", "ini", "xml", "csv", "dockercompose"})
_TYPED = frozenset(
    {"python", "javascript", "javascriptreact", "typescript", "typescriptreact", "ruby", "php"}
)


@dataclass(frozen=True)
class Action:
    """One thing a person can ask for.

    ``prompt`` is the instruction to the model. ``languages`` limits the action to LSP
    language identifiers, ``excluded`` keeps it away from them; ``wants`` says what it
    cannot do without: a person's own words, or a diagnostic.
    """

    name: str
    title: str
    prompt: str
    output: Output
    wants: Literal["", "instruction", "diagnostic"] = ""
    languages: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    model: str | None = None
    edit_format: str | None = None

    def suits(self, language: str) -> bool:
        """Whether the action makes sense in a document of this LSP language identifier."""
        if self.languages and language not in self.languages:
            return False
        return language not in self.excluded


BUILT_IN: tuple[Action, ...] = (
    Action(
        "fix-diagnostic",
        "Fix this diagnostic",
        "Fix the problem that the diagnostic below reports. Change nothing else.",
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


def actions(custom: Mapping[str, Any]) -> dict[str, Action]:
    """All actions by name: the built-in ones, then those under ``[actions.NAME]``.

    ``custom`` maps a name to its configuration (`config.model.Action`). A project's action
    with the name of a built-in one replaces it.
    """
    found = {action.name: action for action in BUILT_IN}
    for name, given in custom.items():
        base = found.get(name)
        found[name] = Action(
            name=name,
            title=given.title or (base.title if base else name.replace("-", " ").capitalize()),
            prompt=given.prompt or (base.prompt if base else ""),
            output=given.kind or (base.output if base else "edit"),
            wants=base.wants if base else "",
            languages=frozenset(given.languages or ()) or (base.languages if base else frozenset()),
            excluded=base.excluded if base and not given.languages else frozenset(),
            model=given.model,
            edit_format=given.edit_format,
        )
    return found
