"""Somebody else's certificates, good and bad, for tests."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from soramame.errors import TrustError
from soramame.safety import certificates
from soramame.safety.certificates import LIFE, Made, PrivateKey, make_intermediate, make_leaf, make_root
from soramame.safety.identity import Identity

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


class Authority:
    """Somebody's root and intermediate, that issue whatever leaf a test asks for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = make_root("A root", NOW)
        self.issuer = make_intermediate("An issuer", self.root, NOW)
        (folder / "root.pem").write_bytes(certificates.pem([self.root.certificate]))

    def chain(self, *leading: x509.Certificate, issuer: bool = True) -> Path:
        path = self.folder / "chain.pem"
        path.write_bytes(certificates.pem([*leading, *([self.issuer.certificate] if issuer else [])]))
        return path

    def leaf(
        self,
        key: PrivateKey,
        *,
        start: datetime = NOW - DAY,
        end: datetime = NOW + DAY,
        usage: bool | None = True,
        purpose: x509.ObjectIdentifier | None = ExtendedKeyUsageOID.EMAIL_PROTECTION,
    ) -> x509.Certificate:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A studio")])
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(self.issuer.certificate.subject)
        builder = builder.public_key(key.public_key()).serial_number(7).not_valid_before(start).not_valid_after(end)
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.issuer.key.public_key())
        builder = builder.add_extension(authority, critical=False)
        if usage is not None:
            bits = [usage, not usage, *[False] * 7]
            builder = builder.add_extension(x509.KeyUsage(*bits), critical=True)
        if purpose is not None:
            builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        return builder.sign(self.issuer.key, hashes.SHA256())

    def key(self, key: PrivateKey, passphrase: bytes | None = None) -> Path:
        lock = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
        path = self.folder / "key.pem"
        form = serialization.PrivateFormat.PKCS8
        path.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, lock))
        return path


def p256() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def refused(call: object) -> str:
    """The sentence with which a call is refused."""
    assert callable(call)
    with pytest.raises(TrustError) as caught:
        call()
    said = str(caught.value)
    assert said.endswith(".")
    assert "\n" not in said
    return said


def reissue(identity: Identity, name: str, start: datetime) -> None:
    """Put another leaf into the identity's folder, of that name and from that time on."""
    pair = identity.folder / "keys" / identity.key_id
    key = certificates.read_key((pair / "issuer.pem").read_bytes(), "")
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    leaf = make_leaf(name, Made(certificate=identity.chain[1], key=key), start)
    (pair / "chain.pem").write_bytes(certificates.pem([leaf.certificate, identity.chain[1]]))
    (pair / "key.pem").write_bytes(certificates.key_pem(leaf.key))


def reissued(identity: Identity, name: str, start: datetime) -> Identity:
    """The identity with another leaf, of that name and from that time on."""
    reissue(identity, name, start)
    return Identity.load(identity.folder)


def ending(identity: Identity) -> Identity:
    """The identity with a leaf that ends in two seconds."""
    return reissued(identity, "Brief", datetime.now(UTC) - LIFE + timedelta(seconds=2.5))


def wait_for_the_end(identity: Identity) -> None:
    """Sleep until the identity's leaf has ended."""
    time.sleep(max(0.0, (identity.chain[0].not_valid_after_utc - datetime.now(UTC)).total_seconds() + 1.1))
