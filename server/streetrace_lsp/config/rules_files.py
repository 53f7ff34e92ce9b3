"""The rules that a project has for agents: `AGENTS.md`, and `.streetrace/SYSTEM.md`.

They are somebody else's words to the model, as a prompt file is, and change more often than a
configuration. So each is agreed to on its own, by the digest of its bytes, in the store that holds
the trust in configuration files; one that changed is left out until its difference was seen, and
nothing else of the project with it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from .find import UnreadableError, is_foreign, owner_name, read_file
from .pin import difference
from .question import Question
from .readable import escaped
from .trust import Status, TrustState, real

AGENTS: Final = "AGENTS.md"
SYSTEM: Final = ".streetrace/SYSTEM.md"
LARGEST_RULES: Final = 32 * 1024


@dataclass(frozen=True)
class RulesFile:
    """A rules file: ``name`` from the workspace folder, and its text or why there is none."""

    path: Path
    name: str
    text: str = ""
    sha256: str = ""
    owner: int | None = None
    fault: str = ""

    def status(self, state: TrustState) -> Status:
        """Whether a person agreed to these very bytes."""
        return state.status(real(self.path), self.sha256, self.owner)


def is_rules_file(path: Path) -> bool:
    """Whether a file is called like one of them."""
    return path.name == AGENTS or path.as_posix().endswith(f"/{SYSTEM}")


def rules_files(document: Path, root: Path) -> list[RulesFile]:
    """The rules that hold for ``document``: of the `AGENTS.md` files from its folder up to
    ``root`` the nearest, and the system prompt of the project. What is empty is none."""
    found = []
    for folder in document.parents:
        if not folder.is_relative_to(root):
            break
        if os.path.lexists(folder / AGENTS):
            found.append(read_rules(folder / AGENTS, root))
            break
    if os.path.lexists(root / SYSTEM):
        found.append(read_rules(root / SYSTEM, root))
    return [one for one in found if one.text.strip() or one.fault]


def read_rules(path: Path, root: Path) -> RulesFile:
    """The rules file at ``path``, as it is now."""
    name = path.relative_to(root).as_posix()
    try:
        read = read_file(path, largest=LARGEST_RULES)
        text = read.data.decode("utf-8-sig")
    except FileNotFoundError:
        return RulesFile(path, name, fault="it does not exist")
    except UnreadableError as error:
        return RulesFile(path, name, fault=str(error))
    except UnicodeDecodeError:
        return RulesFile(path, name, fault="it is not UTF-8")
    return RulesFile(path, name, text, sha256(read.data).hexdigest(), read.owner)


def rules_question(rules: RulesFile, state: TrustState) -> Question:
    """What a person is asked before the file joins a prompt: all of it, or what changed."""
    lines = tuple(escaped(line, longest=LARGEST_RULES) for line in rules.text.splitlines())
    pin = state.pins.get(real(rules.path))
    parts = []
    if rules.owner is not None and is_foreign(rules.owner):
        parts.append(f"The file belongs to {escaped(owner_name(rules.owner))}, not to you.")
    if pin is not None:
        changed = difference(pin.summary, lines) or "Its owner, or characters that are not shown."
        parts.append(f"Changed since you agreed to it:\n{changed}")
    else:
        parts.append("\n".join(f"  | {line}" for line in lines))
    shown = escaped(str(rules.path))
    again = "has changed. Send it" if pin is not None else "has rules for the model. Send them"
    return Question(
        rules.path,
        rules.sha256,
        lines,
        rules.owner,
        (),
        True,
        f"{shown} {again} along with what you ask?",
        "\n\n".join(parts),
    )
