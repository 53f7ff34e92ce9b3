"""Fixtures that the tests of every editor share."""

from __future__ import annotations

from pathlib import Path

import pytest

from backends.llama import llama_server
from editors.project import Project

__all__ = ["llama_server"]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project without a configuration yet, and a person's empty home folder."""
    return Project.make(tmp_path)
