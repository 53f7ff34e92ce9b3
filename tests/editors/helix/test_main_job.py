"""From a selection to an edit on the disk, and back with one undo, in real Helix."""

from __future__ import annotations

import json

import pytest

from backends.fault_server import FaultServer, Reply
from editors.conftest import Play
from editors.helix.conftest import Start
from editors.helix.session import Helix
from editors.project import FIRST, FIXED, LAST, REPLY, SECOND_MODEL, SOURCE, Project

pytestmark = pytest.mark.helix

# Helix shows a message in one line: its reason comes behind the long path of a test's folder.
WIDE = 200


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


def test_another_model_answers_from_now_on(play: Play) -> None:
    def scenario(helix: Helix, project: Project) -> None:
        helix.server_command("streetrace.model")
        question = helix.wait("As configured")
        helix.pick(question, SECOND_MODEL, start="demo/")
        helix.wait(f"{SECOND_MODEL} answers in this project from now on.")
        helix.lines(FIRST, LAST)
        helix.act("Fix")
        helix.wait("not saved yet")
        helix.on_disk(project.source, FIXED)
        asked = json.loads(project.run("usage", "--json"))["models"]
        assert [use["model"].rpartition("/")[2] for use in asked] == ["two"]

    play(scenario, REPLY)


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
        helix.open(project.source.name)
        helix.on_disk(project.source, typed + SOURCE)
