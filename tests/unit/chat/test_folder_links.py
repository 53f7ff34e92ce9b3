"""Chats on the disk: nothing is written where a repository's links lead."""

from __future__ import annotations

from pathlib import Path

from streetrace_lsp.chat.folder import create, read


def test_the_folder_ignores_itself(tmp_path: Path) -> None:
    made = create(tmp_path, "# Chat\n")
    assert read(made) == "# Chat\n"
    assert made.with_name(".gitignore").read_text("utf-8") == "*\n"


def test_an_ignore_file_that_is_a_link_to_nothing_makes_nothing_there(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    folder = tmp_path / "project/.streetrace/chats"
    folder.mkdir(parents=True)
    (folder / ".gitignore").symlink_to(elsewhere)
    assert read(create(tmp_path / "project", "# Chat\n")) == "# Chat\n"
    assert not elsewhere.exists()


def test_an_ignore_file_of_the_persons_own_stays(tmp_path: Path) -> None:
    folder = tmp_path / ".streetrace/chats"
    folder.mkdir(parents=True)
    (folder / ".gitignore").write_text("mine\n", "utf-8")
    create(tmp_path, "# Chat\n")
    assert (folder / ".gitignore").read_text("utf-8") == "mine\n"
