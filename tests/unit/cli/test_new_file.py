"""A new file comes whole, and over nothing."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any, NoReturn

import pytest

from streetrace_lsp.cli.files import FileError
from streetrace_lsp.cli.new_file import keep_aside, write_new


@pytest.fixture(params=[True, False], ids=["links", "no links"])
def links(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """With and without a file system that has hard links."""

    def refused(*_: Any, **__: Any) -> NoReturn:
        raise PermissionError(1, "not here")

    if not request.param:
        monkeypatch.setattr(os, "link", refused)
    return bool(request.param)


def test_it_is_there_whole_with_its_mode(tmp_path: Path, links: bool) -> None:
    path = tmp_path / "folder" / "new.toml"
    write_new(path, b"a = 1\n", mode=0o600)
    assert path.read_bytes() == b"a = 1\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_what_came_meanwhile_stays(tmp_path: Path, links: bool) -> None:
    path = tmp_path / "new.toml"
    path.write_bytes(b"mine")
    with pytest.raises(FileError, match="is there already"):
        write_new(path, b"a = 1\n", mode=0o600)
    assert path.read_bytes() == b"mine"
    assert list(tmp_path.iterdir()) == [path]


def test_the_old_file_gets_a_free_name(tmp_path: Path, links: bool) -> None:
    path = tmp_path / "a.toml"
    for text in (b"one", b"two"):
        path.write_bytes(text)
        keep_aside(path)
    assert not path.exists()
    assert (tmp_path / "a.toml.old").read_bytes() == b"one"
    assert (tmp_path / "a.toml.old-2").read_bytes() == b"two"


def test_a_folder_is_not_kept_aside(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no regular file"):
        keep_aside(tmp_path)


def test_a_folder_that_takes_no_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileError, match="can't be written"):
        write_new(tmp_path / "file" / "new.toml", b"", mode=0o600)
