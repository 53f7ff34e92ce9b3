"""The variables that configuration may use: the user's shell, then a trusted project's ``.env``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Variables:
    """Looks names up, one at a time and only when asked.

    ``shell`` is the process environment; ``dotenv`` holds what was taken from a trusted
    project's ``.env``. The shell wins. Neither is merged into the process environment.
    """

    shell: Mapping[str, str]
    dotenv: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        """The value of ``name``; an empty one counts as unset."""
        return self.shell.get(name) or self.dotenv.get(name) or None

    def from_shell(self, name: str) -> bool:
        """Whether the value that `get` gives comes from the user's shell."""
        return bool(self.shell.get(name))

    def shell_only(self) -> Variables:
        """The user's own variables alone."""
        return Variables(self.shell)
