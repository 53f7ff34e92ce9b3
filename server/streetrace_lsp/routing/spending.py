"""What one request may cost and did cost: limits before the call, the record after it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streetrace_lsp.config.limit_names import limit_names
from streetrace_lsp.ledger.dollars import nano_dollars
from streetrace_lsp.ledger.entries import (
    Estimate,
    Limit,
    Period,
    Record,
    Reservation,
    Scope,
)

from .errors import RoutingError
from .events import Usage
from .prices import PriceOf, cost_of, price_for, reservation
from .windows import max_output_of

if TYPE_CHECKING:
    from streetrace_lsp.config.configuration import Configuration

    from .model_facts import ModelFacts
    from .session import Session
    from .targets import Target


class UnknownPriceError(RoutingError):
    """A budget holds, and nobody knows what the call would cost."""

    is_failure = False


@dataclass(frozen=True)
class Purpose:
    """What a request is for: the configuration it runs under, its task, and how it was chosen."""

    configuration: Configuration
    task: str

    @property
    def project(self) -> str:
        """The real path of the project, or '' where there is none."""
        project = self.configuration.project
        return str(project.root) if project is not None else ""


class Spending:
    """The money of one request to one target."""

    def __init__(self, session: Session, purpose: Purpose, target: Target, wanted: str) -> None:
        self._session = session
        self._purpose = purpose
        self._target = target
        self._wanted = wanted
        self._held: Reservation | None = None

    async def reserve(self, prompt_tokens: int, *, answered: bool = True) -> None:
        """Sets aside what the request may cost, where a limit holds: before any connection.

        Without ``answered`` nothing is generated, as for vectors.
        Raises ``OverBudgetError``, ``BudgetUnknownError`` and `UnknownPriceError`.
        """
        limits = limits_of(self._purpose.configuration)
        if not limits:
            return
        price = await self._price()
        amount = 0
        if price is None:
            await self._accept_unknown()
        else:
            amount = reservation(
                price,
                prompt_tokens,
                max_tokens=self._target.options.get("max_tokens"),
                max_output=max_output_of(self._target, self._facts) if answered else 0,
            )
        estimate = Estimate(self._purpose.project, amount)
        self._held = await self._session.ledger.reserve(estimate, limits)

    async def settle(
        self,
        outcome: str,
        usage: Usage | None = None,
        *,
        free: bool = False,
        first_token: float | None = None,
        duration: float | None = None,
        fallback_of: str = "",
    ) -> int | None:
        """Books the request and returns what it cost, in nano-dollars; None: nobody knows.

        ``free``: the backend refused it or was not reached, so it costs nothing. ``first_token``
        and ``duration`` in seconds.
        """
        booking = asyncio.ensure_future(
            self._book(outcome, usage, free, first_token, duration, fallback_of)
        )
        # Whoever cancels a request is obeyed at once, and does not lose its record.
        self._session.bookings.add(booking)
        booking.add_done_callback(self._session.bookings.discard)
        return await asyncio.shield(booking)

    async def _book(
        self,
        outcome: str,
        usage: Usage | None,
        free: bool,
        first_token: float | None,
        duration: float | None,
        fallback_of: str,
    ) -> int | None:
        cost = 0 if free else await self._cost(usage)
        record = Record(
            project=self._purpose.project,
            task=self._purpose.task,
            backend=self._target.backend,
            provider=self._target.provider,
            model=self._target.model,
            outcome=outcome,
            prompt_tokens=usage.prompt_tokens if usage else None,
            completion_tokens=usage.completion_tokens if usage else None,
            cost=cost,
            first_token=first_token,
            duration=duration,
            fallback_of=fallback_of,
        )
        held, self._held = self._held, None
        ledger = self._session.ledger
        await (ledger.settle(held, record) if held is not None else ledger.record(record))
        return cost

    async def _cost(self, usage: Usage | None) -> int | None:
        price = await self._price()
        if price is None:
            return None
        if usage is None or usage.prompt_tokens is None or usage.completion_tokens is None:
            # Such as a request that was stopped: nobody counted its tokens.
            return 0 if price.is_free else None
        return cost_of(price, usage.prompt_tokens, usage.completion_tokens)

    async def _price(self) -> PriceOf | None:
        # The first look reads a table of a megabyte.
        return await asyncio.to_thread(
            price_for,
            self._purpose.configuration,
            self._target,
            wanted=self._wanted,
            facts=self._facts,
        )

    @property
    def _facts(self) -> ModelFacts | None:
        return self._session.facts.get((self._target.backend, self._target.model))

    async def _accept_unknown(self) -> None:
        target, session = self._target, self._session
        what = f"{target.backend}: the price of {target.model} is not known, and a budget holds."
        known = (target.backend, target.model)
        if known in session.accepted_prices:
            return
        policy = self._purpose.configuration.settings.budget.unknown_price or "ask"
        if policy == "ask" and session.ask_price is not None and await session.ask_price(what):
            session.accepted_prices.add(known)
            return
        raise UnknownPriceError(
            f"{what} Nothing was sent.",
            f'Write input and output under [prices."{target.model}"], in US dollars per million '
            "tokens, or choose another model.",
        )


async def refuse_if_used_up(session: Session, configuration: Configuration, target: Target) -> None:
    """Stops a call of unknown price where a limit leaves nothing at all: before its server is
    asked for the price. Raises ``OverBudgetError`` and ``BudgetUnknownError``."""
    limits = limits_of(configuration)
    if not limits or await asyncio.to_thread(price_for, configuration, target) is not None:
        return
    least = Estimate(Purpose(configuration, "").project, 1)
    await session.ledger.release(await session.ledger.reserve(least, limits))


def limits_of(configuration: Configuration) -> tuple[Limit, ...]:
    """The limits that ``[budget]`` sets, each with the key that a person would change."""
    budget = configuration.settings.budget
    names = limit_names(configuration)
    given: tuple[tuple[Scope, Period, str], ...] = (
        ("person", "day", "day"),
        ("person", "month", "month"),
        ("project", "day", "project_day"),
        ("project", "month", "project_month"),
    )
    return tuple(
        Limit(scope, period, nano_dollars(getattr(budget, field)), names[field].key)
        for scope, period, field in given
        if getattr(budget, field) is not None
    )
