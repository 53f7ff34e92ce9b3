"""The rows of all tables: one for each key of the configuration."""

from __future__ import annotations

from backends.effects.of_actions import ASKED, OWN, WEIGHTS
from backends.effects.of_money import MONEY
from backends.effects.of_network import NETWORK
from backends.effects.of_places import AZURES, CLOUDS, LAUNCHED
from backends.effects.of_requests import HOW, WHO

ROWS = (*WHO, *HOW, *AZURES, *CLOUDS, *LAUNCHED, *MONEY, *NETWORK, *ASKED, *OWN, *WEIGHTS)
