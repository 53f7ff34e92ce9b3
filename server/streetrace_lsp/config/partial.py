"""What else is wrong in a file of which a value can't be used: so that one look shows it all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .findings import Finding, Path

if TYPE_CHECKING:
    from .model import Settings


@dataclass(frozen=True)
class Partial:
    """A file's settings without the values at ``left_out``. To look at; never to be used."""

    settings: Settings
    left_out: frozenset[Path]

    def about_the_rest(self, findings: list[Finding]) -> list[Finding]:
        """The findings that what was left out can't be the reason of."""
        return [finding for finding in findings if not self._owed(finding)]

    def _owed(self, finding: Finding) -> bool:
        if finding.code == "unknown-placeholder":
            return False  # it stands in a text of its own, whatever is missing beside it
        for path in self.left_out:
            if finding.path[: len(path)] == path or path[: len(finding.path)] == finding.path:
                return True
            # A backend or action that lacks something may be what is looked for.
            if path[:2] == finding.path[:2] and path[0] == "backends":
                return True
            if path[0] == "actions" and finding.path[0] in {"actions", "tasks"}:
                return True
            if path[0] in {"backends", "pools"} and self._leads_to(finding.path, path):
                return True
        return False

    def _leads_to(self, target: Path, path: Path) -> bool:
        """Whether the target string at ``target`` names the backend or pool at ``path``."""
        value: Any = self.settings.model_dump()
        try:
            for step in target:
                value = value[step]
        except (KeyError, IndexError, TypeError):
            return False
        head = value.strip().partition("/")[0] if isinstance(value, str) else ""
        return len(path) < 2 or head == path[1] or value == path[1]
