from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from streetrace_lsp.prompts.withheld import IgnoreFiles, Rules, may_send


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "a/b").mkdir(parents=True)
    return root


@pytest.mark.parametrize(
    "name",
    [
        ".env",
        "a/.ENV.local",
        "prod.env",
        "a/server.pem",
        "id_rsa",
        "id_ed25519.pub",
        "tls.CRT",
        ".git/config",
        "a/.git/hooks/pre-commit",
        ".npmrc",
        "deploy.key.bak",
        "infra.tfstate",
        "．env",
    ],
)
def test_what_is_secret_by_its_name(root: Path, name: str) -> None:
    reason = may_send(root, root / name, Rules())
    assert reason is not None
    assert "never sent" in reason


@pytest.mark.parametrize("name", ["a.py", "environment.py", "keys.py", "a/key/main.rs", "x.envoy"])
def test_what_is_not(root: Path, name: str) -> None:
    assert may_send(root, root / name, Rules()) is None


@pytest.mark.parametrize(
    "file", [".gitignore", ".aiignore", ".cursorignore", ".aiexclude", ".streetraceignore"]
)
def test_each_ignore_file_counts_in_every_folder(root: Path, file: str) -> None:
    (root / "a" / file).write_text("# note\nprivate*\n!private.ok\ndata/\n", "utf-8")
    assert may_send(root, root / "private.py", Rules()) is None
    assert may_send(root, root / "a/b/private.ok", Rules()) is None
    for name in ("a/private.py", "a/b/private.py", "a/data/x.py", "a/b/data/y/z.py"):
        assert may_send(root, root / name, Rules()) == f"a/{file} names it"


def test_the_innermost_file_decides_and_no_other_kind_lets_in(root: Path) -> None:
    (root / ".gitignore").write_text("*.log\nout/\n", "utf-8")
    (root / "a/.gitignore").write_text("!kept.log\n", "utf-8")
    assert may_send(root, root / "a/kept.log", Rules()) is None
    assert may_send(root, root / "kept.log", Rules()) == ".gitignore names it"
    # As in git, nothing in an ignored folder comes back.
    (root / "out").mkdir()
    (root / "out/.gitignore").write_text("!*\n", "utf-8")
    assert may_send(root, root / "out/x.py", Rules()) == ".gitignore names it"
    (root / ".aiignore").write_text("!*.log\n", "utf-8")
    assert may_send(root, root / "kept.log", Rules()) == ".gitignore names it"
    (root / "a/.aiexclude").write_text("*.log\n", "utf-8")
    assert may_send(root, root / "a/kept.log", Rules()) == "a/.aiexclude names it"


def test_a_repository_around_the_folder_counts(root: Path) -> None:
    (root / ".git/info").mkdir(parents=True)
    (root / ".gitignore").write_text("/a/b/private.py\n", "utf-8")
    (root / ".git/info/exclude").write_text("/a/mine.py\n", "utf-8")
    assert may_send(root / "a", root / "a/b/private.py", Rules()) == ".gitignore names it"
    assert may_send(root / "a", root / "a/mine.py", Rules()) == ".git/info/exclude names it"


def test_a_linked_work_tree_of_git_has_its_ignore_files_and_the_exclude_of_its_repository(
    root: Path, tmp_path: Path
) -> None:
    def git(*words: str) -> None:
        named = ("-c", "user.name=a", "-c", "user.email=a@b")
        subprocess.run(["git", *named, "-C", str(root), *words], check=True, capture_output=True)

    git("init")
    git("commit", "--allow-empty", "-m", "one")
    git("worktree", "add", str(tmp_path / "linked"))
    (root / ".git/info").mkdir(exist_ok=True)
    (root / ".git/info/exclude").write_text("/mine.py\n", "utf-8")
    linked = tmp_path / "linked"
    (linked / ".gitignore").write_text("out.py\n", "utf-8")
    assert may_send(linked, linked / "a.py", Rules()) is None
    assert may_send(linked, linked / "out.py", Rules()) == ".gitignore names it"
    assert may_send(linked, linked / "mine.py", Rules()) == ".git/info/exclude names it"


@pytest.mark.parametrize("pointer", ["gitdir: ../gone", "gitdir: \0", "gitdir:", "", "nonsense"])
def test_a_git_file_that_leads_nowhere_keeps_nothing_out(root: Path, pointer: str) -> None:
    (root / ".git").write_text(pointer, "utf-8")
    assert may_send(root, root / "a.py", Rules()) is None


def test_excludes_of_the_configuration(root: Path) -> None:
    rules = Rules(("customers/", "*.csv"))
    for name in ("customers/x.py", "a/customers/x.py", "a/b.csv"):
        assert may_send(root, root / name, rules) == "exclude under [context] names it"
    assert may_send(root, root / "a/b.py", rules) is None


def test_what_leads_elsewhere(root: Path, tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("x", "utf-8")
    (root / "linked.py").symlink_to(tmp_path / "other.py")
    (root / ".env").write_text("x", "utf-8")
    (root / "harmless.txt").symlink_to(".env")
    (root / "tls.pem").symlink_to("a.py")
    outside = "it lies outside of the workspace folder"
    assert may_send(root, root / "linked.py", Rules()) == outside
    assert may_send(root, root / "../other.py", Rules()) == outside
    assert may_send(root, tmp_path / "project-evil/x.py", Rules()) == outside
    assert "never sent" in str(may_send(root, root / "harmless.txt", Rules()))
    assert "never sent" in str(may_send(root, root / "tls.pem", Rules()))


def test_a_changed_ignore_file_is_read_again_and_an_unreadable_one_keeps_all_out(
    root: Path,
) -> None:
    rules = Rules(files=IgnoreFiles())
    ignore = root / ".aiignore"
    ignore.write_text("a.py\n", "utf-8")
    assert may_send(root, root / "a.py", rules) == ".aiignore names it"
    ignore.write_text("b.py\n", "utf-8")
    os.utime(ignore, ns=(1, 1))
    assert may_send(root, root / "a.py", rules) is None
    ignore.unlink()
    ignore.mkdir()
    assert "can't be read" in str(may_send(root, root / "a.py", rules))


def test_patterns_that_can_not_be_read_or_take_too_long(root: Path) -> None:
    (root / ".gitignore").write_text("\\\n[x\n" + "*a" * 60 + "b\nlast.py\n", "utf-8")
    assert may_send(root, root / "last.py", Rules()) == ".gitignore names it"
    assert may_send(root, root / "b.py", Rules()) is None
    # More than it says, and at once.
    assert may_send(root, root / ("a" * 200), Rules()) == ".gitignore names it"
