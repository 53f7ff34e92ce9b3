"""The specification of backends, row by row. `test_wires.py` proves each row over a socket."""

from __future__ import annotations

from backends.wires.amazon import AMAZON
from backends.wires.azure import AZURE
from backends.wires.clouds import CLOUDS
from backends.wires.google import GOOGLE
from backends.wires.openai_wire import OPENAI
from backends.wires.row import MESSAGES, SETTINGS, Row
from backends.wires.vendors import VENDORS

__all__ = ["MESSAGES", "ROWS", "SETTINGS", "Row"]

ROWS: tuple[Row, ...] = (
    *OPENAI,
    *CLOUDS,
    *VENDORS,
    *AZURE,
    *GOOGLE,
    *AMAZON,
)
