from __future__ import annotations

import json
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from soramame.errors import SoramameError, TrustError
from soramame.safety import certificates, identity, trust
from soramame.safety.certificates import PrivateKey, make_leaf, make_root
from soramame.safety.identity import Identity, Trust, add_root, default_folder
from tests.safety.authority import DAY, NOW, Authority, p256, refused, reissue

SIGNING = "import sys; from cryptography.hazmat.primitives.serialization import load_pem_private_key as load\n"
SIGNING += "from cryptography.hazmat.primitives.asymmetric import ec, utils; from cryptography.hazmat.primitives import hashes\n"
SIGNING += "key = load(open(sys.argv[1], 'rb').read(), None)\n"
SIGNING += "der = key.sign(sys.stdin.buffer.read(), ec.ECDSA(hashes.SHA256()))\n"
SIGNING += "r, s = utils.decode_dss_signature(der)\n"
SIGNING += "raw = r.to_bytes(32, 'big') + s.to_bytes(32, 'big')\n"
SIGNING += "sys.stdout.buffer.write(der if sys.argv[2] == 'der' else raw)"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    folder = tmp_path / "authority"
    folder.mkdir()
    return Authority(folder)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "home" / "trust"


def test_a_trust_error_has_a_code_and_a_status() -> None:
    assert issubclass(TrustError, SoramameError)
    assert (TrustError.code, TrustError.exit_status) == ("trust_failed", 9)


def test_a_chain_is_root_intermediate_and_a_leaf_of_ten_years_that_may_sign_and_nothing_else(place: Path) -> None:
    made = Identity.create(place)
    leaf, issuer = made.chain
    assert made.root_pem is not None
    root = x509.load_pem_x509_certificate(made.root_pem.encode())
    assert certificates.issued(leaf, issuer)
    assert certificates.issued(issuer, root)
    assert certificates.issued(root, root)
    assert abs(leaf.not_valid_after_utc - NOW - timedelta(days=3650)) < DAY
    assert leaf.not_valid_after_utc < issuer.not_valid_after_utc < root.not_valid_after_utc
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert not usage.key_cert_sign
    assert list(leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == [
        ExtendedKeyUsageOID.EMAIL_PROTECTION
    ]
    assert made.algorithm == "es256"
    assert made.recognised


def test_files_are_for_their_owner_only(place: Path) -> None:
    Identity.create(place)
    for path in place.rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
    assert place.stat().st_mode & 0o777 == 0o700


def test_the_roots_private_key_is_thrown_away(place: Path) -> None:
    made = Identity.create(place)
    root = x509.load_pem_x509_certificate((made.root_pem or "").encode())
    keys = [
        certificates.read_key(path.read_bytes(), "") for path in place.rglob("*.pem") if b"PRIVATE" in path.read_bytes()
    ]
    assert len(keys) == 2
    for key in keys:
        with pytest.raises(TrustError):
            certificates.check_pair(root, key, "")


def test_no_secret_is_shown(place: Path) -> None:
    made = Identity.create(place)
    assert repr(made.watermark_key) not in repr(made)
    assert "Private" not in repr(made)
    assert len(made.watermark_key) == 32


def test_what_is_created_is_loaded_and_never_overwritten(place: Path) -> None:
    made = Identity.create(place, time_stamp="http://time.example")
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    assert "already" in refused(lambda: Identity.create(place))
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before
    again = Identity.load(place)
    assert (again.key_id, again.chain, again.time_stamp) == (made.key_id, made.chain, "http://time.example")
    assert again.watermark_key == made.watermark_key


def test_ensure_makes_one_at_first_use_and_says_so_once(place: Path) -> None:
    made, notice = Identity.ensure(place)
    assert str(place) in (notice or "")
    again, silence = Identity.ensure(place)
    assert silence is None
    assert again.key_id == made.key_id


def test_several_that_begin_at_once_end_with_one_identity(place: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: Identity.ensure(place), range(8)))
    assert len({one.key_id for one, _ in made}) == 1
    assert sum(notice is not None for _, notice in made) == 1
    assert [path.name for path in (place / "keys").iterdir()] == [made[0][0].key_id]


@pytest.mark.parametrize("name", ["identity.json", "key.pem", "watermark.key"])
def test_a_failure_while_writing_leaves_no_half_identity(
    place: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    real = trust.write_file

    def full(path: Path, data: bytes, *, new: bool = False) -> Path:
        if path.name == name:
            raise TrustError("no space is left.")
        return real(path, data, new=new)

    monkeypatch.setattr(identity, "write_file", full)
    refused(lambda: Identity.create(place))
    assert [path for path in place.rglob("*") if path.is_file()] == []
    monkeypatch.undo()
    Identity.create(place)


def test_the_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SORAMAME_HOME", str(tmp_path / "s"))
    assert default_folder() == tmp_path / "s" / "trust"
    monkeypatch.delenv("SORAMAME_HOME")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "x"))
    assert default_folder() == tmp_path / "x" / "soramame" / "trust"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_folder() == tmp_path / ".local" / "share" / "soramame" / "trust"


def test_rotation_keeps_what_is_public_and_the_watermark_keys_and_drops_the_old_key(place: Path) -> None:
    old = Identity.create(place, time_stamp="http://time.example")
    new = Identity.rotate(place)
    assert new.key_id != old.key_id
    assert new.chain[0] != old.chain[0]
    assert new.chain[1] == old.chain[1]
    assert new.time_stamp == old.time_stamp
    assert new.trust.roots == old.trust.roots
    assert new.trust.watermark_keys == {old.key_id: old.watermark_key, new.key_id: new.watermark_key}
    assert not (place / "keys" / old.key_id / "key.pem").exists()
    newest = Identity.rotate(place, new_root=True)
    assert len(newest.trust.roots) == 2
    assert len(newest.trust.watermark_keys) == 3
    assert newest.chain[1] != new.chain[1]


def test_an_identity_that_expired_can_still_be_rotated_and_its_watermarks_read(place: Path) -> None:
    old = Identity.create(place)
    reissue(old, "Old", NOW - timedelta(days=4000))
    assert "expired" in refused(lambda: Identity.load(place))
    assert Trust.load(place).watermark_keys[old.key_id] == old.watermark_key
    assert Identity.rotate(place).key_id != old.key_id


@pytest.mark.parametrize("form", ["der", "raw"])
def test_a_command_signs_in_either_form(place: Path, authority: Authority, form: str) -> None:
    key = p256()
    command = [sys.executable, "-c", SIGNING, str(authority.key(key)), form]
    made = Identity.adopt(place, chain=authority.chain(authority.leaf(key)), command=command)
    signature = made.sign(b"something")
    assert len(signature) == 64
    assert certificates.checked_signature(key.public_key(), signature, b"something") == signature
    assert certificates.checked_signature(key.public_key(), signature, b"something else") is None
    assert not list(place.rglob("key.pem"))


def test_a_command_that_fails_is_told_before_it_is_adopted(place: Path, authority: Authority) -> None:
    key = p256()
    chain, file = authority.chain(authority.leaf(key)), authority.key(p256())

    def adopt(*command: str) -> str:
        return refused(lambda: Identity.adopt(place, chain=chain, command=command))

    assert "no es256 signature" in adopt(sys.executable, "-c", SIGNING, str(file), "der")
    assert "status 3" in adopt(sys.executable, "-c", "import sys; sys.exit('no such key' if 0 else 3)")
    assert "no such key" in adopt(sys.executable, "-c", "import sys; sys.exit('no such key')")
    assert "failed" in adopt(sys.executable, "-c", "pass")
    assert "cannot be run" in adopt("/nowhere/sign")
    assert not place.exists()


def test_a_command_that_hangs_is_told(place: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "COMMAND_SECONDS", 0.2)
    chain, command = authority.chain(authority.leaf(p256())), [sys.executable, "-c", "import time; time.sleep(9)"]
    assert "did not answer" in refused(lambda: Identity.adopt(place, chain=chain, command=command))


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (p256(), "es256"),
        (ec.generate_private_key(ec.SECP384R1()), "es384"),
        (ec.generate_private_key(ec.SECP521R1()), "es512"),
        (ed25519.Ed25519PrivateKey.generate(), "ed25519"),
        (rsa.generate_private_key(65537, 2048), "ps256"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_operators_key_of_any_kind_signs(place: Path, authority: Authority, key: PrivateKey, algorithm: str) -> None:
    made = Identity.adopt(place, chain=authority.chain(authority.leaf(key)), key=authority.key(key))
    assert made.algorithm == algorithm
    signature = made.sign(b"claim")
    assert certificates.checked_signature(key.public_key(), signature, b"claim") == signature
    assert made.name == "A studio"
    assert made.root_pem is None
    assert not made.recognised
    add_root(authority.folder / "root.pem", place)
    assert Identity.load(place).recognised


def test_an_operators_chain_comes_after_ones_own_and_ones_own_stays_known(place: Path, authority: Authority) -> None:
    own, key = Identity.create(place), p256()
    made = Identity.adopt(place, chain=authority.chain(authority.leaf(key)), key=authority.key(key))
    assert made.key_id != own.key_id
    assert made.trust.roots == own.trust.roots
    assert set(made.trust.watermark_keys) == {own.key_id, made.key_id}
    assert "operator" in refused(lambda: Identity.rotate(place))


def test_an_encrypted_key_needs_its_passphrase(
    place: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = p256()
    chain, file = authority.chain(authority.leaf(key)), authority.key(key, b"open sesame")
    assert "encrypted" in refused(lambda: Identity.adopt(place, chain=chain, key=file))
    monkeypatch.delenv("PHRASE", raising=False)
    assert "PHRASE" in refused(lambda: Identity.adopt(place, chain=chain, key=file, passphrase_env="PHRASE"))
    monkeypatch.setenv("PHRASE", "open barley")
    assert "wrong" in refused(lambda: Identity.adopt(place, chain=chain, key=file, passphrase_env="PHRASE"))
    monkeypatch.setenv("PHRASE", "open sesame")
    Identity.adopt(place, chain=chain, key=file, passphrase_env="PHRASE")
    assert all(b"open sesame" not in path.read_bytes() for path in place.rglob("*") if path.is_file())
    monkeypatch.delenv("PHRASE")
    assert "PHRASE" in refused(lambda: Identity.load(place))


def test_each_thing_that_is_wrong_with_a_certificate_has_its_sentence(place: Path, authority: Authority) -> None:
    key = p256()
    file = authority.key(key)

    def adopt(*leading: x509.Certificate, issuer: bool = True) -> str:
        chain = authority.chain(*leading, issuer=issuer)
        return refused(lambda: Identity.adopt(place, chain=chain, key=file))

    alone = make_root("Alone", NOW).certificate
    assert "expired" in adopt(authority.leaf(key, end=NOW - timedelta(hours=1)))
    assert "valid only from" in adopt(authority.leaf(key, start=NOW + timedelta(hours=1)))
    assert "digitalSignature" in adopt(authority.leaf(key, usage=False))
    assert "digitalSignature" in adopt(authority.leaf(key, usage=None))
    assert "emailProtection" in adopt(authority.leaf(key, purpose=None))
    assert "emailProtection" in adopt(authority.leaf(key, purpose=ExtendedKeyUsageOID.CODE_SIGNING))
    assert "does not belong" in adopt(authority.leaf(p256()))
    assert "intermediate" in adopt(authority.leaf(key), issuer=False)
    assert "signed by itself" in adopt(alone, issuer=False)
    assert "authority's certificate" in adopt(issuer=True)
    assert "not issued by the next" in adopt(authority.leaf(key), alone)
    assert not place.exists()


def test_a_leaf_straight_from_a_root_that_is_trusted_needs_no_intermediate(place: Path, authority: Authority) -> None:
    key = p256()
    leaf = make_leaf("Straight", authority.root, NOW)
    chain, file = authority.chain(leaf.certificate, issuer=False), authority.key(leaf.key)
    assert "intermediate" in refused(lambda: Identity.adopt(place, chain=chain, key=file))
    add_root(authority.folder / "root.pem", place)
    assert Identity.adopt(place, chain=chain, key=file).recognised
    del key


@pytest.mark.parametrize("text", [b"", b"not PEM", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_what_is_no_certificate_or_key_is_told(place: Path, authority: Authority, text: bytes) -> None:
    key = p256()
    chain, file = authority.chain(authority.leaf(key)), authority.key(key)
    bad = authority.folder / "bad.pem"
    bad.write_bytes(text)
    assert "no certificate" in refused(lambda: Identity.adopt(place, chain=bad, key=file))
    assert "cannot be read" in refused(lambda: Identity.adopt(place, chain=chain, key=bad))
    assert "cannot be read" in refused(lambda: Identity.adopt(place, chain=chain, key=authority.folder / "none.pem"))
    assert "no certificate" in refused(lambda: add_root(bad, place))
    assert "either" in refused(lambda: Identity.adopt(place, chain=chain))
    assert "either" in refused(lambda: Identity.adopt(place, chain=chain, key=file, command=["sign"]))


def test_weak_keys_are_refused(place: Path, authority: Authority) -> None:
    curve = ec.generate_private_key(ec.SECP256K1())
    chain = authority.chain(authority.leaf(curve))
    assert "cannot sign" in refused(lambda: Identity.adopt(place, chain=chain, key=authority.key(curve)))


def test_the_trust_list_takes_authorities_only(place: Path, authority: Authority, tmp_path: Path) -> None:
    root = authority.folder / "root.pem"
    first, second = add_root(root, place), add_root(root, place)
    assert first == second
    assert Trust.load(place).roots == (root.read_text(),)
    leaf = tmp_path / "leaf.pem"
    leaf.write_bytes(certificates.pem([authority.leaf(p256())]))
    assert "authority" in refused(lambda: add_root(leaf, place))
    old = make_root("Old", NOW - timedelta(days=365 * 41)).certificate
    leaf.write_bytes(certificates.pem([old]))
    assert "expired" in refused(lambda: add_root(leaf, place))


def test_nothing_is_believed_where_there_is_no_folder(tmp_path: Path) -> None:
    assert Trust.load(tmp_path / "none") == Trust()
    assert "soramame trust init" in refused(lambda: Identity.load(tmp_path / "none"))


def test_damage_to_the_folder_is_told(place: Path) -> None:
    made = Identity.create(place)
    pair = place / "keys" / made.key_id
    kept = place.parent / "kept"
    shutil.copytree(place, kept)

    def broken(path: Path, data: bytes | None) -> str:
        whole = path.read_bytes()
        path.unlink() if data is None else path.write_bytes(data)
        said = refused(lambda: Identity.load(place))
        path.write_bytes(whole)
        path.chmod(0o600)
        return said

    assert "damaged" in broken(place / "identity.json", b"{")
    assert "damaged" in broken(place / "identity.json", b"[]")
    assert "not there" in broken(place / "identity.json", b'{"current": "../../etc"}')
    assert "no address" in broken(
        place / "identity.json", b'{"current": "%s", "time_stamp": "ftp://x"}' % made.key_id.encode()
    )
    for name in ("chain.pem", "root.pem", "key.pem", "watermark.key"):
        assert broken(pair / name, b"x" * 31)
        assert broken(pair / name, None) if name != "root.pem" else True
    Identity.load(place)
    (pair / "key.pem").chmod(0o640)
    assert "chmod 600" in refused(lambda: Identity.load(place))


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert "cannot be made" in refused(lambda: Identity.create(tmp_path / "file" / "trust"))
    assert "no address" in refused(lambda: Identity.create(tmp_path / "a", time_stamp="time.example"))
    assert not list((tmp_path / "a").rglob("*.pem"))


def test_an_identity_can_be_made_where_files_cannot_be_linked(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(source: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", none)
    made = Identity.create(place)
    assert Identity.load(place).key_id == made.key_id
    assert "already" in refused(lambda: Identity.create(place))


def test_the_time_stamp_authority_can_be_changed_and_taken_away(place: Path) -> None:
    Identity.create(place)
    assert Identity.stamp("https://time.example", place).time_stamp == "https://time.example"
    assert "no address" in refused(lambda: Identity.stamp("time.example", place))
    assert Identity.load(place).time_stamp == "https://time.example"
    assert Identity.stamp(None, place).time_stamp is None


def test_what_is_shown_is_public(place: Path) -> None:
    made = Identity.create(place)
    told = json.dumps(made.as_json())
    assert made.key_id in told
    assert "PRIVATE" not in told
    assert made.watermark_key.hex() not in told
    assert made.as_json()["trusted"] == [f"Soramame local root {made.as_json()['trusted'][0][-8:]}"]
