"""Who signs here: a certificate chain and its key, the watermark's key, and whom else to believe.

A folder of trust looks like this::

    identity.json          which of the keys is in use, and the time-stamp authority
    keys/1a2b3c4d/         one folder for each pair of keys there ever was, so that older files are still recognised
        root.pem           made here only: what others add to their trust list
        chain.pem          leaf, then intermediates
        key.pem            the leaf's private key, or signer.json where an operator's key or command signs
        issuer.pem         made here only: the intermediate's private key, for the next leaf; the root's is thrown away
        watermark.key      32 random bytes
    trusted/               roots of others that are believed, as PEM
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from soramame.errors import TrustError
from soramame.safety import certificates
from soramame.safety.certificates import Made, PrivateKey
from soramame.safety.trust import (
    CHAIN,
    KEYS,
    ROOT,
    TRUSTED,
    WATERMARK,
    WATERMARK_BYTES,
    Trust,
    add_root,
    default_folder,
    listed,
    make_folder,
    read_file,
    read_json,
    write_file,
)

__all__ = ["Command", "Identity", "Trust", "add_root", "default_folder"]

INDEX, KEY, ISSUER, SIGNER = "identity.json", "key.pem", "issuer.pem", "signer.json"
COMMAND_SECONDS = 60.0
"""How long a signing command may take."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command that signs: it gets the bytes on its standard input and answers with a signature, raw or DER, on its standard
    output. A key management service stays behind it."""

    arguments: tuple[str, ...]

    def run(self, data: bytes) -> bytes:
        """The answer to ``data``; :class:`TrustError` if the command fails, or takes more than a minute."""
        name = self.arguments[0] if self.arguments else ""
        try:
            done = subprocess.run(self.arguments, input=data, capture_output=True, timeout=COMMAND_SECONDS, check=False)
        except (OSError, ValueError, IndexError) as error:
            raise TrustError(f"the signing command {name!r} cannot be run: {error}.") from error
        except subprocess.TimeoutExpired as error:
            raise TrustError(
                f"the signing command {name!r} did not answer within {COMMAND_SECONDS:.0f} seconds."
            ) from error
        if done.returncode != 0 or not done.stdout:
            said = done.stderr.decode("utf-8", "replace").strip()[-200:] or "it said nothing"
            raise TrustError(f"the signing command {name!r} failed (status {done.returncode}): {said}.")
        return done.stdout


@dataclass(frozen=True, kw_only=True)
class Identity:
    """A signer that is fit to sign now. ``chain`` is leaf first; ``key_id`` names the pair of keys, and ``watermark_key`` is
    the pair's other half; ``time_stamp`` is the address of an RFC 3161 authority that is asked for the time."""

    folder: Path
    key_id: str
    chain: tuple[x509.Certificate, ...]
    trust: Trust
    time_stamp: str | None = None
    key: PrivateKey | Command = field(repr=False)

    @property
    def watermark_key(self) -> bytes:
        """The 32 bytes that watermark what is made now."""
        return self.trust.watermark_keys[self.key_id]

    @property
    def algorithm(self) -> str:
        """The signature's algorithm, as C2PA names it: ``es256`` for a chain that was made here."""
        return certificates.algorithm(self.chain[0].public_key(), str(self.folder))

    @property
    def name(self) -> str:
        """What the signing certificate calls itself."""
        return certificates.title(self.chain[0]).strip("'")

    @property
    def recognised(self) -> bool:
        """Whether what is signed now is read as trusted here: an operator's root has to be in the trust list for that."""
        last = self.chain[-1]
        return any(certificates.issued(last, root) or last == root for root in self._roots())

    @property
    def root_pem(self) -> str | None:
        """The root to be given to others; None if it is an operator's own."""
        path = self.folder / KEYS / self.key_id / ROOT
        return read_file(path).decode() if path.exists() else None

    def as_json(self) -> dict[str, Any]:
        """All that is public of it, for people and scripts."""
        return {
            "folder": str(self.folder),
            "key_id": self.key_id,
            "signer": self.name,
            "algorithm": self.algorithm,
            "valid_until": self.chain[0].not_valid_after_utc.isoformat(),
            "time_stamp": self.time_stamp,
            "recognised": self.recognised,
            "watermark_keys": sorted(self.trust.watermark_keys),
            "trusted": [certificates.title(root).strip("'") for root in self._roots()],
            "root": self.root_pem,
        }

    def _roots(self) -> list[x509.Certificate]:
        return [root for text in self.trust.roots for root in certificates.read_certificates(text.encode(), TRUSTED)]

    def sign(self, data: bytes) -> bytes:
        """A signature as COSE has it; :class:`TrustError` if a command gives none, or one that is not the certificate's."""
        if not isinstance(self.key, Command):
            return certificates.sign(self.key, data)
        signature = certificates.checked_signature(self.chain[0].public_key(), self.key.run(data), data)
        if signature is None:
            raise TrustError(
                f"what the signing command {self.key.arguments[0]!r} gives is no {self.algorithm} signature of the certificate "
                f"{certificates.title(self.chain[0])}; give the command of its key."
            )
        return signature

    @classmethod
    def create(cls, folder: str | Path | None = None, *, time_stamp: str | None = None) -> Identity:
        """Make root, intermediate and leaf (ECDSA P-256) and a watermark key. :class:`TrustError` if there is an identity."""
        place = Path(folder) if folder is not None else default_folder()
        if (place / INDEX).exists():
            raise TrustError(f"{place} holds an identity already; rotate it, or choose another folder.")
        _make(place, _new_chain(), time_stamp=time_stamp, first=True)
        return cls.load(place)

    @classmethod
    def ensure(cls, folder: str | Path | None = None) -> tuple[Identity, str | None]:
        """The folder's identity, made at first use, and in that case a notice of it for the user."""
        place = Path(folder) if folder is not None else default_folder()
        if (place / INDEX).exists():
            return cls.load(place), None
        try:
            made = cls.create(place)
        except TrustError:
            if not (place / INDEX).exists():
                raise
            return cls.load(place), None  # another process was first
        return made, (
            f"made a signing identity in {place}: files say that this installation made them; "
            "others see an unknown signer until they trust its root (soramame trust show)."
        )

    @classmethod
    def load(cls, folder: str | Path | None = None) -> Identity:
        """The folder's identity. :class:`TrustError` if there is none, or for whatever keeps it from signing now."""
        place = Path(folder) if folder is not None else default_folder()
        pair, time_stamp = _current(place)
        trust = Trust.load(place)
        _check_private(pair)
        chain = certificates.read_certificates(read_file(pair / CHAIN), str(pair / CHAIN))
        key = _key(pair)
        _check(chain, key, str(pair / CHAIN), trust)
        return cls(folder=place, key_id=pair.name, chain=tuple(chain), trust=trust, time_stamp=time_stamp, key=key)

    @classmethod
    def adopt(
        cls,
        folder: str | Path | None = None,
        *,
        chain: str | Path,
        key: str | Path | None = None,
        passphrase_env: str | None = None,
        command: Sequence[str] = (),
        time_stamp: str | None = None,
    ) -> Identity:
        """Sign with an operator's own certificates from now on, under a new watermark key; what was before stays known.

        ``chain``: PEM, leaf first. Either ``key``: PEM, which stays where it is, with the passphrase in the environment variable
        ``passphrase_env`` if it is encrypted; or ``command``, see :class:`Command`, which has to sign a test here and now.
        :class:`TrustError` for whatever would keep it from signing.
        """
        place = Path(folder) if folder is not None else default_folder()
        if (key is None) == (not command):
            raise TrustError("give either a key file or a signing command.")
        told: dict[str, Any] = {"command": list(command)} if command else {"key": str(Path(key or "").resolve())}
        if passphrase_env is not None:
            told["passphrase_env"] = passphrase_env
        read = certificates.read_certificates(read_file(Path(chain)), str(chain))
        signer = _signer(told)
        _check(read, signer, str(chain), Trust.load(place))
        _address(time_stamp)
        files = {CHAIN: certificates.pem(read), SIGNER: json.dumps(told).encode()}
        if isinstance(signer, Command):
            cls(folder=place, key_id="", chain=tuple(read), trust=Trust(), key=signer).sign(b"soramame")
        _make(place, files, time_stamp=time_stamp, first=not (place / INDEX).exists())
        return cls.load(place)

    @classmethod
    def stamp(cls, address: str | None, folder: str | Path | None = None) -> Identity:
        """Ask this time-stamp authority from now on, or none. :class:`TrustError` if it is no http(s) address."""
        place = Path(folder) if folder is not None else default_folder()
        pair, _ = _current(place)
        _write_index(place, pair.name, _address(address))
        return cls.load(place)

    @classmethod
    def rotate(cls, folder: str | Path | None = None, *, new_root: bool = False) -> Identity:
        """A new leaf and a new watermark key, from now on; the old certificates and watermark keys stay known, the old private
        key is deleted. With ``new_root`` a new root and intermediate too: after the folder has been in the wrong hands."""
        place = Path(folder) if folder is not None else default_folder()
        pair, time_stamp = _current(place)
        if not (pair / ISSUER).exists():
            raise TrustError(
                f"{place} signs with an operator's certificate; give the new one (soramame trust init --certificate)."
            )
        _make(place, _new_chain() if new_root else _next_leaf(pair), time_stamp=time_stamp, first=False)
        for name in (KEY, ISSUER):
            (pair / name).unlink(missing_ok=True)
        return cls.load(place)


def _current(place: Path) -> tuple[Path, str | None]:
    """The folder of the keys in use, and the time-stamp authority."""
    index = read_json(place / INDEX, f"{place} holds no identity; make one (soramame trust init).")
    key_id = index.get("current")
    if not isinstance(key_id, str) or key_id not in {pair.name for pair in listed(place / KEYS, "[!.]*")}:
        raise TrustError(f"{place / INDEX} names keys that are not there; put the folder back from a copy.")
    return place / KEYS / key_id, _address(index.get("time_stamp"))


def _new_chain() -> dict[str, bytes]:
    now, mark = datetime.now(UTC), secrets.token_hex(4)
    root = certificates.make_root(f"Soramame local root {mark}", now)
    middle = certificates.make_intermediate(f"Soramame local issuer {mark}", root, now)
    return {ROOT: certificates.pem([root.certificate]), **_leaf(middle, now)}


def _next_leaf(pair: Path) -> dict[str, bytes]:
    issuer = certificates.read_certificates(read_file(pair / CHAIN), str(pair / CHAIN))[-1]
    key = certificates.read_key(read_file(pair / ISSUER), str(pair / ISSUER))
    certificates.check_pair(issuer, key, str(pair / ISSUER))
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TrustError(f"{pair / ISSUER} was not made here; put the folder back from a copy.")
    return {ROOT: read_file(pair / ROOT), **_leaf(Made(certificate=issuer, key=key), datetime.now(UTC))}


def _leaf(issuer: Made, now: datetime) -> dict[str, bytes]:
    leaf = certificates.make_leaf(f"Soramame local signer {secrets.token_hex(4)}", issuer, now)
    return {
        CHAIN: certificates.pem([leaf.certificate, issuer.certificate]),
        KEY: certificates.key_pem(leaf.key),
        ISSUER: certificates.key_pem(issuer.key),
    }


def _check(chain: list[x509.Certificate], key: PrivateKey | Command, source: str, trust: Trust) -> None:
    anchors = [root for text in trust.roots for root in certificates.read_certificates(text.encode(), TRUSTED)]
    certificates.check_chain(chain, source, now=datetime.now(UTC), anchors=anchors)
    if not isinstance(key, Command):
        certificates.check_pair(chain[0], key, source)


def _key(pair: Path) -> PrivateKey | Command:
    if (pair / SIGNER).exists():
        return _signer(read_json(pair / SIGNER, f"{pair / SIGNER} is missing."))
    return certificates.read_key(read_file(pair / KEY), str(pair / KEY))


def _signer(told: Mapping[str, Any]) -> PrivateKey | Command:
    if command := told.get("command"):
        return Command(arguments=tuple(map(str, command)))
    variable, path = told.get("passphrase_env"), Path(str(told.get("key")))
    passphrase = None
    if variable is not None:
        value = os.environ.get(str(variable))
        if not value:
            raise TrustError(f"the environment variable {variable}, for the passphrase of {path}, is not set.")
        passphrase = value.encode()
    return certificates.read_key(read_file(path), str(path), passphrase)


def _address(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value.startswith(("http://", "https://")):
        raise TrustError(f"the time-stamp authority {value!r} is no address; it begins with http:// or https://.")
    return value


def _check_private(pair: Path) -> None:
    for name in (KEY, ISSUER, WATERMARK):
        path = pair / name
        if os.name == "posix" and path.exists() and path.stat().st_mode & 0o077:
            raise TrustError(f"{path} is open to other users; close it (chmod 600).")


def _make(place: Path, files: Mapping[str, bytes], *, time_stamp: str | None, first: bool) -> None:
    """The new pair's folder gets its name when it is whole, and is in use only once the index names it."""
    watermark = secrets.token_bytes(WATERMARK_BYTES)
    key_id = hashlib.sha256(b"soramame key id" + watermark).hexdigest()[:8]
    _address(time_stamp)
    make_folder(place)
    make_folder(place / KEYS)
    part = place / KEYS / f".{key_id}"
    try:
        make_folder(part)
        for name, data in {**files, WATERMARK: watermark}.items():
            write_file(part / name, data)
        pair = part.rename(place / KEYS / key_id)
        try:
            _write_index(place, key_id, time_stamp, new=first)
        except TrustError:
            pair.rename(part)
            raise
    except OSError as error:
        raise TrustError(f"{place} cannot be written to: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _write_index(place: Path, key_id: str, time_stamp: str | None, *, new: bool = False) -> None:
    index = {"version": 1, "current": key_id, "time_stamp": time_stamp}
    write_file(place / INDEX, json.dumps(index).encode(), new=new)
