"""Certificates: one that no authority signed, and an authority of a company's own."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_DAY = datetime.timedelta(days=1)


def self_signed(folder: Path) -> ssl.SSLContext:
    """A server's context for 127.0.0.1; both files are written into `folder` as one."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _builder("127.0.0.1", "127.0.0.1", key).sign(key, hashes.SHA256())
    return _serving(_written(folder / "certificate.pem", certificate, key))


class Authority:
    """An authority that no computer knows; its certificate is in the file `pem`."""

    def __init__(self, folder: Path, name: str = "Example Company CA") -> None:
        self._folder = folder
        self._name = name
        self._key = ec.generate_private_key(ec.SECP256R1())
        constraints = x509.BasicConstraints(ca=True, path_length=0)
        certificate = (
            _builder(name, name, self._key)
            .add_extension(constraints, critical=True)
            .add_extension(_usage(signs=True), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.pem = folder / f"{name.replace(' ', '-')}.pem"
        self.pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def serving(self, *names: str, clients: Authority | None = None) -> ssl.SSLContext:
        """A server's context for these host names and addresses; with ``clients`` it wants a
        certificate of that authority from everyone."""
        context = _serving(self.identity(*names))
        if clients is not None:
            context.verify_mode = ssl.CERT_REQUIRED
            # In TLS 1.3 a client has begun to speak before it is refused, and may see only that
            # the connection was cut (RFC 8446, appendix A.1); in 1.2 the handshake says why.
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            context.load_verify_locations(clients.pem)
        return context

    def identity(self, *names: str, password: bytes | None = None) -> Path:
        """A file with a certificate for these names and its key, which ``password`` locks."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _builder(names[0], self._name, key, names)
            .add_extension(_usage(signs=False), critical=True)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
                critical=False,
            )
            .sign(self._key, hashes.SHA256())
        )
        kind = "locked" if password else "open"
        return _written(self._folder / f"{names[0]}-{kind}.pem", certificate, key, password)


def _builder(
    name: str, issuer: str, key: ec.EllipticCurvePrivateKey, names: tuple[str, ...] = ()
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + _DAY)
        .add_extension(
            x509.SubjectAlternativeName([_general(one) for one in names or (name,)]),
            critical=False,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _written(
    file: Path,
    certificate: x509.Certificate,
    key: ec.EllipticCurvePrivateKey,
    password: bytes | None = None,
) -> Path:
    encryption = (
        serialization.BestAvailableEncryption(password)
        if password
        else serialization.NoEncryption()
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file


def _serving(pem: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context
