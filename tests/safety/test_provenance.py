from __future__ import annotations

import dataclasses
import json
import struct
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from c2pa import Reader
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from soramame.errors import MediaError, OptionError, OutputError, TrustError
from soramame.media import Clip
from soramame.media.write import write
from soramame.safety import certificates, provenance
from soramame.safety.certificates import PrivateKey
from soramame.safety.identity import Command, Identity, Trust, add_root
from soramame.safety.manifest import COMPOSITE, PAINTED, hidden, words_sha256
from soramame.safety.provenance import Credentials, Signed, Source, State, Statement, files_of, read, sign
from tests.safety.authority import Authority
from tests.safety.signed import KINDS, RECIPE, box, chunk, clip, flipped, frames, made, photographed


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_signed_is_read_back_and_the_picture_is_the_same(me: Identity, tmp_path: Path, kind: str) -> None:
    path = clip(tmp_path / f"a{kind}")
    before = Clip.load(path)
    done = sign(path, Statement.of(RECIPE, watermark="00ff10"), me)
    after = Clip.load(path)
    assert np.array_equal(after.frames, before.frames)
    assert after.metadata == before.metadata
    found = read(path, me.trust)
    assert found.state is State.TRUSTED
    assert (found.signer, found.organisation) == (me.name, "Soramame")
    assert (found.task, found.recipe, found.watermark) == ("generate", RECIPE, "00ff10")
    assert (found.title, found.generator) == (path.name, "Soramame 0.1.0")
    assert [action.name for action in found.actions] == ["c2pa.created", "c2pa.watermarked.bound"]
    assert (found.actions[0].agent, found.actions[0].model) == ("Soramame 0.1.0", "mame")
    assert found.actions[0].source_type == "trainedAlgorithmicMedia"
    assert found.signed_at is not None
    assert abs(found.signed_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert not found.time_stamped
    assert found.what == ()
    assert found.beside == (kind == ".webm")
    assert done.sidecar == (path.with_suffix(".c2pa") if kind == ".webm" else None)
    assert json.loads(json.dumps(found.as_json()))["state"] == "trusted"


def test_of_a_series_that_something_is_made_from_the_worst_is_told(me: Identity, tmp_path: Path) -> None:
    write(tmp_path / "s.png", frames(0, 3), 8, RECIPE)
    sign(tmp_path / "s.png", Statement(recipe=RECIPE), me)
    series = Source(path=tmp_path / "s.png")  # the name under which a clip is loaded from it
    sign(clip(tmp_path / "a.mp4"), Statement(recipe=RECIPE, task="extend"), me, ingredients=[series])
    assert [one.state for one in read(tmp_path / "a.mp4", me.trust).ingredients] == [State.TRUSTED]
    flipped(tmp_path / "s-0002.png").replace(tmp_path / "s-0002.png")
    done = sign(clip(tmp_path / "b.mp4"), Statement(recipe=RECIPE, task="extend"), me, ingredients=[series])
    (told,) = read(tmp_path / "b.mp4", me.trust).ingredients
    assert (told.title, told.state) == ("s-0002.png", State.TAMPERED)
    assert done.notes[0].startswith("s-0002.png: ")


def test_a_statement_that_may_be_another_files_is_not_overwritten(me: Identity, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"a photograph")
    (tmp_path / "a.c2pa").write_bytes(b"its statement")
    path = made(tmp_path / "a.webm", me)
    assert (tmp_path / "a.c2pa").read_bytes() == b"its statement"
    assert read(path, me.trust).state is State.TRUSTED
    made(tmp_path / "a.webm", me, seed=1)  # and once more, into the same place
    assert read(path, me.trust).state is State.TRUSTED
    alone = made(tmp_path / "b.webm", me)
    made(alone, me, seed=1)
    assert read(alone, me.trust).state is State.TRUSTED
    assert not (tmp_path / "b.webm.c2pa").exists()


@pytest.mark.parametrize(
    ("task", "count", "names", "relations"),
    [
        ("generate", 0, ["created"], []),
        ("image", 1, ["created"], ["inputTo"]),
        ("remix", 1, ["created"], ["inputTo"]),
        ("extend backward", 1, ["opened", "edited"], ["parentOf"]),
        ("loop", 1, ["opened", "edited"], ["parentOf"]),
        ("inpaint", 1, ["opened", "edited"], ["parentOf"]),
        ("upres", 1, ["opened", "edited"], ["parentOf"]),
        ("blend", 2, ["opened", "edited", "placed"], ["parentOf", "componentOf"]),
        ("fill", 2, ["opened", "edited", "placed"], ["parentOf", "componentOf"]),
        ("fill missing", 1, ["opened", "edited"], ["parentOf"]),
        ("extend", 0, ["created"], []),
    ],
)
def test_a_task_is_told_in_the_standards_actions(
    me: Identity, tmp_path: Path, task: str, count: int, names: list[str], relations: list[str]
) -> None:
    sources = [made(tmp_path / f"source{number}.webp", me, seed=number + 1) for number in range(count)]
    found = read(made(tmp_path / "a.mp4", me, *sources, task=task), me.trust)
    assert found.state is State.TRUSTED
    assert [action.name for action in found.actions] == [f"c2pa.{name}" for name in names]
    assert [one.relationship for one in found.ingredients] == relations
    assert [one.title for one in found.ingredients] == [source.name for source in sources]
    assert all(one.state is State.TRUSTED for one in found.ingredients)
    kind = next(action.source_type for action in found.actions if action.source_type)
    edits = task.split()[0] in ("extend", "fill", "loop", "blend", "inpaint", "upres")
    assert kind == (COMPOSITE if edits else PAINTED).rpartition("/")[2]


def test_each_kind_of_source_is_told_with_what_it_was_found_to_be(
    me: Identity, stranger: Identity, tmp_path: Path
) -> None:
    def one(source: Path) -> tuple[Signed, Credentials]:
        path = clip(tmp_path / "out.mp4", seed=9)
        done = sign(path, Statement(recipe=RECIPE, task="remix"), me, ingredients=[Source(path=source, title="it")])
        found = read(path, me.trust)
        assert found.state is State.TRUSTED
        assert found.ingredients[0].title == "it"
        return done, found

    good, bare = made(tmp_path / "a.mp4", me), clip(tmp_path / "bare.webm")
    photograph = tmp_path / "p.jpg"
    photographed(photograph)
    garbage, torn = tmp_path / "garbage.mp4", tmp_path / "torn.png"
    garbage.write_bytes(b"\0\0\0\x18ftypisom" + bytes(range(256)))
    whole = made(tmp_path / "b.png", me).read_bytes()
    statement = chunk(whole, b"caBX")
    bad = statement[:4] + (statement[4:60] + b"\xff" * 40 + statement[100:-4])
    torn.write_bytes(whole.replace(statement, bad + struct.pack(">I", zlib.crc32(bad[4:]))))
    table = [
        (good, State.TRUSTED),
        (made(tmp_path / "s.mp4", stranger), State.UNKNOWN),
        (made(tmp_path / "w.webm", me), State.TRUSTED),
        (made(tmp_path / "sw.webm", stranger), State.UNKNOWN),
        (bare, State.NONE),
        (photograph, State.NONE),
        (flipped(good), State.TAMPERED),
        (flipped(made(tmp_path / "x.webm", me)), State.TAMPERED),
        (torn, State.TAMPERED),
        (garbage, State.UNREADABLE),
    ]
    for source, state in table:
        done, found = one(source)
        assert found.ingredients[0].state is state, source
        assert bool(done.notes) == (state in (State.TAMPERED, State.UNREADABLE)), source
        assert ("tampered with before" in found.reason) == (state is State.TAMPERED), source


def test_what_was_tampered_with_long_ago_is_still_told(me: Identity, tmp_path: Path) -> None:
    changed = flipped(made(tmp_path / "a.mp4", me))
    second = made(tmp_path / "b.mp4", me, changed, task="remix", seed=1)
    third = clip(tmp_path / "c.mp4", seed=2)
    done = sign(third, Statement(recipe=RECIPE, task="extend"), me, ingredients=[Source(path=second)])
    assert "changed.mp4 had been tampered with" in done.notes[0]
    found = read(third, me.trust)
    assert found.state is State.TRUSTED
    assert "changed.mp4 had been tampered with" in found.reason
    parent = found.ingredients[0]
    assert (parent.state, parent.ingredients[0].state) == (State.TRUSTED, State.TAMPERED)


def test_sources_of_a_file_that_is_not_trusted_are_not_trusted_either(
    me: Identity, stranger: Identity, tmp_path: Path
) -> None:
    mine = made(tmp_path / "a.mp4", me)
    friend = dataclasses.replace(stranger, trust=Trust(roots=(*stranger.trust.roots, *me.trust.roots)))
    foreign = made(tmp_path / "b.mp4", friend, mine, task="remix", seed=1)
    assert read(foreign, friend.trust).ingredients[0].state is State.TRUSTED
    found = read(foreign, me.trust)
    assert found.state is State.UNKNOWN
    assert found.ingredients[0].state is State.UNKNOWN


def test_signing_again_is_refused_since_it_would_launder(me: Identity, tmp_path: Path) -> None:
    for kind in (".mp4", ".png", ".gif", ".webp"):
        path = flipped(made(tmp_path / f"a{kind}", me))
        before = path.read_bytes()
        with pytest.raises(TrustError, match="already"):
            sign(path, Statement(recipe=RECIPE), me)
        assert path.read_bytes() == before


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_lost_when_signing_fails(me: Identity, tmp_path: Path, kind: str) -> None:
    path = clip(tmp_path / f"a{kind}")
    before = path.read_bytes()

    broken = dataclasses.replace(me, key=Command(arguments=("/nowhere/sign",)))
    with pytest.raises(TrustError, match="signing command '/nowhere/sign' cannot be run"):
        sign(path, Statement(recipe=RECIPE), broken)
    away = dataclasses.replace(me, time_stamp="http://127.0.0.1:9")
    with pytest.raises(TrustError, match=r"time-stamp authority http://127\.0\.0\.1:9"):
        sign(path, Statement(recipe=RECIPE), away)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_a_key_that_is_not_the_certificates_signs_nothing(me: Identity, stranger: Identity, tmp_path: Path) -> None:
    path = clip(tmp_path / "a.mp4")
    before = path.read_bytes()
    with pytest.raises(TrustError, match="could not be signed"):
        sign(path, Statement(recipe=RECIPE), dataclasses.replace(me, key=stranger.key))
    assert path.read_bytes() == before


def test_what_cannot_be_signed_is_told(me: Identity, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be read"):
        sign(tmp_path / "none.mp4", Statement(recipe=RECIPE), me)
    with pytest.raises(MediaError, match="cannot be read"):
        sign(clip(tmp_path / "a.mp4"), Statement(recipe=RECIPE), me, ingredients=[Source(path=tmp_path / "none.mp4")])
    torn = tmp_path / "torn.png"
    torn.write_bytes(clip(tmp_path / "b.png").read_bytes()[:200])
    with pytest.raises(TrustError, match="damaged"):
        sign(torn, Statement(recipe=RECIPE), me)


@pytest.mark.parametrize("mark", ["", "0", "XY", "00 ff"])
def test_a_watermark_is_told_as_hex_digits(mark: str) -> None:
    with pytest.raises(OptionError, match="hex"):
        Statement(recipe={}, watermark=mark)


@pytest.mark.parametrize("recipe", [{"a": object()}, {"a": float("nan")}, {"a": b"bytes"}])
def test_a_recipe_has_to_be_json(recipe: dict[str, Any]) -> None:
    with pytest.raises(OptionError, match="JSON"):
        Statement(recipe=recipe)


def test_a_prompt_can_be_hidden_and_still_be_proved(me: Identity, tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", frames(), 8, {})
    sign(path, Statement.of(hidden(RECIPE)), me)
    data = path.read_bytes()
    for words in (RECIPE["prompt"], "it rains"):
        assert words.encode() not in data
        assert words.encode("unicode-escape") not in data
    recipe = read(path, me.trust).recipe or {}
    assert recipe["prompt_sha256"] == words_sha256(RECIPE["prompt"])
    assert recipe["events_sha256"] == words_sha256(RECIPE["events"])
    assert recipe["seed"] == 7
    assert "prompt" not in recipe


def test_every_picture_of_a_series_is_signed(me: Identity, tmp_path: Path) -> None:
    first = write(tmp_path / "a.png", frames(0, 3), 8, RECIPE)
    assert sign(first, Statement(recipe=RECIPE), me).path == first
    files = files_of(first)
    assert files == files_of(tmp_path / "a.png") == [tmp_path / f"a-000{n}.png" for n in (1, 2, 3)]
    for number, file in enumerate(files, 1):
        assert read(file, me.trust).state is State.TRUSTED
        with file.open("rb") as data:
            told = json.loads(Reader("image/png", data).json())
        data_of = told["manifests"][told["active_manifest"]]["assertions"][1]["data"]
        assert (data_of["frame"], data_of["frames"]) == (number, 3)
    assert files_of(files[1]) == [files[1]]
    assert Clip.load(tmp_path / "a.png").frames.shape[0] == 3


def test_permissions_and_links_stay_as_they_were(me: Identity, tmp_path: Path) -> None:
    path, link = clip(tmp_path / "a.mp4"), tmp_path / "link.mp4"
    path.chmod(0o640)
    link.symlink_to(path)
    sign(link, Statement(recipe=RECIPE), me)
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert read(link, me.trust).state is State.TRUSTED
    path, link = clip(tmp_path / "b.webm"), tmp_path / "link.webm"
    link.symlink_to(path)
    assert sign(link, Statement(recipe=RECIPE), me).sidecar == tmp_path / "b.c2pa"
    assert read(link, me.trust).state is read(path, me.trust).state is State.TRUSTED


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP384R1()),
        ed25519.Ed25519PrivateKey.generate(),
        rsa.generate_private_key(65537, 2048),
    ],
    ids=["es384", "ed25519", "ps256"],
)
def test_an_operators_key_of_any_kind_signs_a_file(tmp_path: Path, key: PrivateKey) -> None:
    (tmp_path / "operator").mkdir()
    operator = Authority(tmp_path / "operator")
    identity = Identity.adopt(tmp_path / "trust", chain=operator.chain(operator.leaf(key)), key=operator.key(key))
    path = made(tmp_path / "a.mp4", identity)
    found = read(path, identity.trust)
    assert (found.state, found.signer) == (State.UNKNOWN, "A studio")
    add_root(operator.folder / "root.pem", identity.folder)
    assert read(path, Trust.load(identity.folder)).state is State.TRUSTED


def test_every_way_of_signing_ends_in_a_file_that_is_read(me: Identity, tmp_path: Path) -> None:
    """A key behind a command, as a key management service's client is called."""
    key = me.folder / "keys" / me.key_id / "key.pem"
    lines = (
        "import sys",
        "from cryptography.hazmat.primitives import hashes",
        "from cryptography.hazmat.primitives.asymmetric import ec",
        "from cryptography.hazmat.primitives.serialization import load_pem_private_key",
        "key = load_pem_private_key(open(sys.argv[1], 'rb').read(), None)",
        "sys.stdout.buffer.write(key.sign(sys.stdin.buffer.read(), ec.ECDSA(hashes.SHA256())))",
    )
    chain = tmp_path / "chain.pem"
    chain.write_bytes(certificates.pem(me.chain))
    command = [sys.executable, "-c", "\n".join(lines), str(key)]
    behind = Identity.adopt(tmp_path / "trust", chain=chain, command=command)
    assert read(made(tmp_path / "a.mp4", behind), me.trust).state is State.TRUSTED


def test_a_large_file_is_hashed_in_pieces_and_a_changed_bit_is_told(
    me: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provenance, "LARGE", 1000)
    monkeypatch.setattr(provenance, "PIECE_KB", 4)
    path = made(tmp_path / "a.mp4", me)
    assert read(path, me.trust).state is State.TRUSTED
    data = path.read_bytes()
    start, end = box(data, b"mdat")
    for at in (start + 8, (start + end) // 2, end - 1, box(data, b"moov")[0] + 100):
        found = read(flipped(path, at), me.trust)
        assert found.state is not State.TRUSTED, at
        assert "content" in found.what, at


def test_a_series_is_signed_whole_or_not_at_all(me: Identity, tmp_path: Path) -> None:
    first = write(tmp_path / "a.png", frames(0, 3), 8, RECIPE)
    files = files_of(first)
    files[1].write_bytes(files[1].read_bytes()[:100])
    before = [file.read_bytes() for file in files]
    with pytest.raises(TrustError, match="damaged"):
        sign(first, Statement(recipe=RECIPE), me)
    assert [file.read_bytes() for file in files] == before
    assert len(list(tmp_path.iterdir())) == 3


def test_several_are_signed_at_once(me: Identity, tmp_path: Path) -> None:
    paths = [clip(tmp_path / f"{number}.mp4") for number in range(12)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda path: sign(path, Statement(recipe={"of": path.name}), me), paths))
    assert [(read(path, me.trust).state, read(path).recipe) for path in paths] == [
        (State.TRUSTED, {"of": path.name}) for path in paths
    ]
