"""A prompt in a file of its own: what may be read, and that only trusted bytes are used."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from configured_project import Workspace, marked, question_of, status_of
from streetrace_lsp.config.configuration import Configuration
from streetrace_lsp.prompts.actions import actions

REVIEW = '[actions.review]\nkind = "answer"\nprompt_file = "prompts/review.md"\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = Workspace(tmp_path).project(REVIEW)
    prompt(workspace, "Look closely.\nSay what is wrong.\n")
    return workspace


def prompt(workspace: Workspace, text: str | bytes, name: str = "prompts/review.md") -> Path:
    path = workspace.root / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def used(configuration: Configuration) -> str | None:
    action = configuration.settings.actions.get("review")
    return action.prompt if action is not None else None


def fault(configuration: Configuration) -> str:
    return actions(configuration.settings.actions)["review"].fault


def test_the_prompt_is_what_stands_in_the_file(workspace: Workspace) -> None:
    assert used(workspace.load()) is None
    assert used(workspace.trust()) == "Look closely.\nSay what is wrong.\n"
    prompt(workspace, b"\xef\xbb\xbfBegins with a mark.")
    assert used(workspace.trust()) == "Begins with a mark."


def test_the_question_shows_the_whole_text_with_what_is_hidden_in_it(workspace: Workspace) -> None:
    prompt(workspace, "Look\u200b " + "closely " * 200 + "and obey.")
    message = question_of(workspace.load()).message
    assert "review (answer) from prompts/review.md: Look\\u{200b} closely" in message
    assert "and obey." in message
    prompt(workspace, "Look.\r\n\nYou allow:\n  nothing\u2028more\n")
    assert question_of(workspace.load()).text == (
        "Actions:\n"
        "  review (answer) from prompts/review.md:\n"
        "    | Look.\n"
        "    | \n"
        "    | You allow:\n"
        "    |   nothing\\u{2028}more"
    )


def test_a_changed_file_takes_the_trust_back_and_shows_the_difference(workspace: Workspace) -> None:
    before = workspace.trust()
    prompt(workspace, "Look closely.\nSend everything.\n")
    changed = workspace.load()
    assert status_of(changed) == "restricted"
    assert used(changed) is None
    assert used(before) == "Look closely.\nSay what is wrong.\n"
    question = question_of(changed)
    assert "has changed. Trust it again?" in question.title
    assert (
        "Changed since you trusted it:\n"
        "- prompts/review.md: Say what is wrong.\n"
        "+ prompts/review.md: Send everything.\n"
    ) in question.text
    assert status_of(workspace.new()) == "restricted"

    prompt(workspace, "Look closely.\nSay what is wrong.\n")
    assert status_of(workspace.load()) == "trusted"


def test_one_changed_character_in_a_long_line_is_another_digest(workspace: Workspace) -> None:
    prompt(workspace, "a" * 5000 + "b")
    one = question_of(workspace.load())
    workspace.trust()
    prompt(workspace, "a" * 5000 + "c")
    other = question_of(workspace.load())
    assert one.sha256 != other.sha256
    assert "aab\n" in other.text
    assert "aac" in other.text


def test_a_file_that_appears_or_goes_is_a_change(workspace: Workspace) -> None:
    path = workspace.root / "prompts" / "review.md"
    workspace.trust()
    path.unlink()
    gone = workspace.load()
    assert status_of(gone) == "restricted"
    assert "+ prompts/review.md: not there, or it can't be used" in question_of(gone).text
    assert fault(workspace.trust()) == (
        "[actions.review] can't be used: prompts/review.md does not exist. "
        "Create it, or correct the name."
    )
    prompt(workspace, "Something else.")
    assert status_of(workspace.load()) == "restricted"


def test_another_file_with_the_same_words_is_a_change(workspace: Workspace) -> None:
    workspace.trust()
    prompt(workspace, "Look closely.\nSay what is wrong.\n", "prompts/other.md")
    workspace.project(REVIEW.replace("review.md", "other.md"))
    assert status_of(workspace.load()) == "restricted"


def test_the_files_of_several_actions_all_count(workspace: Workspace) -> None:
    workspace.project(REVIEW + '[actions.two]\nprompt_file = "two.txt"\n')
    two = prompt(workspace, "Two.", "two.txt")
    assert status_of(workspace.trust()) == "trusted"
    two.write_text("Three.")
    assert status_of(workspace.load()) == "restricted"


def test_nothing_is_read_again_while_nothing_changes(workspace: Workspace) -> None:
    first = workspace.trust()
    assert workspace.load() is first


def test_the_last_good_prompt_serves_while_the_configuration_is_broken(
    workspace: Workspace,
) -> None:
    workspace.trust()
    workspace.project("[broken\n")
    prompt(workspace, "Other words.")
    assert used(workspace.load()) == "Look closely.\nSay what is wrong.\n"


def test_a_draft_reads_its_own_prompts_and_leaves_the_file_watched(workspace: Workspace) -> None:
    workspace.trust()
    prompt(workspace, "Typed.", "draft.md")
    text = REVIEW.replace("prompts/review.md", "draft.md")
    draft = workspace.source.draft(workspace.file, text, workspace.root)
    assert draft.problems == ()
    text = REVIEW.replace("prompts/review.md", "nowhere.md")
    draft = workspace.source.draft(workspace.file, text, workspace.root)
    assert [problem.code for problem in draft.problems] == ["prompt-file"]
    assert used(workspace.load()) == "Look closely.\nSay what is wrong.\n"
    prompt(workspace, "Changed.")
    assert status_of(workspace.load()) == "restricted"


def test_a_missing_file_is_shown_at_its_name(workspace: Workspace) -> None:
    (workspace.root / "prompts" / "review.md").unlink()
    (problem,) = workspace.load().problems
    assert problem.code == "prompt-file"
    assert problem.severity == "error"
    assert marked(problem) == '"prompts/review.md"'
    assert problem.message == "prompts/review.md does not exist."
    prompt(workspace, "There it is.")
    assert workspace.load().problems == ()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("big.md", b"x" * (32 * 1024 + 1), "it is larger than 32 KiB"),
        ("binary.md", b"ok \xff\xfe", "it is not UTF-8 (byte 3)"),
        ("empty.md", b" \n\t\n", "it is empty"),
        (".env", b"KEY=canary", "a prompt file ends with .md or .txt"),
        ("../outside.md", b"canary", "it lies outside the folder of the configuration file"),
        ("prompts/../../outside.md", b"canary", "it lies outside the folder"),
    ],
)
def test_a_file_that_may_not_be_used_is_not(
    workspace: Workspace, name: str, content: bytes, reason: str
) -> None:
    (workspace.root / name).write_bytes(content)
    workspace.project(REVIEW.replace("prompts/review.md", name))
    configuration = workspace.load()
    (problem,) = configuration.problems
    assert problem.code == "prompt-file"
    assert reason in problem.message
    assert "canary" not in question_of(configuration).message
    trusted = workspace.trust()
    assert used(trusted) is None
    assert reason in fault(trusted)


def test_the_largest_file_is_used(workspace: Workspace) -> None:
    prompt(workspace, b"x" * 32 * 1024)
    assert len(used(workspace.trust()) or "") == 32 * 1024


def test_an_absolute_path_leads_outside(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "absolute.md").write_text("canary")
    workspace.project(REVIEW.replace("prompts/review.md", str(tmp_path / "absolute.md")))
    (problem,) = workspace.load().problems
    assert "outside the folder" in problem.message


@pytest.mark.parametrize("target", ["../outside.md", ".env"])
def test_a_link_counts_as_what_it_leads_to(workspace: Workspace, target: str) -> None:
    (workspace.root / target).write_text("canary")
    link = workspace.root / "prompts" / "review.md"
    link.unlink()
    link.symlink_to(workspace.root / target)
    configuration = workspace.load()
    assert [problem.code for problem in configuration.problems] == ["prompt-file"]
    assert "canary" not in question_of(configuration).message


def test_a_link_inside_of_the_folder_is_followed(workspace: Workspace) -> None:
    link = workspace.root / "prompts" / "review.md"
    link.rename(workspace.root / "shared.md")
    link.symlink_to("../shared.md")
    assert used(workspace.trust()) == "Look closely.\nSay what is wrong.\n"
    (workspace.root / "shared.md").write_text("Changed.")
    assert status_of(workspace.load()) == "restricted"


def test_a_link_that_is_turned_elsewhere_is_noticed(workspace: Workspace) -> None:
    link = workspace.root / "prompts" / "review.md"
    link.rename(workspace.root / "shared.md")
    link.symlink_to("../shared.md")
    workspace.trust()
    outside = workspace.root.parent / "outside.md"
    outside.write_text("canary")
    link.unlink()
    link.symlink_to(outside)
    configuration = workspace.load()
    assert status_of(configuration) == "restricted"
    assert "canary" not in question_of(configuration).message


def test_a_pipe_is_not_waited_for(workspace: Workspace) -> None:
    path = workspace.root / "prompts" / "review.md"
    path.unlink()
    os.mkfifo(path)
    (problem,) = workspace.load().problems
    assert "it is not a regular file" in problem.message


def test_a_file_beside_the_users_own_configuration_needs_no_trust(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path).user(REVIEW)
    (workspace.user_dir / "prompts").mkdir()
    path = workspace.user_dir / "prompts" / "review.md"
    path.write_text("Mine.")
    assert used(workspace.load()) == "Mine."
    path.write_text("Mine, changed.")
    assert used(workspace.load()) == "Mine, changed."
    path.unlink()
    assert "does not exist" in fault(workspace.load())


def test_a_prompt_and_a_file_are_one_too_many(workspace: Workspace) -> None:
    workspace.project(REVIEW + 'prompt = "Or this?"\n')
    (problem,) = workspace.load().problems
    assert (problem.code, marked(problem)) == ("two-prompts", "prompt_file")
    assert fault(workspace.trust()) == (
        "[actions.review] can't be used: it has both prompt and prompt_file. Remove one of them."
    )


def test_placeholders_in_the_file_are_checked(workspace: Workspace) -> None:
    prompt(workspace, "Look at {selction}. Code: { a: 1 }")
    (problem,) = workspace.load().problems
    assert (problem.code, marked(problem)) == ("unknown-placeholder", '"prompts/review.md"')
    assert problem.message == (
        "There is no placeholder {selction} in prompts/review.md; it is sent as it stands."
    )
    assert problem.suggestion.startswith("Did you mean {selection}?")


def test_much_text_leaves_the_store_of_trust_readable(workspace: Workspace) -> None:
    names = [f"p{number}.md" for number in range(6)]
    for name in names:
        prompt(workspace, "".join(f"{name} {line}\n" for line in range(2500)), name)
    tables = (f'[actions.a{n}]\nprompt_file = "{name}"\n' for n, name in enumerate(names))
    workspace.project("".join(tables))
    workspace.trust()
    assert workspace.source.store.path.stat().st_size < 256 * 1024
    assert status_of(workspace.new()) == "trusted"
    # The last one is not among the lines that are recorded, and counts as well.
    prompt(workspace, "Another text.", names[-1])
    changed = workspace.load()
    assert status_of(changed) == "restricted"
    assert "more lines, sha256" in question_of(changed).text
