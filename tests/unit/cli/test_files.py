from __future__ import annotations

import os
from pathlib import Path

import pytest

from streetrace_lsp.cli.files import FileError, read_text, workspace_root, write_text


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "a" / "x.sh"
    file.parent.mkdir()
    file.write_bytes(b"\xef\xbb\xbfone\r\n")
    file.chmod(0o755)
    before = read_text(file)
    write_text(tmp_path, "a/x.sh", before + "two\r\n", expected=before)
    assert file.read_bytes() == b"\xef\xbb\xbfone\r\ntwo\r\n"
    assert file.stat().st_mode & 0o777 == 0o755
    assert [entry.name for entry in file.parent.iterdir()] == ["x.sh"]


def test_a_file_belongs_to_its_repository_or_to_the_folder_with_a_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = Path(os.path.realpath(tmp_path)) / "top"
    file = top / "a" / "b" / "x.py"
    file.parent.mkdir(parents=True)
    for cwd, root in ((top, top), (file.parent, file.parent), (tmp_path.parent, tmp_path.parent)):
        monkeypatch.chdir(cwd)
        assert workspace_root(file) == Path(os.path.realpath(root))
    (top / ".streetrace.toml").write_text("")
    for cwd, root in (
        (top, top),
        (file.parent, top),
        (Path("/usr"), top),
        (top.parent, top.parent),
    ):
        monkeypatch.chdir(cwd)
        assert workspace_root(file) == root
    monkeypatch.chdir(file.parent)
    monkeypatch.setattr(os, "getuid", lambda: top.stat().st_uid + 1)
    assert workspace_root(file) == file.parent
    (top / "a" / ".git").mkdir()
    assert workspace_root(file) == top / "a"


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("new")
    with pytest.raises(FileError, match="changed meanwhile"):
        write_text(tmp_path, "x", "mine", expected="old")
    assert (tmp_path / "x").read_text() == "new"


@pytest.mark.parametrize(
    "path", ["../out", ".git/hooks/pre-commit", ".vscode/settings.json", "/etc/x"]
)
def test_protected_places_are_refused(tmp_path: Path, path: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    with pytest.raises(FileError):
        write_text(root, path, "x", expected=None)
    assert not list(root.iterdir())


def test_links_that_lead_outside_are_refused(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "x").write_text("safe")
    (root / "link").symlink_to(outside)
    (root / "file").symlink_to(outside / "x")
    for path, why in (("link/x", "leads outside"), ("file", "is a link. Name the file")):
        with pytest.raises(FileError) as refused:
            write_text(root, path, "bad", expected="safe")
        assert why in refused.value.sentence
    assert (outside / "x").read_text() == "safe"


@pytest.mark.skipif(os.name == "nt", reason="needs a system with directory handles")
def test_a_link_inside_the_root_is_not_followed_either(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "x").write_text("one")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(FileError):
        write_text(tmp_path, "link/x", "two", expected="one")
    assert (tmp_path / "real" / "x").read_text() == "one"


def test_bytes_that_are_no_utf8_are_named(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"ab\xff")
    with pytest.raises(FileError, match="byte 2"):
        read_text(tmp_path / "x")
