"""Whatever lies on the disk, verify says a sentence about it, soon, and calls nothing unchanged but the bytes that were signed."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soramame.errors import MediaError
from soramame.media.write import write
from soramame.safety.credentials import State
from soramame.safety.identity import Identity
from soramame.safety.provenance import Statement, read, sign
from soramame.safety.verify import Report, Verdict, verify
from tests.safety.signed import RECIPE, clip, made

KINDS = (".mp4", ".webm", ".webp", ".png", ".gif")
HEADS = (
    b"",
    b"\0\0\0\x18ftypisom",
    b"\0\0\0\x08moov",
    b"RIFF\xff\0\0\0WEBP",
    b"\x89PNG\r\n\x1a\n",
    b"GIF89a",
    b"\x1a\x45\xdf\xa3",
)
GOOD = (Verdict.OURS, Verdict.SIGNED)
AROUND = 48
"""Bytes of the box that a statement lies in. In both, names and padding are protected by nothing, and read by nobody."""
FUZZ = settings(
    max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A signed file, what its statement lies in, and what is said of it."""

    path: Path
    statement: Path
    data: bytes
    truth: Report


@pytest.fixture(scope="module")
def signed(me: Identity, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Signed]:
    """One of each kind, of pictures too small for a mark: of those verify is asked most quickly."""
    folder, found = tmp_path_factory.mktemp("signed"), {}
    pictures = np.random.default_rng(0).integers(0, 255, (2, 32, 48, 3), dtype=np.uint8)
    for kind in KINDS:
        path = write(folder / f"a{kind}", pictures[: 1 if kind == ".png" else 2], 8, RECIPE)
        sign(path, Statement(recipe=RECIPE), me)
        statement = path.with_suffix(".c2pa") if kind == ".webm" else path
        truth = verify(path, me.trust)
        assert truth.verdict in GOOD
        found[kind] = Signed(path=path, statement=statement, data=statement.read_bytes(), truth=truth)
    return found


def holds(path: Path, me: Identity) -> Report | None:
    """Verify says something that can be shown; None where it is a sentence."""
    try:
        report = verify(path, me.trust)
    except MediaError:
        return None
    assert report.reason
    assert report.credentials.reason.endswith(".")
    json.dumps(report.as_json(), default=str)
    return report


@st.composite
def changes(draw: st.DrawFn, data: bytes, others: list[bytes]) -> bytes:
    """Bytes flipped, overwritten, cut off or out, put in, moved, and pieces of another file put in."""
    made = bytearray(data)
    places = st.integers(0, len(data) - 1) | st.integers(0, min(len(data) - 1, 5000))
    for _ in range(draw(st.integers(1, 3))):
        at, length = min(draw(places), max(len(made) - 1, 0)), draw(st.integers(1, 300))
        match draw(st.sampled_from(["flip", "write", "cut", "out", "in", "move", "splice"])):
            case "flip" if made:
                made[at] ^= 1 << draw(st.integers(0, 7))
            case "write":
                made[at : at + length] = draw(st.binary(min_size=1, max_size=16))
            case "cut":
                del made[at:]
            case "out":
                del made[at : at + length]
            case "in":
                made[at:at] = draw(st.binary(min_size=1, max_size=40))
            case "move":
                piece = bytes(made[at : at + length])
                del made[at : at + length]
                made += piece
            case _:
                other = draw(st.sampled_from(others))
                made[at : at + length] = other[at : at + draw(st.integers(1, 4000))]
    return bytes(made)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_called_unchanged_but_what_was_signed(
    signed: dict[str, Signed], me: Identity, tmp_path_factory: pytest.TempPathFactory, kind: str
) -> None:
    one, others = signed[kind], [other.data for other in signed.values()]
    folder = tmp_path_factory.mktemp("changed")

    @FUZZ
    @given(changed=changes(one.data, others), beside=st.booleans())
    def check(changed: bytes, beside: bool) -> None:
        path = folder / one.path.name
        shutil.copy(one.path, path)
        (folder / one.statement.name).write_bytes(changed)
        if kind == ".webm" and not beside:  # the film is changed too
            film = bytearray(one.path.read_bytes())
            film[len(changed) % len(film)] ^= 1
            path.write_bytes(film)
        report = holds(path, me)
        if report is not None and report.verdict in GOOD:
            assert report.credentials == one.truth.credentials
            assert len(changed) == len(one.data)
            apart = [at for at in range(len(changed)) if changed[at] != one.data[at]]
            start = one.data.index(b"jumb")
            end = start + int.from_bytes(one.data[start - 4 : start])
            assert all(start - AROUND < at < end + AROUND for at in apart)

    check()


def shuffled(data: bytes, order: list[int]) -> bytes:
    """The boxes of an MP4 file in another order, or left out, or twice."""
    boxes, at = [], 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4])
        boxes.append(data[at : at + size])
        at += size
    return b"".join(boxes[number % len(boxes)] for number in order)


def test_boxes_in_another_order_are_told(signed: dict[str, Signed], me: Identity, tmp_path: Path) -> None:
    one, path = signed[".mp4"], tmp_path / "a.mp4"
    (path).write_bytes(one.data)
    count = 5

    @settings(FUZZ, max_examples=40)
    @given(order=st.lists(st.integers(0, count - 1), max_size=8))
    def check(order: list[int]) -> None:
        changed = shuffled(one.data, order)
        path.write_bytes(changed)
        report = holds(path, me)
        assert report is None or changed == one.data or report.verdict not in GOOD

    check()


@pytest.mark.parametrize("name", [b"ftyp", b"mfra", b"free", b"skip", b"uuid", b"abcd"])
def test_what_is_put_behind_or_in_the_head_is_told(
    signed: dict[str, Signed], me: Identity, tmp_path: Path, name: bytes
) -> None:
    """The standard's hash leaves ``ftyp`` and ``mfra`` out."""
    data, path = signed[".mp4"].data, tmp_path / "a.mp4"
    head = int.from_bytes(data[:4])
    added = b"\0\0\0\x18" + name + b"anything at all."
    for changed in (data + added, data[:head] + added + data[head:], added + data, data[:8] + b"avif" + data[12:]):
        path.write_bytes(changed)
        report = holds(path, me)
        assert report is None or report.verdict not in GOOD


@settings(FUZZ, max_examples=120)
@given(head=st.sampled_from(HEADS), data=st.binary(max_size=300), kind=st.sampled_from([*KINDS, ".jpg", ".c2pa", ""]))
def test_no_bytes_under_any_name_are_called_unchanged(
    me: Identity, tmp_path_factory: pytest.TempPathFactory, head: bytes, data: bytes, kind: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"bytes{kind}"
    path.write_bytes(head + data)
    report = holds(path, me)
    assert report is None or report.verdict in (Verdict.NOTHING, Verdict.UNCHECKED, Verdict.TAMPERED)
    path.unlink()


def test_a_statement_beside_that_is_none_is_told(signed: dict[str, Signed], me: Identity, tmp_path: Path) -> None:
    one, path = signed[".webm"], tmp_path / "a.webm"
    place = tmp_path / "a.c2pa"
    shutil.copy(one.path, path)
    for data in (b"", b"{}", b'{"claim": "trusted"}', signed[".mp4"].data, signed[".png"].data, one.path.read_bytes()):
        place.write_bytes(data)
        report = holds(path, me)
        assert report is not None
        assert report.credentials.state in (State.TAMPERED, State.UNREADABLE)
    place.unlink()
    place.mkdir()
    for kind in ("folder", "loop", "pipe"):
        report = holds(path, me)
        assert report is not None
        assert report.credentials.state is State.NONE
        assert "a.c2pa or a.webm.c2pa" in report.credentials.reason, kind  # where its credentials should lie
        if kind == "folder":
            place.rmdir()
            place.symlink_to(place)
        elif kind == "loop":
            place.unlink()
            os.mkfifo(place)


def test_a_statement_beside_that_may_not_be_read_is_told(
    signed: dict[str, Signed], me: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(shutil.copy(signed[".webm"].path, tmp_path))
    shutil.copy(signed[".webm"].statement, tmp_path)
    read_bytes = Path.read_bytes

    def refused(place: Path) -> bytes:
        if place.suffix == ".c2pa":
            raise PermissionError(13, "Permission denied")
        return read_bytes(place)

    monkeypatch.setattr(Path, "read_bytes", refused)
    report = holds(path, me)
    assert report is not None
    assert report.credentials.reason == "a.c2pa beside it cannot be read: Permission denied."
    assert report.verdict is Verdict.UNCHECKED


def test_a_film_without_the_statement_that_lay_beside_it_is_told_from_one_that_never_had_any(
    me: Identity, tmp_path: Path
) -> None:
    path = made(tmp_path / "a.webm", me)
    moved = path.rename(tmp_path / "b.webm")
    said = read(moved, me.trust)
    assert said.state is State.NONE
    assert "b.c2pa or b.webm.c2pa" in said.reason
    (tmp_path / "a.c2pa").rename(tmp_path / "b.webm.c2pa")
    assert read(moved, me.trust).state is State.TRUSTED
    foreign = write(tmp_path / "c.webm", np.zeros((2, 64, 96, 3), np.uint8), 8, {})
    assert "beside" not in read(foreign, me.trust).reason


def test_a_statement_beside_another_file_of_the_same_name_is_told(me: Identity, tmp_path: Path) -> None:
    path = made(tmp_path / "a.webm", me)
    clip(path, seed=1)
    said = read(path, me.trust)
    assert said.state is State.TAMPERED
    assert said.reason.startswith("a.c2pa beside it is not about it as it is now")
    path.unlink()
    said = read(clip(tmp_path / "a.mp4"), me.trust)
    assert said.state is State.NONE
    assert "a.c2pa beside it is about another file, of another kind" in said.reason


def test_what_is_no_file_is_told_at_once(me: Identity, tmp_path: Path) -> None:
    pipe, loop = tmp_path / "pipe.mp4", tmp_path / "loop.mp4"
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    for path in (
        pipe,
        loop,
        tmp_path,
        Path("/dev/zero"),
        Path("/dev/null"),
        tmp_path / "none",
        Path("a\0b"),
        Path("x" * 999),
    ):
        with pytest.raises(MediaError, match="cannot be read"):
            verify(path, me.trust)


@pytest.mark.parametrize(
    "name", ["a\nb.mp4", "\x1b[2J.mp4", "-.mp4", "豆 .mp4", "x" * 251 + ".mp4", "a.mp4.", "...", "a.c2pa"]
)
def test_any_name_is_read(signed: dict[str, Signed], me: Identity, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(signed[".mp4"].data)
    assert verify(path, me.trust).verdict in GOOD


def test_a_series_of_pictures_is_named_one_by_one(me: Identity, tmp_path: Path) -> None:
    write(tmp_path / "a.png", np.zeros((2, 64, 96, 3), np.uint8), 8, RECIPE)
    sign(tmp_path / "a.png", Statement(recipe=RECIPE), me)
    assert read(tmp_path / "a-0002.png", me.trust).state is State.TRUSTED
    with pytest.raises(MediaError, match=r"each signed by itself; name them: a-0001\.png"):
        verify(tmp_path / "a.png", me.trust)
