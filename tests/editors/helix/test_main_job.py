"""From a selection to an edit on the disk, and back with one undo, in real Helix."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from backends.fault_server import FaultServer, Reply
from editors.conftest import Play
from editors.helix.conftest import Start
from editors.helix.session import Helix
from editors.project import FIRST, FIXED, LAST, REPLY, SOURCE, Project

pytestmark = pytest.mark.helix

# Helix shows a message in one line: its reason comes behind the long path of a test's folder.
WIDE = 200
TYPED = "LIMIT = 100  # €\n"


@pytest.fixture
def model(project: Project) -> Iterator[FaultServer]:
    """A model of a trusted project that holds its first answer back until it is released."""
    with FaultServer(Reply(text=REPLY)) as server:
        server.script(Reply(text=REPLY, hold_after=3))
        project.use_ollama(server.base)
        project.trust()
        yield server


def fix(helix: Helix, model: FaultServer) -> None:
    """Select the function and choose Fix; the answer has begun afterwards."""
    helix.lines(FIRST, LAST)
    helix.act("Fix")
    model.wait(lambda: model.held == 1, timeout=60)


def test_the_edit_arrives_and_one_undo_takes_it_back(play: Play) -> None:
    def scenario(helix: Helix, project: Project) -> None:
        helix.lines(FIRST, LAST)
        helix.act("Fix")
        helix.wait("not saved yet")
        assert project.source.read_text(encoding="utf-8") == SOURCE, "saving is the person's"
        helix.on_disk(project.source, FIXED)
        helix.type("u")
        helix.wait("for i in range")
        helix.on_disk(project.source, SOURCE)

    play(scenario, REPLY)


def test_what_is_typed_while_the_model_writes_is_kept(
    model: FaultServer, project: Project, start: Start
) -> None:
    helix = start()
    fix(helix, model)
    helix.insert("ggO", TYPED.rstrip("\n"))
    assert "range(len" in helix.screen
    model.release()
    helix.wait("not saved yet")
    helix.on_disk(project.source, TYPED + FIXED)


def test_typing_inside_the_region_is_kept_and_the_result_waits(
    model: FaultServer, project: Project, start: Start
) -> None:
    helix = start()
    fix(helix, model)
    helix.insert(f"{FIRST}ggo", "    pass")
    model.release()
    helix.wait("not applied to prices.py: you changed the same place")
    helix.saved(project.source, lambda text: "    pass\n" in text and "range(len" in text)


def test_stopping_leaves_the_text_and_closes_the_connection(
    model: FaultServer, project: Project, start: Start
) -> None:
    helix = start()
    fix(helix, model)
    helix.act("Stop")
    model.wait(lambda: model.connections[-1].closed_by == "client", timeout=60)
    helix.wait("stopped")
    helix.on_disk(project.source, SOURCE)


def test_after_the_server_was_killed_the_text_stands_and_a_restart_goes_on(
    model: FaultServer, project: Project, start: Start
) -> None:
    helix = start()
    fix(helix, model)
    helix.kill_server()
    model.wait(lambda: model.connections[-1].closed_by == "client", timeout=60)
    helix.on_disk(project.source, SOURCE)

    opened = helix.log.count('"textDocument/didOpen"')
    helix.command("lsp-restart")
    helix.attached(opened + 1)
    helix.lines(FIRST, LAST)
    helix.act("Fix")
    helix.wait("not saved yet")
    helix.on_disk(project.source, FIXED)


def test_without_trust_nothing_is_sent_and_it_is_said(project: Project, start: Start) -> None:
    with FaultServer() as model:
        project.use_ollama(model.base)
        helix = start(columns=WIDE)
        helix.lines(FIRST, LAST)
        helix.act("Fix")
        question = helix.wait("Never")
        assert model.base in question, "the question names whom the project wants to ask"
        helix.press("Down", "Enter")
        helix.wait("is not trusted, so nothing in it is used")
        helix.on_disk(project.source, SOURCE)
        assert model.connections == []


def test_trust_given_in_a_shell_is_noticed(project: Project, start: Start) -> None:
    with FaultServer(Reply(text=REPLY)) as model:
        project.use_ollama(model.base)
        helix = start(columns=WIDE)
        helix.lines(FIRST, LAST)
        helix.act("Fix")
        helix.wait("Never")
        helix.press("Down", "Enter")
        helix.wait("is not trusted, so nothing in it is used")
        project.trust()
        helix.act("Fix")
        helix.wait("not saved yet")
        helix.on_disk(project.source, FIXED)


def test_keys_are_on_the_screen_throughout_an_answer_of_20_seconds(
    project: Project, start: Start
) -> None:
    seconds, per_second = 20, 10
    text = REPLY + "\n" + "It adds up. " * 200
    reply = Reply(text=text, chunk=-(-len(text) // (seconds * per_second)), rate=per_second)
    with FaultServer(reply) as model:
        project.use_ollama(model.base)
        project.trust()
        helix = start()
        helix.lines(FIRST, LAST)
        helix.act("Explain")
        for second in range(1, seconds - 1):
            sent = second * per_second
            model.wait(lambda sent=sent: model.chunks_sent >= sent, timeout=60)
            helix.insert("ggO", f"second_{second} = 0")
            helix.wait(f"second_{second} = 0")
            assert model.connections[-1].closed_by is None, "it ended before the keys were seen"
        helix.wait("It adds up.")
        typed = "".join(f"second_{second} = 0\n" for second in range(seconds - 2, 0, -1))
        helix.command(f"open {project.source.name}")
        helix.wait(" prices.py")
        helix.on_disk(project.source, typed + SOURCE)
