"""Real Helix in a terminal, configured as the documentation says and driven by keys alone."""

from __future__ import annotations

import re
import string
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from editors.project import text_of
from editors.provisioned import Program
from editors.tmux import COLUMNS, PATIENCE, Terminal

_REPOSITORY = Path(__file__).parents[3]
_PROTOCOL = (_REPOSITORY / "docs/protocol.md").read_text(encoding="utf-8")
# A key for each of the server's commands, behind the first one.
_FIRST_KEY = "C-g"
_KEYS = dict(
    zip(
        sorted(set(re.findall(r"^\| `(streetrace\.[a-z.]+)` \|", _PROTOCOL, re.MULTILINE))),
        string.ascii_letters,
        strict=False,
    )
)
# Keys for commands, as a person who uses them often binds them.
BINDINGS = f"\n[keys.normal.{_FIRST_KEY}]\n" + "".join(
    f'{key} = ":lsp-workspace-command {command}"\n' for command, key in _KEYS.items()
)

# A typed line is lost now and then, as told at `Helix.server_command`.
_WRITE_KEY = "0"
BINDINGS += f'{_WRITE_KEY} = ":write"\n'
_SAVED = "received editor event: DocumentSaved(Ok("

# A menu's rows, in the order in which they stand under each other.
_OURS = "Streetrace: "


class Helix(Terminal):
    """Helix with files open, and what is needed to use it as a person does."""

    def __init__(
        self,
        program: Program,
        folder: Path,
        environment: Mapping[str, str],
        *files: str,
        columns: int = COLUMNS,
    ) -> None:
        home = Path(environment["HOME"])
        self._log = home / f"helix-{len(list(home.glob('helix-*.log')))}.log"
        arguments = ["--log", str(self._log), "-vv", *files]
        super().__init__(program, arguments, folder, environment, columns=columns)

    def attached(self, number: int = 1) -> None:
        """Wait until ``number`` documents were opened for the server: Helix shows nothing of it."""
        self.logged(
            lambda log: len(re.findall(r'streetrace -> .*"textDocument/didOpen"', log)) >= number
        )

    def logged(self, condition: Callable[[str], object]) -> None:
        """Wait until a condition holds on Helix's log, which has every message in it."""
        last = time.monotonic() + PATIENCE
        turn = threading.Event()
        while not condition(self.log):
            assert time.monotonic() < last, f"never logged:\n{self.log[-20_000:]}\n{self.screen}"
            turn.wait(0.02)

    @property
    def log(self) -> str:
        """All that Helix logged so far."""
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""

    def lines(self, first: int, last: int) -> None:
        """Select whole lines, numbered from 1."""
        self.type(f"{first}gg{last - first + 1}x")

    def find(self, text: str) -> None:
        """Search, from the top, and wait until the cursor is there."""
        self.type("gg/")
        self.wait("search:")
        self.type(text)
        self.press("Enter")
        self.wait("search:", gone=True)

    def menu(self, entry: str) -> str:
        """Open the menu of code actions and return the screen once the entry is in it."""
        self.press("Space")
        self.type("a")
        # A page may list the same, as a list of Markdown.
        return self.wait(re.compile(f"(?<!- ){re.escape(entry)}").search)

    def look(self, entry: str) -> str:
        """Open the menu of code actions, and close it without choosing; returns its screen."""
        screen = self.menu(_OURS + entry)
        self.press("Escape")
        self.wait(lambda screen: screen.count(_OURS) <= 1)
        return screen

    def act(self, entry: str) -> str:
        """Choose a code action; returns the screen with the menu."""
        screen = self.menu(_OURS + entry)
        self.pick(screen, _OURS + entry)
        return screen

    def pick(self, screen: str, entry: str, start: str = _OURS) -> None:
        """Choose the entry of the menu on ``screen``, all of whose rows begin with ``start``."""
        found = re.search(rf"^(.*?)(?<!- ){re.escape(entry)}", screen, re.MULTILINE)
        assert found, screen
        column = len(found[1])
        rows = [row[column:] for row in screen.splitlines() if row[column:].startswith(start)]
        place = next(number for number, row in enumerate(rows) if row.startswith(entry))
        self.press(*["Down"] * place, "Enter")

    def insert(self, where: str, text: str) -> None:
        """Type text in insert mode, begun by the keys ``where``, such as ``geo``."""
        self.type(where)
        self.wait(" INS ")
        self.type(text)
        self.press("Escape")  # and no key right behind it, which would count as Alt
        self.wait(" NOR ")

    def command(self, text: str) -> None:
        """Type a command, without its colon, and Enter."""
        self.type(f":{text}")
        self.press("Enter")

    def open(self, name: str) -> None:
        """Go to a file of the folder, and wait until it is the one in front."""
        self.command(f"open {name}")
        self.wait(re.compile(rf"^ NOR . {re.escape(name)} ", re.MULTILINE).search)

    def server_command(self, name: str) -> None:
        """Run a command of the server, which gets no argument, by its keys (`BINDINGS`).

        The Enter of a typed line was seen to do nothing, now and then, while messages of the
        server came in, as if no line stood there.
        """
        self._bound(_KEYS[name])

    def _bound(self, key: str) -> None:
        self.press(_FIRST_KEY)
        # What stood in the last line before, such as an earlier message, is gone now.
        self.wait("lsp-workspace-command")
        self.type(key)

    def write(self) -> None:
        """Save the buffer in front, and wait until Helix knows that it is saved.

        Until then it takes what it wrote itself for somebody else's, and refuses to save again.
        """
        before = self.log.count(_SAVED)
        self._bound(_WRITE_KEY)
        self.logged(lambda log: log.count(_SAVED) > before)

    def on_disk(self, path: Path, text: str) -> None:
        """Save, and wait until the file has exactly this text."""
        self.saved(path, lambda now: now == text)

    def saved(self, path: Path, holds: Callable[[str], bool]) -> None:
        """Save, and wait until a condition on the file's text holds."""
        self.write()
        last = time.monotonic() + PATIENCE
        turn = threading.Event()
        while not holds(now := text_of(path)):
            assert time.monotonic() < last, f"{path} has\n{now}\nscreen:\n{self.screen}"
            turn.wait(0.02)
