"""The invisible watermark: it is read after what files go through, by its key alone, and nobody sees it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from soramame.errors import MediaError, OptionError
from soramame.media import Clip, psnr
from soramame.safety.code import Payload
from soramame.safety.watermark import Watermark
from soramame.safety.watermark_read import Found, read, segments, sizes_before

Frames = NDArray[np.uint8]
OURS, THEIRS = Watermark(b"a secret of the tests"), Watermark(b"another secret of theirs")
PAYLOAD, OTHER = Payload.of(3, "first job"), Payload.of(4, "second job")


def scene(count: int = 12, size: tuple[int, int] = (160, 256), seed: int = 0) -> Frames:
    """A sky that gets lighter, a hill, rough ground and a ball that rolls: flat, textured and moving at once."""
    height, width = size
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    sky = np.stack([90 + 0.4 * y, 150 + 0.3 * y, 235 - 0.1 * y], -1)
    sky[y > height * 0.55 + 12 * np.sin(x / 30)] = (70, 150, 90)
    rough = random.normal(0, 9, (height, width, 1)).astype(np.float32)
    sky = np.where((y > height * 0.8)[..., None], np.array([150, 110, 70]) + rough, sky)
    made = np.repeat(sky[None], count, 0)
    for number, frame in enumerate(made):
        frame[np.hypot(y - height * 0.6, x - width * 0.2 - 4 * number) < height / 8] = (210, 40, 50)
    return made.round().clip(0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def marked() -> Frames:
    return OURS.mark(scene(), PAYLOAD)


def coded(frames: Frames, crf: int) -> Frames:
    """As x264 leaves them."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=8, options={"crf": str(crf), "threads": "1"})
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = "yuv420p"
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")))
        container.mux(stream.encode(None))
    file.seek(0)
    with av.open(file, "r") as source:
        pictures: list[Frames] = [frame.to_ndarray(format="rgb24").astype(np.uint8) for frame in source.decode(video=0)]
    return np.stack(pictures)


def each(frames: Frames, change: Callable[[Image.Image], Image.Image]) -> Frames:
    """Every frame changed as a picture."""
    return np.stack([np.asarray(change(Image.fromarray(frame))) for frame in frames])


def scaled(frames: Frames, width: int, height: int) -> Frames:
    """In another size."""
    return each(frames, lambda picture: picture.resize((width, height), Image.Resampling.BICUBIC))


def says(frames: Frames, *keys: Watermark) -> Payload | None:
    """What is read with the keys, or with ours."""
    found = read([frames], keys or [OURS])
    return found.payload if found else None


def test_a_file_of_ours_is_read(marked: Frames, tmp_path: Path) -> None:
    clip = Clip.load(Clip(frames=marked, fps=8).save(tmp_path / "clip.mp4"))
    found = read([clip.frames], [THEIRS, OURS])
    assert found is not None
    assert (found.payload, found.key, found.frames, found.mirrored, found.also) == (PAYLOAD, 1, 12, False, ())
    assert found.scale == 1
    assert 0.7 < found.confidence <= 1


@pytest.mark.parametrize(
    "attack",
    [
        pytest.param(lambda frames: coded(frames, 28), id="crf 28"),
        pytest.param(lambda frames: frames[5:6], id="one frame"),
        pytest.param(lambda frames: coded(frames[:, :, ::-1], 23), id="mirrored"),
        pytest.param(lambda frames: coded(frames[:, 21:141, 30:222], 23), id="three quarters of the sides"),
        pytest.param(lambda frames: coded(scaled(frames, 192, 120), 20), id="three quarters of the size"),
        pytest.param(lambda frames: coded(scaled(frames, 128, 80), 23), id="half the size"),
        pytest.param(lambda frames: coded(scaled(frames[:6], 384, 240), 23), id="larger by a half"),
        pytest.param(
            lambda frames: each(frames, lambda picture: picture.rotate(0.7, Image.Resampling.BICUBIC)), id="turned"
        ),
        pytest.param(lambda frames: coded((255 * (frames / 255) ** 1.3).astype(np.uint8), 23), id="darker"),
        pytest.param(lambda frames: coded(frames[:6].repeat(4, 0), 23), id="frames repeated"),
    ],
)
def test_it_survives(marked: Frames, attack: Callable[[Frames], Frames]) -> None:
    assert says(attack(marked)) == PAYLOAD


def test_flat_areas_have_less_of_it_than_rough_ones_and_neighbours_of_edges_no_more_than_flat_ones() -> None:
    """What a picture does not hide stays below a level; at twice the strength it was seen."""
    clip = scene(1)
    left = (
        OURS.mark(clip, PAYLOAD)[0, ..., 1].astype(float) - clip[0, ..., 1]
    )  # green has the pattern of brightness alone
    sky, rough = left[:60, 120:], left[136:]
    assert sky.std() < 0.9
    assert rough.std() > 2 * sky.std()


@pytest.mark.parametrize(
    ("size", "before"),
    [((120, 192), (160, 256)), ((80, 128), (160, 256)), ((96, 96), (128, 128)), ((180, 320), (288, 512))],
)
def test_the_size_that_a_smaller_copy_had_is_among_those_tried(size: tuple[int, int], before: tuple[int, int]) -> None:
    assert before in sizes_before(size)
    assert size not in sizes_before(size)
    assert len(sizes_before(size)) < 30


def test_how_it_was_changed_is_told(marked: Frames) -> None:
    found = read([scaled(marked[:4], 320, 200)[:, :, ::-1]], [OURS])
    assert found is not None
    assert found.mirrored
    assert found.scale == pytest.approx(1.25, rel=0.01)
    assert found.angle == pytest.approx(0, abs=0.2)


@pytest.mark.parametrize("size", [(128, 128), (64, 256), (241, 163), (288, 512)])
def test_every_size_can_be_marked(size: tuple[int, int]) -> None:
    assert says(OURS.mark(scene(2, size), PAYLOAD)) == PAYLOAD


def test_large_pictures_have_a_larger_pattern() -> None:
    found = read([OURS.mark(scene(1, (720, 1280)), PAYLOAD)], [OURS])
    assert found is not None
    assert (found.payload, found.scale) == (PAYLOAD, 2)


def test_what_has_no_mark_or_anothers_is_not_read(marked: Frames) -> None:
    assert says(scene(4)) is None
    assert says(marked[:4], THEIRS) is None


@pytest.mark.parametrize("value", [0, 128, 255])
def test_one_colour_is_no_mark(value: int) -> None:
    assert says(np.full((2, 128, 128, 3), value, np.uint8)) is None


@pytest.mark.parametrize("kind", ["scene", "flat", "black", "noise"])
def test_nobody_sees_it(kind: str) -> None:
    random = np.random.default_rng(0)
    frames = {
        "scene": scene(),
        "flat": np.full((3, 160, 256, 3), (120, 170, 220), np.uint8),
        "black": np.zeros((3, 160, 256, 3), np.uint8),
        "noise": random.integers(0, 256, (3, 160, 256, 3)).astype(np.uint8),
    }[kind]
    made = OURS.mark(frames, PAYLOAD)
    assert min(psnr(one, other) for one, other in zip(frames, made, strict=True)) > 42.5
    assert np.abs(made.astype(int) - frames).max() <= 16


def test_what_stands_still_stays_still() -> None:
    """No flicker: the same frame is marked in the same way, however often and after whatever."""
    still = np.repeat(scene(1), 3, 0)
    made = OURS.mark(np.concatenate([scene(2, seed=1), still]), PAYLOAD)[2:]
    assert (made == made[0]).all()
    assert (made != still).any()


def test_chunks_are_marked_as_the_whole_is(marked: Frames) -> None:
    frames = scene()
    pieces = [OURS.mark(frames[start:stop], PAYLOAD) for start, stop in ((0, 1), (1, 8), (8, 12))]
    np.testing.assert_array_equal(np.concatenate(pieces), marked)
    np.testing.assert_array_equal(frames, scene())  # and the source is left alone


def test_chunks_are_read_as_the_whole_is(marked: Frames) -> None:
    whole, pieces = read([marked], [OURS]), read(iter([marked[:5], marked[5:]]), [OURS])
    assert whole == pieces


def test_of_a_long_file_fewer_frames_are_read() -> None:
    frames = OURS.mark(scene(1, (128, 128)), PAYLOAD).repeat(500, 0)
    found = read([frames], [OURS])
    assert found is not None
    assert found.frames == 96 + 48 + 48 + 15  # of 96, 96, 192 and the last 116 frames


def test_a_second_mark_is_read_and_the_first_too(marked: Frames) -> None:
    found = read([OURS.mark(marked, OTHER)], [OURS])
    assert isinstance(found, Found)
    assert {found.payload, *found.also} == {PAYLOAD, OTHER}


def test_a_mark_can_be_taken_off(marked: Frames) -> None:
    again = OURS.unmark(marked, PAYLOAD)
    assert says(again) is None
    assert psnr(again, scene()) > psnr(marked, scene()) + 6
    with pytest.raises(MediaError, match="have to be uint8"):
        OURS.unmark(marked[0], PAYLOAD)


def test_parts_of_a_file_are_told_apart(marked: Frames) -> None:
    both = np.concatenate([marked[:6], OURS.mark(scene(6), OTHER), scene(3)])
    parts = segments(iter(np.array_split(coded(both, 20), 4)), [OURS], window=3)
    told = [(part.start, part.stop, part.found.payload if part.found else None) for part in parts]
    assert told == [(0, 6, PAYLOAD), (6, 12, OTHER), (12, 15, None)]
    assert parts[0].found is not None
    assert parts[0].found.frames == 6


def test_parts_of_a_changed_file_are_told_apart(marked: Frames) -> None:
    both = np.concatenate([marked[:6], OURS.mark(scene(6), OTHER)])[:, 10:150, 20:240]
    parts = segments([both], [OURS], window=3)
    assert [(part.start, part.stop, part.found and part.found.payload) for part in parts] == [
        (0, 6, PAYLOAD),
        (6, 12, OTHER),
    ]


def test_other_keys_have_other_patterns() -> None:
    one, other = (mark.tile.pictures(PAYLOAD, 1) for mark in (OURS, THEIRS))
    assert abs(float((one * other).mean())) < 0.1
    np.testing.assert_allclose(one.std((1, 2)), 1, rtol=1e-4)


@pytest.mark.parametrize(
    ("frames", "said"),
    [
        (np.zeros((2, 128, 128, 3), np.float32), "have to be uint8"),
        (np.zeros((128, 128, 3), np.uint8), "have to be uint8"),
        (np.zeros((2, 128, 128, 4), np.uint8), "have to be uint8"),
        (np.zeros((0, 128, 128, 3), np.uint8), "no frames"),
        (np.zeros((1, 63, 128, 3), np.uint8), "too small for a watermark"),
    ],
)
def test_frames_that_cannot_be_marked_are_told(frames: Frames, said: str) -> None:
    with pytest.raises(MediaError, match=said):
        OURS.mark(frames, PAYLOAD)
    with pytest.raises(MediaError, match=said):
        read([frames], [OURS])


def test_other_mistakes_are_told(marked: Frames) -> None:
    with pytest.raises(OptionError, match="at least 16 secret bytes"):
        Watermark(b"short")
    with pytest.raises(OptionError, match="without a key"):
        read([marked], [])
    with pytest.raises(MediaError, match="no frames"):
        read([], [OURS])
    with pytest.raises(MediaError, match="no frames"):
        segments([], [OURS])
    with pytest.raises(MediaError, match="of one size"):
        read([marked, marked[:, :100]], [OURS])
    with pytest.raises(OptionError, match="at least one frame"):
        segments([marked], [OURS], window=0)
