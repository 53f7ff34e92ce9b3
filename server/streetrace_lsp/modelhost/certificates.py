"""Which certificates a connection trusts and shows: the user's files, or the usual authorities.

Verification can't be turned off: no variable and no option of a library leads here.
"""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Final, Literal

from .faults import HostFaultError
from .network import Network, place

_Key = Literal["ca_bundle", "client_cert", "client_key"]
_FILES: Final[tuple[_Key, ...]] = ("ca_bundle", "client_cert", "client_key")
_Fingerprint = tuple[str, int, int, int] | None
_kept: dict[tuple[_Fingerprint, ...], ssl.SSLContext] = {}


class _EncryptedKeyError(Exception):
    """A private key that only a pass phrase opens."""


def context(network: Network) -> ssl.SSLContext:
    """The TLS settings for ``network``; the same object while none of its files changes.

    Raises ``HostFaultError`` (network) that names the key and the file when one of them is
    missing, can't be read or is nothing that can be used.
    """
    stamp = tuple(_fingerprint(network, key) for key in _FILES)
    if stamp not in _kept:
        _kept[stamp] = _made(network)
    return _kept[stamp]


def _made(network: Network) -> ssl.SSLContext:
    made = _trusting(network)
    if network.client_cert:
        _identify(made, network, network.client_cert)
    elif network.client_key:
        raise _fault(network, "client_key", "has no client_cert beside it")
    return made


def _trusting(network: Network) -> ssl.SSLContext:
    # Always with files: without any, Python looks at SSL_CERT_FILE.
    if network.ca_bundle is None:
        return ssl.create_default_context(cafile=_usual())
    if Path(network.ca_bundle).is_dir():
        return ssl.create_default_context(capath=network.ca_bundle)
    try:
        made = ssl.create_default_context(cafile=network.ca_bundle)
    except (OSError, ValueError):
        raise _fault(network, "ca_bundle", "holds no certificates in PEM form") from None
    if not made.cert_store_stats()["x509"]:
        raise _fault(network, "ca_bundle", "holds no certificates in PEM form")
    return made


def _identify(made: ssl.SSLContext, network: Network, file: str) -> None:
    def ask() -> str:
        # Without this OpenSSL would ask on the terminal and wait for ever.
        raise _EncryptedKeyError

    try:
        made.load_cert_chain(file, network.client_key, password=ask)
    except _EncryptedKeyError:
        key: _Key = "client_key" if network.client_key else "client_cert"
        raise _fault(network, key, "holds a key with a pass phrase; write it without") from None
    except (OSError, ValueError):
        said = "holds no certificate with its private key in PEM form"
        if network.client_key:
            said = f"does not fit the private key in {network.client_key}, or is not in PEM form"
        raise _fault(network, "client_cert", said) from None


def _fingerprint(network: Network, key: _Key) -> _Fingerprint:
    file = getattr(network, key)
    if not file:
        return None
    try:
        if not Path(file).is_dir():
            # A file may be there and still not be readable.
            Path(file).open("rb").close()
        found = Path(file).stat()
    except FileNotFoundError:
        raise _fault(network, key, "does not exist") from None
    except (OSError, ValueError) as error:
        said = f"can't be read: {getattr(error, 'strerror', None) or error}"
        raise _fault(network, key, said) from None
    return (file, found.st_mtime_ns, found.st_size, found.st_ino)


def _fault(network: Network, key: _Key, said: str) -> HostFaultError:
    named = dict(network.named).get(key, key)
    return HostFaultError(
        "network",
        said=f"{named} names {getattr(network, key)}, which {said}",
        next_step=f"Correct {place(named, key)}.",
    )


def _usual() -> str:
    import certifi

    return certifi.where()
