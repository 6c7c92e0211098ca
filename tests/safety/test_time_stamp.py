"""Time stamps by RFC 3161, from an authority that the test runs itself, with OpenSSL's command line."""

from __future__ import annotations

import http.server
import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from soramame.safety import certificates
from soramame.safety.certificates import LIFE, make_root
from soramame.safety.identity import Identity, add_root
from soramame.safety.provenance import State, read
from tests.safety.authority import ending, wait_for_the_end
from tests.safety.signed import made

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="the test's authority is OpenSSL's")
CONFIG = """[tsa]
default_tsa = it
[it]
serial = {0}/serial
signer_cert = {0}/leaf.pem
signer_key = {0}/key.pem
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a time-stamp authority and the file of its root."""
    folder = tmp_path_factory.mktemp("authority")
    now, root = datetime.now(UTC), make_root("A clock's root", datetime.now(UTC))
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A clock")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(root.certificate.subject).serial_number(5)
    builder = builder.public_key(key.public_key()).not_valid_before(now - timedelta(1)).not_valid_after(now + LIFE)
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    signed = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())
    builder = builder.add_extension(x509.KeyUsage(True, *[False] * 8), critical=True)
    builder = builder.add_extension(purpose, critical=True).add_extension(signed, critical=False)
    (folder / "leaf.pem").write_bytes(certificates.pem([builder.sign(root.key, hashes.SHA256())]))
    (folder / "root.pem").write_bytes(certificates.pem([root.certificate]))
    (folder / "key.pem").write_bytes(certificates.key_pem(key))
    (folder / "serial").write_text("01\n")
    (folder / "config").write_text(CONFIG.format(folder))

    class Clock(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            (folder / "query").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            command = ["openssl", "ts", "-reply", "-config", f"{folder}/config", "-queryfile", f"{folder}/query"]
            answer = subprocess.run(command, capture_output=True, check=True).stdout
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Clock) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", folder / "root.pem"
        server.shutdown()


def test_a_time_stamp_counts_if_its_authority_is_trusted(authority: tuple[str, Path], tmp_path: Path) -> None:
    address, root = authority
    me = Identity.create(tmp_path / "trust", time_stamp=address)
    path = made(tmp_path / "a.mp4", me)
    found = read(path, me.trust)
    assert (found.state, found.time_stamped) == (State.TRUSTED, False)
    add_root(root, me.folder)
    found = read(path, Identity.load(me.folder).trust)
    assert (found.state, found.time_stamped) == (State.TRUSTED, True)
    assert found.signed_at is not None
    assert abs(found.signed_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_stamped_file_outlives_its_certificate(authority: tuple[str, Path], tmp_path: Path) -> None:
    address, root = authority
    me = Identity.create(tmp_path / "trust", time_stamp=address)
    brief = ending(me)
    add_root(root, brief.folder)
    trust = Identity.load(brief.folder).trust
    path = made(tmp_path / "a.png", brief)
    wait_for_the_end(brief)
    assert read(path, trust).state is State.TRUSTED
