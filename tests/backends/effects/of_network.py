"""The keys of `[network]`: seen by proxies, and by servers with certificates."""

from __future__ import annotations

from backends.effects.base import OPENAI
from backends.effects.by_hand import behind_certificates, behind_two_proxies
from backends.effects.row import Row
from backends.effects.scene import FIRST
from backends.networked import HOST

_PLAIN = OPENAI.replace(FIRST, f"http://{HOST}")
_SECURE = OPENAI.replace(FIRST, f"https://{HOST}")
_OWN = '[network]\nproxy = "http://own.invalid"\n'

NETWORK = (
    Row(
        "network.proxy",
        "http://own.invalid",
        f"{_PLAIN}[network]\n",
        behind_two_proxies(lambda proxies, came: (proxies, came.counts)),
        ([1, 0], (1, 0)),
        ([0, 1], (1, 0)),
    ),
    Row(
        "network.no_proxy",
        [HOST],
        f"{_PLAIN}{_OWN}",
        # Nobody else knows where that host is.
        behind_two_proxies(lambda proxies, came: (proxies, came.faults)),
        ([0, 0], ["dns"]),
        ([1, 0], []),
    ),
    Row(
        "network.ca_bundle",
        "~COMPANY",
        f"{_SECURE}{_OWN}",
        behind_certificates(people=False),
        ["answered"],
        ["tls"],
    ),
    Row(
        "network.client_cert",
        "~WHOLE",
        f"{_SECURE}{_OWN}ca_bundle = '~COMPANY'\n",
        behind_certificates(people=True),
        ["answered"],
        ["tls"],
    ),
    Row(
        "network.client_key",
        "~KEY",
        f"{_SECURE}{_OWN}ca_bundle = '~COMPANY'\nclient_cert = '~CERTIFICATE'\n",
        behind_certificates(people=True),
        ["answered"],
        ["network"],
    ),
)
