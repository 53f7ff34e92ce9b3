"""What was asked, what it cost, what may still be spent, and answers kept. Nothing of LSP.

``from streetrace_lsp.ledger import Ledger``. Importing this loads neither SQLite nor a file.
"""

from __future__ import annotations

from .cache_key import cache_key
from .dollars import in_dollars, nano_dollars
from .entries import (
    CachedReply,
    Estimate,
    History,
    Limit,
    Record,
    Reservation,
    Spent,
    Tally,
    Total,
    Use,
)
from .errors import BudgetUnknownError, LedgerError, OverBudgetError
from .ledger import Ledger

__all__ = [
    "BudgetUnknownError",
    "CachedReply",
    "Estimate",
    "History",
    "Ledger",
    "LedgerError",
    "Limit",
    "OverBudgetError",
    "Record",
    "Reservation",
    "Spent",
    "Tally",
    "Total",
    "Use",
    "cache_key",
    "in_dollars",
    "nano_dollars",
]
