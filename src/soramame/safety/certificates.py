"""X.509 certificates and keys that sign: made, read and checked.

What a signing certificate has to be is in the C2PA specification 2.2, section 14 ("Trust model"), and RFC 5280.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from soramame.errors import TrustError

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey
T = TypeVar("T", bound=x509.ExtensionType)

YEAR = timedelta(days=365)
LIFE, ISSUER_LIFE, ROOT_LIFE = 10 * YEAR, 35 * YEAR, 40 * YEAR
"""Without a time stamp a file is valid as long as the certificate that signed it: hence the leaf's ten years."""
SKEW = timedelta(hours=1)
"""How much earlier than now a certificate begins, for readers whose clock is slow."""
CURVES: dict[str, tuple[str, hashes.HashAlgorithm]] = {
    "secp256r1": ("es256", hashes.SHA256()),
    "secp384r1": ("es384", hashes.SHA384()),
    "secp521r1": ("es512", hashes.SHA512()),
}
PURPOSES = (
    ExtendedKeyUsageOID.EMAIL_PROTECTION,
    x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"),
    x509.ObjectIdentifier("1.3.6.1.4.1.62558.2.1"),
)
"""Extended key usages that may sign a claim: e-mail, documents, C2PA claims. Only the first is taken by every reader."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """A new certificate with its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def make_root(name: str, now: datetime) -> Made:
    """A root: it signs intermediates, and itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(name)
    builder = _builder(subject, key, now, now + ROOT_LIFE).issuer_name(subject)
    return Made(certificate=_as_issuer(builder, path_length=1).sign(key, hashes.SHA256()), key=key)


def make_intermediate(name: str, root: Made, now: datetime) -> Made:
    """An intermediate: it signs leaves."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _issued(_builder(_name(name), key, now, now + ISSUER_LIFE), root)
    return Made(certificate=_as_issuer(builder, path_length=0).sign(root.key, hashes.SHA256()), key=key)


def make_leaf(name: str, issuer: Made, now: datetime) -> Made:
    """A leaf: it signs files, for ten years or as long as its issuer lives."""
    key = ec.generate_private_key(ec.SECP256R1())
    end = min(now + LIFE, issuer.certificate.not_valid_after_utc)
    builder = (
        _issued(_builder(_name(name), key, now, end), issuer)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([PURPOSES[0]]), critical=False)
    )
    return Made(certificate=builder.sign(issuer.key, hashes.SHA256()), key=key)


def read_certificates(pem: bytes, source: str) -> list[x509.Certificate]:
    """The certificates of a PEM text; :class:`TrustError` if it has none, naming ``source``."""
    try:
        return x509.load_pem_x509_certificates(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise TrustError(
            f"{source} holds no certificate in PEM form; give a file of BEGIN CERTIFICATE blocks."
        ) from error


def read_key(pem: bytes, source: str, passphrase: bytes | None = None) -> PrivateKey:
    """A private key of a kind that can sign; :class:`TrustError` if it is unreadable, locked, or of another kind."""
    try:
        key = serialization.load_pem_private_key(pem, passphrase)
    except TypeError as error:
        if passphrase is None:
            raise TrustError(
                f"the key {source} is encrypted; name the environment variable that holds its passphrase."
            ) from error
        raise TrustError(f"the key {source} is not encrypted, but a passphrase was given; leave it out.") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        wrong = (
            "the passphrase is wrong or it is damaged" if passphrase is not None else "it is no private key in PEM form"
        )
        raise TrustError(f"the key {source} cannot be read: {wrong}.") from error
    algorithm(key.public_key(), source)
    if not isinstance(key, PrivateKey):
        raise TrustError(f"the key {source} is of a kind that cannot sign; use ECDSA P-256, Ed25519 or RSA.")
    return key


def algorithm(key: object, source: str) -> str:
    """The name of the signature algorithm for a public key, as C2PA has it; :class:`TrustError` if there is none."""
    match key:
        case ec.EllipticCurvePublicKey() if key.curve.name in CURVES:
            return CURVES[key.curve.name][0]
        case rsa.RSAPublicKey() if 2048 <= key.key_size <= 16384:
            return "ps256"
        case ed25519.Ed25519PublicKey():
            return "ed25519"
    raise TrustError(
        f"{source} has a key that cannot sign here; use ECDSA P-256/384/521, Ed25519, or RSA of 2048 bits or more."
    )


def check_chain(
    chain: Sequence[x509.Certificate], source: str, *, now: datetime, anchors: Sequence[x509.Certificate] = ()
) -> None:
    """:class:`TrustError` for the first thing that keeps this chain, leaf first, from signing files at ``now`` (UTC).

    ``anchors`` are roots that may have issued the last of the chain. A leaf whose issuer is neither in the chain nor among them
    lacks its intermediate.
    """
    leaf = chain[0]
    for certificate in chain:
        _check_time(certificate, source, now)
    if leaf.issuer == leaf.subject:
        raise TrustError(
            f"{source}: the certificate is signed by itself, which C2PA forbids; get one from an authority."
        )
    _check_usage(leaf, source)
    algorithm(leaf.public_key(), source)
    for certificate, issuer in pairwise(chain):
        if not issued(certificate, issuer):
            raise TrustError(
                f"{source}: {title(certificate)} was not issued by the next in the file; put leaf, then intermediates."
            )
    if len(chain) == 1 and not any(issued(leaf, anchor) for anchor in anchors):
        raise TrustError(
            f"{source}: the intermediate certificate that issued {title(leaf)} is missing; append it to the file."
        )


def check_pair(certificate: x509.Certificate, key: PrivateKey, source: str) -> None:
    """:class:`TrustError` if the key is not the certificate's."""
    if _public(certificate.public_key()) != _public(key.public_key()):
        raise TrustError(f"{source}: the key does not belong to the certificate {title(certificate)}; give the pair.")


def check_root(certificate: x509.Certificate, source: str, *, now: datetime) -> None:
    """:class:`TrustError` if it is no authority's certificate, or out of its time."""
    _check_time(certificate, source, now)
    constraints = _extension(certificate, x509.BasicConstraints)
    if constraints is None or not constraints.ca:
        raise TrustError(
            f"{source}: {title(certificate)} is not an authority's certificate; add the root that issued it."
        )


def issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether ``issuer`` signed ``certificate``."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def sign(key: PrivateKey, data: bytes) -> bytes:
    """A signature as COSE has it (RFC 9053): r and s side by side, RSA-PSS with MGF1, or Ed25519."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return _raw(key.sign(data, ec.ECDSA(CURVES[key.curve.name][1])), key.curve)
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, _pss(), hashes.SHA256())
    return key.sign(data)


def checked_signature(key: object, signature: bytes, data: bytes) -> bytes | None:
    """A signature from elsewhere, DER or raw, as COSE has it; None if it is not one of ``data`` by this public key."""
    try:
        match key:
            case ec.EllipticCurvePublicKey():
                der = _der(signature, key.curve)
                key.verify(der, data, ec.ECDSA(CURVES[key.curve.name][1]))
                return _raw(der, key.curve)
            case rsa.RSAPublicKey():
                key.verify(signature, data, _pss(), hashes.SHA256())
                return signature
            case ed25519.Ed25519PublicKey():
                key.verify(signature, data)
                return signature
    except (InvalidSignature, ValueError):
        pass
    return None


def pem(certificates: Sequence[x509.Certificate]) -> bytes:
    """Certificates as one PEM text."""
    return b"".join(certificate.public_bytes(serialization.Encoding.PEM) for certificate in certificates)


def key_pem(key: PrivateKey) -> bytes:
    """A private key as PEM, not encrypted."""
    form, lock = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, lock)


def title(certificate: x509.Certificate) -> str:
    """What a certificate calls itself, for people."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return repr(str(names[0].value)) if names else repr(certificate.subject.rfc4514_string())


def _check_time(certificate: x509.Certificate, source: str, now: datetime) -> None:
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now > end:
        raise TrustError(f"{source}: {title(certificate)} expired on {end:%Y-%m-%d}; renew it (soramame trust rotate).")
    if now < start:
        raise TrustError(
            f"{source}: {title(certificate)} is valid only from {start:%Y-%m-%d %H:%M} UTC; set the clock, or wait."
        )


def _check_usage(leaf: x509.Certificate, source: str) -> None:
    constraints = _extension(leaf, x509.BasicConstraints)
    if constraints is not None and constraints.ca:
        raise TrustError(
            f"{source}: {title(leaf)} is an authority's certificate; the leaf that signs has to come first."
        )
    usage = _extension(leaf, x509.KeyUsage)
    if usage is None or not usage.digital_signature:
        raise TrustError(f"{source}: {title(leaf)} may not sign (no keyUsage digitalSignature); get one that may.")
    purposes = _extension(leaf, x509.ExtendedKeyUsage)
    if purposes is None or not set(purposes) & set(PURPOSES):
        raise TrustError(f"{source}: {title(leaf)} is not for signing claims (no emailProtection); get one that is.")


def _extension(certificate: x509.Certificate, kind: type[T]) -> T | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return None


def _public(key: object) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.DER, form) if isinstance(key, PublicKey) else b""


def _name(name: str) -> x509.Name:
    parts = ((NameOID.ORGANIZATION_NAME, "Soramame"), (NameOID.COMMON_NAME, name))
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])


def _builder(
    subject: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now.astimezone(UTC) - SKEW)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _issued(builder: x509.CertificateBuilder, issuer: Made) -> x509.CertificateBuilder:
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
    return builder.issuer_name(issuer.certificate.subject).add_extension(identifier, critical=False)


def _as_issuer(builder: x509.CertificateBuilder, *, path_length: int) -> x509.CertificateBuilder:
    return builder.add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True).add_extension(
        _usage(signs=False), critical=True
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs,
        crl_sign=not signs,
        encipher_only=False,
        decipher_only=False,
    )


def _pss() -> padding.PSS:
    return padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=hashes.SHA256().digest_size)


def _raw(der: bytes, curve: ec.EllipticCurve) -> bytes:
    size = (curve.key_size + 7) // 8
    return b"".join(number.to_bytes(size, "big") for number in utils.decode_dss_signature(der))


def _der(signature: bytes, curve: ec.EllipticCurve) -> bytes:
    size = (curve.key_size + 7) // 8
    if len(signature) != 2 * size:
        return signature
    r, s = (int.from_bytes(half, "big") for half in (signature[:size], signature[size:]))
    return utils.encode_dss_signature(r, s)
