"""The question of trust in real Emacs: nothing is sent before the person agrees."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from editors.emacs.conftest import Start
from editors.emacs.session import Emacs
from editors.held import Held
from editors.project import FIRST, FIXED, LAST, SOURCE, Project

pytestmark = pytest.mark.emacs

# ElDoc asks right before every command, as it often does by chance. What is answered while Emacs
# waits for a command has it leave the command a moment later than the answer comes.
ASKING = """
(define-advice eglot--request (:before (server method &rest _) asking)
  (when (eq method :workspace/executeCommand)
    (jsonrpc-async-request server :textDocument/hover
                           (eglot--TextDocumentPositionParams)
                           :success-fn #'ignore)))
"""


@pytest.fixture(params=["configured", "alone"])
def stranger(request: pytest.FixtureRequest, held: Held) -> Iterator[Project]:
    """A project whose model answers at once, and which nobody trusts yet."""
    project: Project = request.getfixturevalue(request.param)
    project.clear()
    with (project.home / ".emacs.d/init.el").open("a", encoding="utf-8") as init:
        init.write(ASKING)
    yield project
    held.release()


def asked(emacs: Emacs) -> None:
    """Choose *Fix*; the question is there afterwards."""
    emacs.lines(FIRST, LAST)
    emacs.act("Fix")
    emacs.wait("Choose an option: ")


def test_nothing_is_asked_before_yes_and_everything_works_after_it(
    stranger: Project, held: Held, start: Start
) -> None:
    emacs = start()
    ours = (stranger.home / ".emacs.d/streetrace.el").exists()
    asked(emacs)
    assert not held.asked
    if ours:
        emacs.wait("Trust it?")
    emacs.choose("Trust")
    held.begun()
    held.release()
    if ours:
        emacs.wait("return sum(prices)")
    else:
        emacs.wait("Streetrace: Apply result”")
        emacs.act("Apply result")
        emacs.wait("return sum(prices)")
    emacs.on_disk(stranger.source, FIXED)


def test_not_now_sends_nothing(stranger: Project, held: Held, start: Start) -> None:
    emacs = start()
    asked(emacs)
    emacs.choose("Not now")
    emacs.wait("is not trusted")
    assert not held.asked
    assert stranger.source.read_text(encoding="utf-8") == SOURCE
