"""The variables that configuration may use: the user's shell, then a trusted project's ``.env``."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Variables:
    """Looks names up, one at a time and only when asked.

    ``shell`` is the process environment; ``dotenv`` holds what was taken from a trusted
    project's ``.env``. ``stored`` are the keys that the user stored with `streetrace-lsp key`;
    taking a value out may ask the user to unlock a keyring. The shell wins, then ``.env``; a
    stored key counts as the user's shell. None is merged into the process environment.
    """

    shell: Mapping[str, str]
    dotenv: Mapping[str, str] = field(default_factory=dict)
    # Comparing would take every value out.
    stored: Mapping[str, str] = field(default_factory=dict, compare=False)
    # The editor has a store of its own for them.
    in_editor: bool = False
    # The names in that store, which goes first of the stored ones.
    editor: Container[str] = ()

    def get(self, name: str) -> str | None:
        """The value of ``name``; an empty one counts as unset."""
        return self.shell.get(name) or self.dotenv.get(name) or self.stored.get(name) or None

    def has(self, name: str) -> bool:
        """Whether ``name`` is set; takes no stored key out."""
        return bool(self.shell.get(name) or self.dotenv.get(name)) or name in self.stored

    def from_shell(self, name: str) -> bool:
        """Whether the value that `get` gives is the user's own: of the shell, or stored."""
        if self.shell.get(name):
            return True
        return not self.dotenv.get(name) and name in self.stored

    def held_by_editor(self, name: str) -> bool:
        """Whether the editor's store has a key of this name."""
        return name in self.editor

    def shell_only(self) -> Variables:
        """The user's own variables alone."""
        return Variables(
            self.shell, stored=self.stored, in_editor=self.in_editor, editor=self.editor
        )
