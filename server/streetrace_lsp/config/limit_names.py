"""Which key of which file sets a limit of the budget, for somebody who wants to raise it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .configuration import Configuration

_PERIODS: Final = ("day", "month")


@dataclass(frozen=True, slots=True)
class LimitName:
    """``key`` of the table [budget] in ``file``."""

    key: str
    file: Path


def limit_names(configuration: Configuration) -> dict[str, LimitName]:
    """The limits that are set, by their field in ``settings.budget``, each as it is written.

    A project's ``day`` is its ``project_day``, and is called ``day`` here.
    """
    names: dict[str, LimitName] = {}
    project = configuration.project
    for period in _PERIODS:
        for field in (period, f"project_{period}"):
            if getattr(configuration.settings.budget, field) is None:
                continue
            if project is not None and configuration.from_project(f"budget.{field}"):
                short = configuration.from_project(f"budget.{field}.{period}")
                names[field] = LimitName(period if short else field, project.path)
            else:
                names[field] = LimitName(field, configuration.user_path)
    return names


def users_limit(configuration: Configuration) -> bool:
    """Whether the user set a limit of the budget, for all that they spend or for a project."""
    fields = (f"{prefix}{period}" for prefix in ("", "project_") for period in _PERIODS)
    return any(configuration.sources.get(f"budget.{field}") == "user" for field in fields)
