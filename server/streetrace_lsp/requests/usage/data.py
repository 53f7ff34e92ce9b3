"""The usage as plain data: docs/usage.md describes it."""

from __future__ import annotations

from typing import Any

from streetrace_lsp.ledger.dollars import NANO
from streetrace_lsp.ledger.entries import Tally

from .report import LimitState, Report


def as_data(report: Report) -> dict[str, Any]:
    """Everything that is known, nothing left out; money in US dollars, null where unknown."""
    return {
        "first": report.first.isoformat(),
        "last": report.last.isoformat(),
        "project": report.project,
        "total": _tally(report.total),
        "models": [
            {"model": name, **_tally(tally), "median_seconds": report.seconds.get(name)}
            for name, tally in report.by_model()
        ],
        "projects": [{"project": name, **_tally(tally)} for name, tally in report.by_project()],
        "days": [
            {"day": use.day, "project": use.project, "model": use.model, **_tally(use.tally)}
            for use in report.uses
        ],
        "limits": [_limit(state) for state in report.limits],
        "problem": report.fault,
    }


def _tally(tally: Tally) -> dict[str, Any]:
    data: dict[str, Any] = tally._asdict()
    unknown = data.pop("unknown")
    # Nothing is known where all of it is unknown.
    data["cost"] = None if unknown and not tally.cost else tally.cost / NANO
    return {**data, "unknown_cost": unknown}


def _limit(state: LimitState) -> dict[str, Any]:
    spent = state.spent
    return {
        "key": state.limit.key,
        "scope": state.limit.scope,
        "period": state.limit.period,
        "limit": state.limit.amount / NANO,
        "spent": spent.amount / NANO if spent else None,
        "reserved": spent.reserved / NANO if spent else None,
        "unknown_cost": spent.unknown if spent else None,
        "problem": state.fault,
    }
