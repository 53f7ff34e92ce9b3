"""Where the strictest wins, whoever says it: budgets, prices and truth values that narrow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from .model import Budget, Context, Price, ReviewMode, Settings

Source = Literal["switch", "environment", "project", "editor", "user", "accepted offer"]
Sources = dict[str, Source]


def strictest(given: Iterable[tuple[Source, Any]]) -> tuple[Source, Any] | None:
    """The smallest of the values that are set; of equal ones the first."""
    found = [(source, value) for source, value in given if value is not None]
    return min(found, key=lambda pair: pair[1], default=None)


def budget(project: Settings | None, user: Settings, sources: Sources) -> Budget:
    """The user's budget, in which a project's file narrows what that project may spend.

    ``day`` and ``month`` are the user's alone, for all that they spend. A project's ``day``,
    ``month``, ``project_day`` and ``project_month`` all mean the project itself: each lowers
    the ``project_day`` or ``project_month`` that the user set, and never raises it.
    """
    values: dict[str, Any] = {}
    theirs = project.budget if project is not None else None
    for period in ("day", "month"):
        mine = getattr(user.budget, period)
        if mine is not None:
            values[period], sources[f"budget.{period}"] = mine, "user"
        narrow: list[tuple[Source, Any]] = [("user", getattr(user.budget, f"project_{period}"))]
        narrow += [("project", getattr(theirs, period, None))]
        narrow += [("project", getattr(theirs, f"project_{period}", None))]
        found = strictest(narrow)
        if found is not None:
            sources[f"budget.project_{period}"], values[f"project_{period}"] = found
            if found == ("project", getattr(theirs, period, None)):
                sources[f"budget.project_{period}.{period}"] = "project"
    choices: tuple[tuple[Source, str | None], ...] = (
        ("user", user.budget.unknown_price),
        ("project", getattr(theirs, "unknown_price", None)),
    )
    # False stands before True: to refuse is stricter than to ask.
    asks = strictest((source, choice != "refuse") for source, choice in choices if choice)
    if asks is not None:
        sources["budget.unknown_price"] = asks[0]
        values["unknown_price"] = "ask" if asks[1] else "refuse"
    return user.budget.model_copy(update=values)


def context(found: Context, project: Settings | None, user: Settings, sources: Sources) -> Context:
    """``found`` with what either file keeps out of prompts: all of both, and `rules = false`."""
    theirs = project.context if project is not None else None
    exclude = [*user.context.exclude, *(theirs.exclude if theirs is not None else ())]
    if user.context.exclude:
        # The user's stays in force, whatever is added.
        sources["context.exclude"] = "user"
    rules = user.context.rules and (theirs is None or theirs.rules)
    if not user.context.rules:
        sources["context.rules"] = "user"
    return found.model_copy(update={"exclude": [*dict.fromkeys(exclude)], "rules": rules})


def prices(project: Settings | None, user: Settings, sources: Sources) -> dict[str, Price]:
    """The prices by model; a project's never lower one that the user set for the same model.

    Where the user set one for the model that a project prices, the sources hold
    ``prices.NAME.known``, whosever the numbers are.
    """
    found = dict(user.prices)
    sources.update({f"prices.{name}": "user" for name in found})
    for name, price in project.prices.items() if project is not None else ():
        floors = [mine for key, mine in user.prices.items() if _may_be_same(name, key)]
        raised = price.model_copy(
            update={
                "input": max([price.input, *(mine.input for mine in floors)]),
                "output": max([price.output, *(mine.output for mine in floors)]),
            }
        )
        if any(_covers(key, name) for key in user.prices):
            sources[f"prices.{name}.known"] = "user"
        if raised != found.get(name):
            found[name], sources[f"prices.{name}"] = raised, "project"
    return found


def narrowed(
    name: str, project: Settings | None, user: Settings, sources: Sources, *, wanted: bool
) -> bool:
    """Whether one of the files says ``wanted``; the user's is named first."""
    if getattr(user, name) is wanted:
        sources[name] = "user"
        return True
    if project is not None and getattr(project, name) is wanted:
        sources[name] = "project"
        return True
    return False


def review(project: Settings | None, user: Settings, sources: Sources) -> ReviewMode | None:
    """The more careful of what the two files say; a user who says nothing wants a review."""
    careful: tuple[ReviewMode, ...] = ("preview", "review", "direct")
    theirs = project.review if project is not None else None
    if theirs is not None and careful.index(theirs) < careful.index(user.review or "review"):
        sources["review"] = "project"
        return theirs
    if user.review is not None:
        sources["review"] = "user"
    return user.review


def _covers(one: str, other: str) -> bool:
    """Whether the price of ``one`` holds for ``other`` too: a model's own name for any backend."""
    one, other = one.strip().lower(), other.strip().lower()
    return one == other or other.endswith(f"/{one}")


def _may_be_same(one: str, other: str) -> bool:
    """Whether two names of a price may mean one model: with and without backend or provider."""
    return _covers(one, other) or _covers(other, one)
