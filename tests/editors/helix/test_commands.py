"""Every command of the server, run from Helix's own list, which passes no argument."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest

from backends.fault_server import FaultServer, Reply
from editors.conversation import ANSWER
from editors.helix.conftest import Start
from editors.helix.session import Helix
from editors.project import FIRST, FIRST_MODEL, FIXED, LAST, REPLY, SECOND_MODEL, SOURCE, Project
from editors.reviewed import ANSWER as CHANGES
from editors.reviewed import EMPTY, MEAN, ZERO, with_changes

pytestmark = pytest.mark.helix

# A message is one line, and a test's folder has a long path.
WIDE = 200
NO_CHAT = "No chat is open. The command streetrace.chat.new starts one."
NO_REVIEW = "There is nothing to review"

# What is said where there is nothing yet that a command could act on.
SAID = {
    "streetrace.apply": "There is no result to apply.",
    "streetrace.cancel": "Nothing of Streetrace is running.",
    "streetrace.chat.apply": NO_CHAT,
    "streetrace.chat.compact": NO_CHAT,
    "streetrace.chat.continue": NO_CHAT,
    "streetrace.chat.create": NO_CHAT,
    "streetrace.chat.fork": NO_CHAT,
    "streetrace.chat.insert": NO_CHAT,
    "streetrace.chat.model": NO_CHAT,
    "streetrace.chat.open": "There is no chat yet: streetrace.chat.new starts one.",
    "streetrace.chat.regenerate": NO_CHAT,
    "streetrace.chat.send": NO_CHAT,
    "streetrace.chat.show": "No answer waits for a chat.",
    "streetrace.chat.stop": "No answer is being written.",
    "streetrace.commit": "not a git repository",
    "streetrace.config.check": ".streetrace.toml: no problems.",
    "streetrace.discard": "There is no result to discard.",
    "streetrace.init": "holds a configuration already",
    "streetrace.review.keep": NO_REVIEW,
    "streetrace.review.next": NO_REVIEW,
    "streetrace.review.previous": NO_REVIEW,
    "streetrace.review.show": NO_REVIEW,
    "streetrace.review.undo": NO_REVIEW,
    "streetrace.show": "There is nothing kept to show.",
    "streetrace.trace": "Nothing was asked in this session yet.",
    "streetrace.trust": "Trusted already: ",
    "streetrace.usage": "Nothing was asked yet.",
}
# The page that a command opens once something was asked, and a line of it.
OPENED = {
    "streetrace.config.show": ("# Configuration in force", FIRST_MODEL),
    "streetrace.doctor": ("# Doctor", "✓"),
    "streetrace.model.recommend": ("# Models for edit", FIRST_MODEL),
    "streetrace.trace": ("# Trace", "| Seconds | Step |"),
    "streetrace.usage": ("# Usage", FIRST_MODEL.partition("/")[2]),
}
# The page on which something has to be chosen: its title, what is chosen, what then is shown.
CHOSEN = {
    "streetrace.action": ("# Which action?", "Fix", "not saved yet"),
    "streetrace.backend.test": ("# Which backend?", "Test other", "other/demo answers in"),
    "streetrace.compare": ("# Which action?", "Compare Explain", "# Compare Explain: prices.py"),
    "streetrace.model.pull": ("# Which model?", "Pull demo for other", "demo is there"),
    "streetrace.prompt.preview": ("# Which action?", "Preview Fix", "# Fix: what would be sent"),
}
# Of these, what they do where there is something to do is tried below, one after the other.
DONE = {
    *("streetrace.apply", "streetrace.discard", "streetrace.show"),
    *("streetrace.review.keep", "streetrace.review.undo", "streetrace.review.show"),
    *("streetrace.review.next", "streetrace.review.previous"),
    *("streetrace.cancel", "streetrace.model", "streetrace.trust", "streetrace.commit"),
    *("streetrace.init", "streetrace.config.check"),
    *("streetrace.chat.new", "streetrace.chat.send", "streetrace.chat.stop"),
    *("streetrace.chat.regenerate", "streetrace.chat.continue", "streetrace.chat.compact"),
    *("streetrace.chat.fork", "streetrace.chat.open", "streetrace.chat.model"),
    *("streetrace.chat.apply", "streetrace.chat.insert", "streetrace.chat.create"),
}
# An answer waits for a chat only where an editor takes no edits of its own accord.
NEVER_IN_HELIX = {"streetrace.chat.show"}


@pytest.fixture
def model(project: Project) -> Iterator[FaultServer]:
    """The server behind two models of one backend, and behind another backend."""
    with FaultServer(Reply(text=REPLY)) as server:
        other = f'\n[backends.other]\nprovider = "ollama"\napi_base = "{server.base}"\n'
        project.use_two(
            f'provider = "ollama"\napi_base = "{server.base}"\n', f'{other}model = "demo"\n'
        )
        project.trust()
        yield server


def source(helix: Helix) -> None:
    """Go back to the source file."""
    helix.open("prices.py")


def chat(helix: Helix, answer: str) -> str:
    """The chat's screen from its end, once it shows this."""
    helix.type("ge")
    return helix.wait(answer)


def test_each_says_so_where_there_is_nothing_to_act_on(model: FaultServer, start: Start) -> None:
    helix = start(columns=WIDE)
    for name, message in SAID.items():
        helix.server_command(name)
        screen = helix.wait(message)
        assert "def total(prices):" in screen, f"{name} leaves the file in front"
    assert not any(request.json for request in model.requests), "nobody was asked"


def test_each_page_opens_and_says_something(
    model: FaultServer, project: Project, start: Start
) -> None:
    helix = start(columns=WIDE)
    helix.lines(FIRST, LAST)
    helix.act("Fix")
    helix.wait("not saved yet")
    for name, (title, words) in OPENED.items():
        helix.server_command(name)
        helix.wait(title)
        helix.wait(words)
        source(helix)


@pytest.mark.parametrize("name", CHOSEN)
def test_a_missing_choice_is_made_on_a_page(
    model: FaultServer, project: Project, start: Start, name: str
) -> None:
    title, entry, then = CHOSEN[name]
    helix = start(columns=WIDE)
    helix.lines(FIRST, LAST)
    helix.look("Explain")
    helix.server_command(name)
    helix.wait(title)
    helix.wait("Open the code actions on the page, and choose.")
    helix.act(entry)
    helix.wait(then)
    if name == "streetrace.action":
        source(helix)
        helix.on_disk(project.source, FIXED)
    else:
        assert project.source.read_text(encoding="utf-8") == SOURCE


def test_helix_lists_them_all(model: FaultServer, start: Start) -> None:
    helix = start()
    listed = re.search(r'executeCommandProvider": *\{"commands": *\[(.*?)\]', helix.log)
    assert listed
    advertised = set(re.findall(r'"(streetrace\.[a-z.]+)"', listed[1]))
    assert advertised == {*SAID, *OPENED, *CHOSEN, *DONE}, "each is tried on this page"
    assert SAID.keys() - OPENED.keys() - CHOSEN.keys() - DONE == NEVER_IN_HELIX

    helix.command("lsp-workspace-command")
    helix.wait("streetrace.action")
    helix.type("review.next")
    helix.wait(lambda screen: screen.count("streetrace.") == 1)
    helix.press("Enter")
    helix.wait(NO_REVIEW)


def test_a_kept_result_is_shown_discarded_and_applied(
    model: FaultServer, project: Project, start: Start
) -> None:
    text = (project.folder / ".streetrace.toml").read_text(encoding="utf-8")
    project.configure(f"confirm = true\n{text}")
    helix = start(columns=WIDE)
    for last in (False, True):
        helix.lines(FIRST, LAST)
        helix.act("Fix")
        helix.wait("Fix: prices.py waits for your agreement")
        source(helix)
        helix.server_command("streetrace.show")
        helix.wait("+    return sum(prices)")
        source(helix)
        helix.server_command("streetrace.apply" if last else "streetrace.discard")
        helix.wait("not saved yet" if last else "Fix: the result for prices.py is discarded.")
    helix.on_disk(project.source, FIXED)


def test_a_review_from_the_list(project: Project, start: Start) -> None:
    with FaultServer(Reply(text=CHANGES)) as model:
        project.use_two(
            f'provider = "ollama"\napi_base = "{model.base}"\nedit_format = "search-replace"\n'
        )
        project.trust()
        helix = start(columns=WIDE)
        helix.lines(FIRST, LAST)
        helix.act("Fix")
        helix.wait("not saved yet")
        helix.server_command("streetrace.review.show")
        helix.wait("+    return round(result, 2)")
        source(helix)
        helix.type("gg")
        helix.look("Next change")
        for name, line in (("next", 5), ("next", 8), ("previous", 5)):
            helix.server_command(f"streetrace.review.{name}")
            helix.wait(f" {line}:")
        helix.server_command("streetrace.review.keep")
        helix.wait("Kept 1 change in prices.py; 2 to review.")
        helix.server_command("streetrace.review.next")
        helix.wait(" 8:")
        helix.server_command("streetrace.review.undo")
        helix.wait("Undone in prices.py")
        helix.on_disk(project.source, with_changes(ZERO, MEAN))
        assert EMPTY[1] not in project.source.read_text(encoding="utf-8")


def test_what_runs_is_stopped(model: FaultServer, project: Project, start: Start) -> None:
    model.script(Reply(text=REPLY, hold_after=2))
    helix = start(columns=WIDE)
    helix.lines(FIRST, LAST)
    helix.act("Fix")
    model.wait(lambda: model.held == 1)
    helix.server_command("streetrace.cancel")
    model.wait(lambda: model.connections[-1].closed_by == "client")
    helix.wait("stopped")
    helix.on_disk(project.source, SOURCE)


def test_another_model_is_chosen_in_a_question(model: FaultServer, start: Start) -> None:
    helix = start(columns=WIDE)
    helix.server_command("streetrace.model")
    question = helix.wait("As configured")
    helix.pick(question, SECOND_MODEL, start="demo/")
    helix.wait(f"{SECOND_MODEL} answers in this project from now on.")
    helix.lines(FIRST, LAST)
    helix.act("Fix")
    helix.wait("not saved yet")
    assert model.requests[-1].json["model"] == "two"


def test_trust_is_asked_for_and_a_broken_file_explained(project: Project, start: Start) -> None:
    with FaultServer(Reply(text=REPLY)) as model:
        project.use_ollama(model.base)
        helix = start(columns=WIDE)
        helix.server_command("streetrace.trust")
        helix.wait("Never")
        helix.press("Enter")
        helix.wait("Trusted now: ")
        helix.lines(FIRST, LAST)
        helix.act("Fix")
        helix.wait("not saved yet")
        helix.on_disk(project.source, FIXED)
        project.configure('model = "nobody/x"\n')
        helix.server_command("streetrace.config.check")
        helix.wait("# Problems of the configuration")
        helix.wait("nobody")


def test_a_first_configuration_is_written(project: Project, start: Start) -> None:
    helix = start(columns=WIDE)
    helix.server_command("streetrace.init")
    helix.wait("is filled in: save it.")
    helix.saved(project.folder / ".streetrace.toml", lambda text: "[backends." in text)


def test_what_is_staged_is_described(model: FaultServer, project: Project, start: Start) -> None:
    for command in (("init", "-q"), ("add", "prices.py")):
        subprocess.run(["git", *command], cwd=project.folder, check=True)
    model.script(Reply(text="Add the prices"))
    helix = start(columns=WIDE)
    helix.server_command("streetrace.commit")
    helix.wait("Add the prices")


def test_a_chat_from_the_list(model: FaultServer, project: Project, start: Start) -> None:
    chats = project.folder / ".streetrace/chats"
    model.default = Reply(text=ANSWER)
    helix = start(columns=WIDE)
    helix.server_command("streetrace.chat.new")
    helix.wait("chat-1.md")
    helix.insert("geo", "What does prices.py do?")
    helix.server_command("streetrace.chat.send")
    helix.wait("Chat: answered (")
    chat(helix, "It adds,")

    helix.server_command("streetrace.chat.apply")
    helix.wait("prices.py")
    helix.server_command("streetrace.chat.model")
    question = helix.wait("As configured")
    helix.pick(question, SECOND_MODEL, start="demo/")
    helix.wait(f"{SECOND_MODEL} answers in it from now on.")
    for name, answer in (
        ("regenerate", "Once more."),
        ("continue", "And further."),
        ("compact", "In short."),
    ):
        model.script(Reply(text=answer))
        helix.server_command(f"streetrace.chat.{name}")
        # Until then the chat is busy.
        helix.wait("Chat: answered (")
        chat(helix, answer)
        model.wait(lambda answer=answer: model.requests[-1].json["model"] == "two")
    helix.write()

    helix.insert("geo", "And then?")
    model.script(Reply(text="Nothing. " * 20, hold_after=2))
    helix.server_command("streetrace.chat.send")
    model.wait(lambda: model.held == 1)
    helix.server_command("streetrace.chat.stop")
    model.wait(lambda: model.connections[-1].closed_by == "client")
    helix.wait("stopped")
    helix.server_command("streetrace.chat.fork")
    helix.wait("chat-fork-1.md")
    source(helix)
    helix.server_command("streetrace.chat.open")
    helix.wait(lambda screen: "/chat-" in screen)
    assert len(list(chats.glob("*.md"))) == 2


def test_code_of_a_chat_from_the_list(model: FaultServer, project: Project, start: Start) -> None:
    model.default = Reply(text="`tax.py`:\n\n```python\n# tax.py\nTAX = 7\n```\n")
    helix = start(columns=WIDE)
    helix.type("gg")
    helix.look("Explain")
    helix.server_command("streetrace.chat.new")
    helix.wait("chat-1.md")
    helix.insert("geo", "Which tax?")
    helix.server_command("streetrace.chat.send")
    helix.wait("Chat: answered (")
    helix.server_command("streetrace.chat.insert")
    helix.wait("not saved yet")
    helix.server_command("streetrace.chat.create")
    helix.wait("made tax.py")
    source(helix)
    helix.saved(project.source, lambda text: "TAX = 7" in text and text.endswith(SOURCE))
