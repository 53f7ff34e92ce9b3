"""A full disk, a file size limit, a folder that can't be written: real ones, each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger_children import Child

LIMIT = ("person", "day", 10**9)
_MOUNT = 'mount -t tmpfs -o size=512k none "$0" && exec "$@"'


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Child]:
    """A process whose state folder is on a disk of 512 KiB that it alone sees."""
    disk = tmp_path / "disk"
    disk.mkdir()
    powers = () if os.geteuid() == 0 else ("--user", "--map-root-user")
    prefix = ("unshare", "--mount", *powers, "sh", "-c", _MOUNT, str(disk))
    with Child(disk / "state", prefix) as child:
        yield child


def reserve(child: Child, amount: int = 1) -> Any:
    return child.ask("reserve", amount=amount, limits=[LIMIT])


def expect_refusal(answer: dict[str, str]) -> None:
    assert "The budget can't be checked, because the disk of" in answer["unknown"]
    assert "is not made. Free some space, or remove [budget]." in answer["unknown"]


def test_on_a_full_disk_requests_go_on_and_budgets_refuse(small_disk: Child) -> None:
    small_disk.ask("record", model="before", cost=1)
    small_disk.ask("fill")
    # SQLite's log had room for some pages.
    small_disk.ask("records", beginning="full-", times=300)
    (warning,) = small_disk.ask("said")
    assert "is full. Requests go on without it. Free some space." in warning
    expect_refusal(reserve(small_disk))
    assert small_disk.ask("reserve", amount=1, limits=[])["id"]
    assert "openai/before" in small_disk.ask("models")


def test_nothing_recorded_is_lost_once_there_is_space_again(small_disk: Child) -> None:
    small_disk.ask("record", model="before", cost=1)
    held = reserve(small_disk, 500)
    small_disk.ask("fill")
    small_disk.ask("records", beginning="full-", times=300)
    small_disk.ask("settle", id=held["id"], cost=20)
    expect_refusal(reserve(small_disk))
    small_disk.ask("free")
    assert "id" in reserve(small_disk, 7)
    assert small_disk.ask("spent", scope="person", period="day") == [1 + 300 + 20, 7]
    assert len(small_disk.ask("models")) == 1 + 300 + 1
    assert len(small_disk.ask("said")) == 1


def test_a_disk_that_is_full_from_the_start(small_disk: Child) -> None:
    small_disk.ask("fill")
    small_disk.ask("record", model="full", cost=1)
    expect_refusal(reserve(small_disk))
    small_disk.ask("free")
    assert "id" in reserve(small_disk)
    assert small_disk.ask("models") == ["openai/full"]


def test_what_could_not_be_written_until_the_end_is_said(small_disk: Child) -> None:
    small_disk.ask("fill")
    small_disk.ask("records", beginning="full-", times=3)
    small_disk.ask("close")
    assert "3 entries of the usage history are lost" in small_disk.ask("said")[-1]


def test_a_limit_of_the_file_size_is_treated_as_a_full_disk(folder: Path) -> None:
    with Child(folder) as child:
        child.ask("record", model="before", cost=1)
        child.ask("largest_file", size=64 * 1024)
        child.ask("records", beginning="full-", times=300)
        assert len(child.ask("said")) == 1
        expect_refusal(reserve(child))
        child.ask("largest_file", size=-1)
        assert "id" in reserve(child)
        assert child.ask("spent", scope="person", period="day") == [301, 1]


def test_in_a_folder_that_can_not_be_written_the_history_is_read(folder: Path) -> None:
    with Child(folder) as before:
        before.ask("record", model="before", cost=1)
        before.ask("close")
    folder.chmod(0o500)
    with Child(folder) as child:
        assert child.ask("powerless") == 0
        assert child.ask("models") == ["openai/before"]
        assert len(child.ask("said")) == 1
        child.ask("record", model="during", cost=1)
        assert child.ask("models") == ["openai/before"]
        refusal = reserve(child)["unknown"]
        assert "can't be written" in refusal
        assert "Make that folder and file writable" in refusal
        assert "unknown" in child.ask("spent", scope="person", period="day")
        assert len(child.ask("said")) == 1
        folder.chmod(0o700)
        assert "id" in reserve(child)
        assert child.ask("models") == ["openai/before", "openai/during"]


def test_a_folder_that_can_not_be_written_and_has_no_ledger(folder: Path) -> None:
    folder.mkdir(mode=0o500)
    with Child(folder) as child:
        child.ask("powerless")
        child.ask("record", model="during", cost=1)
        assert "unknown" in reserve(child)
        (warning,) = child.ask("said")
        assert "Permission denied" in warning
    assert list(folder.iterdir()) == []
