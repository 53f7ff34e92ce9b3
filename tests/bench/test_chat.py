"""Whether a long chat answers as soon as a short one, and how often it is written to."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from bench.model_server import ModelServer
from bench.rounds import interleaved, undisturbed
from bench.session import SERVER, Session
from bench.table import Row, Table
from lsp.clients.text import offset_at
from lsp.machine import Machine

pytestmark = pytest.mark.bench

TURNS, LETTERS = 200, 2048
LIMIT = 1.5
LIMIT_ALL_SENT = 3.0
_WARM_UP, _ROUNDS = 3, 25
# An answer that takes three seconds: 100 pieces in each.
_LONG = {"text": "word " * 300, "chunk": 5, "rate": 100}
MOST_EDITS = 10


class Chat(Session):
    """A session whose editor takes edits, as VS Code does, and knows when the first word came."""

    def __init__(self, machine: Machine, name: str) -> None:
        super().__init__(
            SERVER,
            machine.environment,
            machine.root,
            log=machine.home / f"{name}.log",
            notified=self._told,
        )
        self.text = ""
        self.version = 1
        self.edits: list[float] = []
        self.finals = 0
        self.initialize()
        answer = self.execute("streetrace.chat.new", {"text": "Hello?"})
        self.path, self.uri = Path(answer["path"]), str(answer["uri"])

    def open_with(self, text: str) -> None:
        """Have the chat open with this text."""
        self.text = text
        item = {"uri": self.uri, "languageId": "markdown", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def reset(self, text: str) -> None:
        """Put the text back to what it was."""
        self.text = text
        self._sync([{"text": text}])

    def first_word(self) -> float:
        """Seconds from Send to the first edit; the chat is as before afterwards."""
        before, done = self.text, self.finals
        self.edits.clear()
        began = time.perf_counter()
        assert "job" in self.execute("streetrace.chat.send", {"uri": self.uri})
        self.wait(lambda: self.finals > done)
        self.reset(before)
        self.settle()
        return self.edits[0] - began

    def _told(self, method: str, params: Any) -> None:
        if method == "streetrace/job" and params["final"]:
            assert params["state"] == "answered", params
            self.finals += 1

    def _handle(self, message: dict[str, Any]) -> None:
        if message.get("method") != "workspace/applyEdit":
            super()._handle(message)
            return
        self.edits.append(time.perf_counter())
        (change,) = message["params"]["edit"]["documentChanges"]
        assert change["textDocument"]["version"] == self.version
        (edit,) = change["edits"]
        places = (edit["range"]["start"], edit["range"]["end"])
        start, end = (offset_at(self.text, place, "utf-16") for place in places)
        self.text = self.text[:start] + edit["newText"] + self.text[end:]
        self._sync([{"range": edit["range"], "text": edit["newText"]}])
        self._send({"id": message["id"], "result": {"applied": True}})

    def _sync(self, changes: list[Any]) -> None:
        self.version += 1
        document = {"uri": self.uri, "version": self.version}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": changes})


def _configure(machine: Machine, base: str, more: str = "") -> None:
    machine.configure_user(
        'model = "local/demo"\n\n[backends.local]\nprovider = "ollama"\n'
        f"api_base = {json.dumps(base)}\n{more}"
    )


def _turns(count: int) -> str:
    """A chat of so many turns, and a question at its end."""
    words = ("so many words é " * LETTERS)[:LETTERS]
    pairs = "".join(
        f"## You\n\n{number} {words}\n\n## Assistant (local/demo)\n\n{words}\n\n"
        for number in range(count // 2)
    )
    return f"# Chat\n\n{pairs}## You\n\n{words}\n\n"


def _first_words(machine: Machine, more: str = "") -> tuple[float, float]:
    """Seconds to the first word in a chat of many turns, and in one of one turn."""
    with ModelServer({"text": "Hello."}) as models:
        _configure(machine, models.ollama, more)
        with Chat(machine, "long") as long, Chat(machine, "short") as short:
            long.open_with(_turns(TURNS))
            short.open_with(_turns(0))
            interleaved(long.first_word, short.first_word, _WARM_UP)
            slow, fast = interleaved(long.first_word, short.first_word, _ROUNDS)
    return undisturbed(slow), undisturbed(fast)


def test_the_first_word_in_a_long_chat(machine: Machine, table: Table) -> None:
    slow, fast = _first_words(machine)
    table.judge(
        Row(
            f"first word in a chat of {TURNS} turns of 2 KB, against one turn",
            slow * 1000,
            fast * 1000,
            "ms",
            LIMIT,
            f"lower quartile of {_ROUNDS}, from Send to the first edit",
        )
    )


def test_the_first_word_where_all_of_a_long_chat_is_sent(machine: Machine, table: Table) -> None:
    """The model server itself reads 400 KB instead of two, so more is allowed."""
    window = "[backends.local.context_windows]\ndemo = 1000000\n"
    slow, fast = _first_words(machine, window)
    what = "first word in that chat where all 400 KB are sent, against one turn"
    table.judge(Row(what, slow * 1000, fast * 1000, "ms", LIMIT_ALL_SENT, "a window of 1,000,000"))


def test_an_answer_comes_in_few_edits(machine: Machine, table: Table) -> None:
    with ModelServer(_LONG) as models:
        _configure(machine, models.ollama)
        with Chat(machine, "edits") as chat:
            chat.open_with(_turns(0))
            chat.first_word()
            times = chat.edits
    busiest = max(sum(begin <= at < begin + 1 for at in times) for begin in times)
    row = "edits to a chat in the busiest second, against the most that may be"
    table.judge(Row(row, busiest, MOST_EDITS, "edits", 1.0, f"{len(times)} for 300 pieces"))
