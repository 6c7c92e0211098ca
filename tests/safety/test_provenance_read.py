from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import av
import pytest
from c2pa import Builder, C2paSigningAlg, Context, Signer
from cryptography.hazmat.primitives.serialization import Encoding

from soramame.errors import MediaError, SoramameError
from soramame.media import Clip
from soramame.media.write import write
from soramame.safety import certificates
from soramame.safety.identity import Identity, Trust, add_root
from soramame.safety.manifest import PAINTED
from soramame.safety.provenance import Source, State, Statement, read, sign
from tests.safety.authority import ending, reissued, wait_for_the_end
from tests.safety.signed import KINDS, RECIPE, chunk, clip, flipped, frames, made


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_trusted_by_those_who_do_not_know_him(
    me: Identity, stranger: Identity, tmp_path: Path, kind: str
) -> None:
    path = made(tmp_path / f"a{kind}", me)
    for trust in (None, Trust(), stranger.trust):
        found = read(path, trust)
        assert found.state is State.UNKNOWN
        assert "not in the trust list" in found.reason
        assert found.recipe == RECIPE


def test_a_root_that_is_added_is_trusted_from_then_on(me: Identity, stranger: Identity, tmp_path: Path) -> None:
    path, root = made(tmp_path / "a.mp4", stranger), tmp_path / "root.pem"
    root.write_text(stranger.root_pem or "")
    mine = Identity.create(tmp_path / "trust")
    assert read(path, mine.trust).state is State.UNKNOWN
    add_root(root, mine.folder)
    assert read(path, Identity.load(mine.folder).trust).state is State.TRUSTED


def test_a_signer_cannot_take_anothers_name(me: Identity, tmp_path: Path) -> None:
    """Certificates that say exactly what mine say, down to the serial number's place, with other keys."""
    forger = Identity.create(tmp_path / "forger")
    forger = reissued(forger, me.name, datetime.now(UTC))
    found = read(made(tmp_path / "a.mp4", forger), me.trust)
    assert found.signer == me.name
    assert found.state is State.UNKNOWN


@pytest.mark.parametrize("kind", KINDS)
def test_changed_content_is_told(me: Identity, tmp_path: Path, kind: str) -> None:
    found = read(flipped(made(tmp_path / f"a{kind}", me)), me.trust)
    assert (found.state, found.what) == (State.TAMPERED, ("content",))
    assert "content" in found.reason
    assert me.name in found.reason


def test_bytes_put_behind_or_into_free_space_are_told(me: Identity, tmp_path: Path) -> None:
    path = made(tmp_path / "a.mp4", me)
    whole = path.read_bytes()
    for added in (b"\0\0\0\x10free" + b"secrets!", b"\0\0\0\x08free", b"\0\0\0\x10skip" + b"secrets!", b"x"):
        path.write_bytes(whole + added)
        assert read(path, me.trust).state in (State.TAMPERED, State.UNREADABLE)


def test_a_changed_statement_is_told(me: Identity, tmp_path: Path) -> None:
    path = made(tmp_path / "a.mp4", me)
    whole = path.read_bytes()
    path.write_bytes(whole.replace("豆の木".encode(), "竹の木".encode(), 1))
    assert whole.count("豆の木".encode()) == 1  # the file's own metadata has it as escapes
    found = read(path, me.trust)
    assert (found.state, found.what) == (State.TAMPERED, ("claim",))


def test_another_signature_or_certificate_is_told(me: Identity, tmp_path: Path) -> None:
    path = made(tmp_path / "a.png", me)
    whole = bytearray(path.read_bytes())
    leaf = whole.index(me.chain[0].public_bytes(Encoding.DER))
    seen: set[str] = set()
    for at in (leaf + 40, leaf + 200, leaf + 300, leaf + 330):
        changed = bytearray(whole)
        changed[at] ^= 1
        path.write_bytes(changed)
        found = read(path, me.trust)
        assert found.state is State.TAMPERED
        seen.update(found.what)
    assert seen <= {"signature", "certificate", "claim"}
    assert "signature" in seen


def test_a_certificate_that_ended_without_a_time_stamp_is_told(tmp_path: Path) -> None:
    brief = ending(Identity.create(tmp_path / "brief"))
    path = made(tmp_path / "a.png", brief)
    assert read(path, brief.trust).state is State.TRUSTED
    wait_for_the_end(brief)
    found = read(path, brief.trust)
    assert (found.state, found.what) == (State.TAMPERED, ("expired",))
    assert "time stamp" in found.reason


def test_a_file_without_credentials_says_whether_it_looks_like_ours(tmp_path: Path) -> None:
    found = read(clip(tmp_path / "a.mp4"))
    assert found.state is State.NONE
    assert "Soramame made it" in found.reason
    found = read(write(tmp_path / "b.png", frames(0, 1), 8, {}))
    assert found.state is State.NONE
    assert "Soramame" not in found.reason


@pytest.mark.parametrize("kind", KINDS)
def test_stripped_is_told_from_tampered(me: Identity, tmp_path: Path, kind: str) -> None:
    path = made(tmp_path / f"a{kind}", me)
    match kind:
        case ".webm":
            path.with_suffix(".c2pa").unlink()
        case ".mp4":
            other = tmp_path / "b.mp4"
            with av.open(str(path)) as old, av.open(str(other), "w") as new:
                new.metadata["comment"] = old.metadata["comment"]
                stream = new.add_stream_from_template(old.streams.video[0])
                for packet in old.demux(video=0):
                    packet.stream = stream
                    if packet.dts is not None:
                        new.mux(packet)
            path = other
        case _:
            Clip.load(path).save(path)
    found = read(path, me.trust)
    assert found.state is State.NONE
    assert ("missing" if kind == ".webm" else "removed") in found.reason


def test_credentials_of_another_file_are_told(me: Identity, tmp_path: Path) -> None:
    """As another clip's where the recipes differ; else as content that is not what was signed."""
    donor = made(tmp_path / "a.png", me).read_bytes()
    for prompt, what in (("a cloud", ("content", "another file")), (RECIPE["prompt"], ("content",))):
        path = clip(tmp_path / "b.png", seed=1, prompt=prompt)
        data = path.read_bytes()
        path.write_bytes(data[:33] + chunk(donor, b"caBX") + data[33:])
        found = read(path, me.trust)
        assert (found.state, found.what) == (State.TAMPERED, what)
        assert ("another clip" in found.reason) == (prompt == "a cloud")


def test_a_statement_beside_another_file_is_told(me: Identity, tmp_path: Path) -> None:
    made(tmp_path / "a.webm", me)
    statement = (tmp_path / "a.c2pa").read_bytes()
    other = clip(tmp_path / "b.webm", seed=1)
    (tmp_path / "b.c2pa").write_bytes(statement)
    found = read(other, me.trust)
    assert (found.state, found.what, found.beside) == (State.TAMPERED, ("content",), True)
    mp4 = clip(tmp_path / "a.mp4")  # the statement beside it says that it is about a WebM file
    assert read(mp4, me.trust).state is State.NONE
    (tmp_path / "b.c2pa").write_bytes(statement[:2000])
    assert read(other, me.trust).state is State.TAMPERED
    (tmp_path / "b.c2pa").write_bytes(b"")
    assert read(other, me.trust).state in (State.TAMPERED, State.UNREADABLE)


def test_the_name_of_a_file_is_no_matter(me: Identity, tmp_path: Path) -> None:
    path = made(tmp_path / "a.mp4", me)
    renamed = path.rename(tmp_path / "holiday.png")
    assert read(renamed, me.trust).state is State.TRUSTED


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none.mp4", tmp_path, Path("a\0b")):
        with pytest.raises(MediaError, match="cannot be read"):
            read(path)
    empty = tmp_path / "empty.mp4"
    empty.write_bytes(b"")
    assert read(empty).state is State.UNREADABLE


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_done_to_the_bytes_it_is_not_trusted_or_says_the_same(
    me: Identity, tmp_path: Path, kind: str
) -> None:
    """Flips, overwritten runs, cuts, over the whole file and over the statement. Some bytes are padding that nobody reads."""
    path = made(tmp_path / f"a{kind}", me)
    target = path.with_suffix(".c2pa") if kind == ".webm" else path
    whole, truth, chance = target.read_bytes(), read(path, me.trust), random.Random(kind)
    start = whole.index(b"jumb")
    states = set()
    for number in range(80):
        data = bytearray(whole)
        at = chance.randrange(len(data)) if number % 2 else min(len(data) - 1, start + chance.randrange(4000))
        match number % 5:
            case 0 | 1 | 2:
                data[at] ^= 1 << chance.randrange(8)
            case 3:
                data[at : at + 8] = chance.randbytes(8)
            case _:
                del data[at:]
        target.write_bytes(data)
        found = read(path, me.trust)
        states.add(found.state)
        assert found == truth or found.state is not State.TRUSTED, (number, at)
        assert found.reason.endswith(".")
    assert State.TAMPERED in states


def test_no_bytes_at_all_raise_anything_else(tmp_path: Path) -> None:
    chance, path = random.Random(0), tmp_path / "a.bin"
    heads = (
        b"",
        b"\0\0\0\x18ftypisom",
        b"RIFF\xff\0\0\0WEBP",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"\x1a\x45\xdf\xa3",
        b"\xff\xd8\xff",
    )
    for number in range(210):
        path.write_bytes(heads[number % len(heads)] + chance.randbytes(chance.randrange(3000)))
        path.with_suffix(".c2pa").write_bytes(chance.randbytes(chance.randrange(300)))
        try:
            assert read(path).state not in (State.TRUSTED, State.UNKNOWN)
        except SoramameError as error:
            pytest.fail(str(error))


def test_a_strangers_words_cannot_play_with_the_terminal(stranger: Identity, tmp_path: Path) -> None:
    path = clip(tmp_path / "a.mp4")
    title = "\x1b[2J\u202egnp.exe" + "x" * 1000
    source = Source(path=clip(tmp_path / "b.mp4"), title=title)
    sign(path, Statement(recipe=RECIPE, task="\x1b[31mremix"), stranger, ingredients=[source])
    found = read(path)
    for text in (found.task, found.ingredients[0].title):
        assert text.isprintable()
        assert len(text) <= 300


def test_old_files_are_recognised_after_rotation(tmp_path: Path) -> None:
    mine = Identity.create(tmp_path / "trust")
    old = made(tmp_path / "a.mp4", mine)
    new = Identity.rotate(mine.folder)
    newest = Identity.rotate(mine.folder, new_root=True)
    for signer in (new, newest):
        if signer is newest:
            assert read(made(tmp_path / "b.mp4", newest), newest.trust).state is State.TRUSTED
        assert read(old, signer.trust).state is State.TRUSTED
    assert read(tmp_path / "b.mp4", mine.trust).state is State.UNKNOWN


def test_credentials_that_are_kept_at_an_address_are_not_fetched(me: Identity, tmp_path: Path) -> None:
    context = Context.from_dict({"version": 1, "builder": {"thumbnail": {"enabled": False}}}, _signer(me))
    action = {"action": "c2pa.created", "digitalSourceType": PAINTED}
    claim = {"assertions": [{"label": "c2pa.actions.v2", "created": True, "data": {"actions": [action]}}]}
    path = tmp_path / "b.mp4"
    with (
        clip(tmp_path / "a.mp4").open("rb") as data,
        path.open("w+b") as out,
        Builder(claim, context=context) as builder,
    ):
        builder.set_no_embed()
        builder.set_remote_url("http://127.0.0.1:9/a.c2pa")
        builder.sign("video/mp4", data, out)
    found = read(path, me.trust)
    assert found.state is State.NONE
    assert "address" in found.reason


def _signer(me: Identity) -> Signer:
    return Signer.from_callback(me.sign, C2paSigningAlg.ES256, certificates.pem(me.chain).decode())
