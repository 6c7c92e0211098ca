from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from soramame.engine import Request, Soramame, tasks
from soramame.engine.paint import held, paint
from soramame.engine.request import Frames
from soramame.errors import DurationError, OptionError, SoramameError
from soramame.flow.sample import Progress
from soramame.geometry import Size
from soramame.media import Audio, Clip, enlarge, psnr
from tests.engine.clips import moving

BOX = np.zeros((64, 128), bool)
BOX[16:40, 32:70] = True


def same(a: Frames, b: Frames) -> bool:
    return np.array_equal(a, b)


def test_missing_frames_are_painted_and_all_others_stay(sora: Soramame) -> None:
    source = moving(21)
    made = sora.mend(source, [(0, 1), (8, 12), (19, 20)], steps=1)
    kept = np.array([n for n in range(21) if n not in (0, 1, 8, 9, 10, 11, 12, 19, 20)])
    assert len(made.frames) == 21
    assert same(made.frames[kept], source.frames[kept])
    gone = np.setdiff1d(np.arange(21), kept)
    assert not any(same(made.frames[n], source.frames[n]) for n in gone)
    assert made.metadata["task"] == "fill missing"
    assert made.metadata["missing"] == [(0, 1), (8, 12), (19, 20)]


def test_missing_frames_are_counted_in_the_frames_of_the_file(sora: Soramame) -> None:
    source = moving(42, fps=16)
    made = sora.mend(source, [(16, 25)], steps=1)
    kept = [n for n in range(21) if not 16 <= 2 * n + 1 <= 25]
    assert len(made.frames) == 21
    assert same(made.frames[kept], source.frames[[2 * n + 1 for n in kept]])


@pytest.mark.parametrize("length", [3, 9])
def test_what_is_broken_is_not_looked_at(wide: Soramame, length: int) -> None:
    """Whatever the missing frames show, the result is the same; also with two gaps in one window."""
    wide.length = length
    one, gaps = moving(30), [(10, 11), (17, 20)]
    other = Clip(frames=one.frames.copy(), fps=8, metadata=one.metadata)
    for first, last in gaps:
        other.frames[first : last + 1] = 255
    mended, again = (wide.mend(clip, gaps, steps=1).frames for clip in (one, other))
    assert same(mended, again)


def test_a_missing_frame_that_the_models_rate_leaves_out_is_not_missed(sora: Soramame) -> None:
    source = moving(24, fps=24)
    made = sora.mend(source, [(0, 0)], steps=1)
    assert same(made.frames, tasks.form(sora, source).frames)
    with pytest.raises(OptionError, match="all frames"):
        sora.mend(moving(3, fps=24), [(0, 1)], steps=1)


@pytest.mark.parametrize("missing", [[(0, 20)], [(21, 22)], [(5, 4)], [(-1, 3)]])
def test_frames_that_cannot_be_missing_are_one_sentence(sora: Soramame, missing: list[tuple[int, int]]) -> None:
    with pytest.raises(OptionError, match="missing"):
        sora.mend(moving(21), missing, steps=1)


def test_one_clip_turns_into_another(sora: Soramame) -> None:
    one, two = moving(13), moving(17, first=40)
    made = sora.blend(one, two, seconds=1.0, steps=2)
    assert len(made.frames) == 13 + 17 - 8
    assert same(made.frames[:5], one.frames[:5])
    assert same(made.frames[-9:], two.frames[-9:])


@pytest.mark.parametrize(("one", "two", "seconds"), [(13, 17, 5.0), (3, 17, 1.0), (13, 5, 1.0), (13, 17, 0.0)])
def test_clips_too_short_to_be_blended_are_one_sentence(sora: Soramame, one: int, two: int, seconds: float) -> None:
    with pytest.raises(DurationError):
        sora.blend(moving(one), moving(two), seconds=seconds, steps=1)


@pytest.mark.parametrize("frames", [1, 6, 30])
def test_a_remix_is_as_long_as_its_source(sora: Soramame, frames: int) -> None:
    source = moving(frames)
    made = sora.remix(source, "snow", strength=0.5, steps=4)
    assert made.frames.shape == source.frames.shape
    assert made.metadata["strength"] == 0.5
    assert made.metadata["prompt"] == "snow"


def test_the_weaker_a_remix_the_more_stays(sora: Soramame) -> None:
    """Measured in latents, before the decoder."""
    source = moving(9).frames
    moved = []
    for strength in (0.02, 0.4, 1.0):
        request = Request(prompt="snow", source=source, strength=strength, steps=8)
        *_, last = (event for event in paint(sora, sora.complete(request)) if isinstance(event, Progress))
        moved.append(float((last.latents[:, :8] - sora.encode(source)).abs().mean()))
    assert moved[0] < min(moved[1:])


@pytest.mark.parametrize("frames", [9, 26])
def test_inpainting_leaves_everything_outside_the_mask(sora: Soramame, frames: int) -> None:
    source = moving(frames)
    made = sora.inpaint(source, BOX, "a red ball", steps=2)
    assert same(made.frames[:, ~BOX], source.frames[:, ~BOX])
    assert not same(made.frames[:, BOX], source.frames[:, BOX])


def test_a_mask_may_move(sora: Soramame) -> None:
    source = moving(9)
    mask = np.stack([np.roll(BOX, 6 * n, 1) for n in range(9)])
    made = sora.inpaint(source, mask, "a red ball", steps=2)
    assert same(made.frames[~mask], source.frames[~mask])


def test_a_mask_goes_the_way_of_its_clip(sora: Soramame) -> None:
    """A clip is scaled and cut; the mask is with it, so what is outside stays."""
    wide = moving(10, (200, 80), fps=16)
    mask = np.zeros((80, 200), bool)
    mask[20:60, 80:120] = True
    made = sora.inpaint(wide, mask, "a ball", steps=1)
    source = tasks.form(sora, wide).frames
    assert same(made.frames[:, :, :30], source[:, :, :30])
    assert not same(made.frames[:, 20:44, 56:72], source[:, 20:44, 56:72])


@pytest.mark.parametrize(
    ("mask", "match"),
    [
        (np.ones((64, 64), bool), "the mask is 64x64; it has to be 128x64 like the clip"),
        (np.ones((3, 64, 128), bool), "with 3 frames; it has to be 128x64"),
        (np.zeros((64, 128), bool), "black all over"),
    ],
)
def test_masks_that_do_not_fit_are_one_sentence(sora: Soramame, mask: np.ndarray, match: str) -> None:
    with pytest.raises(OptionError, match=match):
        sora.inpaint(moving(9), mask, "a ball")


@pytest.mark.parametrize("fps", [8, 24])
def test_a_clip_grows_in_size_at_its_own_rate_and_agrees_with_itself(sora: Soramame, fps: float) -> None:
    small = moving(26, (64, 32), fps=fps)
    made = sora.upres(small, steps=2)
    assert made.frames.shape == (26, 64, 128, 3)
    assert made.fps == fps
    back = enlarge(made.frames, Size(width=64, height=32))
    assert psnr(back, small.frames) > 25
    assert made.metadata["task"] == "upres"


@pytest.mark.parametrize(
    ("size", "scale", "shape"), [((50, 30), 2.0, (64, 96)), ((128, 64), 1.0, (64, 128)), ((20, 90), 1.5, (128, 64))]
)
def test_odd_sizes_become_legal_ones(
    sora: Soramame, size: tuple[int, int], scale: float, shape: tuple[int, int]
) -> None:
    assert sora.upres(moving(2, size), scale=scale, steps=1).frames.shape[1:3] == shape


@pytest.mark.parametrize(("size", "scale"), [((128, 64), 0.5), ((128, 64), float("nan")), ((1280, 720), 2.0)])
def test_sizes_that_are_not_painted_are_one_sentence(sora: Soramame, size: tuple[int, int], scale: float) -> None:
    with pytest.raises(OptionError, match="scale"):
        sora.upres(moving(2, size), scale=scale)


@pytest.mark.parametrize(
    "fields",
    [
        {"source": moving(9).frames, "strength": 0.0},
        {"source": moving(9).frames, "strength": 1.1},
        {"strength": 0.5},
        {"mask": BOX},
        {"source": moving(9).frames, "into": moving(8).frames},
        {"source": moving(9).frames, "into": moving(9, (96, 64)).frames},
    ],
    ids=str,
)
def test_requests_that_contradict_themselves_are_refused(fields: dict[str, object]) -> None:
    with pytest.raises(SoramameError):
        Request(prompt="x", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("task", ["text", "before", "source"])
def test_a_window_that_rolls_along_remembers_its_beginning(wide: Soramame, task: str) -> None:
    """But over a source it forgets: that says what is to be seen, and may be something else by now."""
    wide.length, clip = 9, moving(60).frames
    fields: dict[str, Request] = {
        "text": Request(prompt="a dog", seconds=8.0, steps=2),
        "before": Request(prompt="", before=clip[:13], seconds=8.0, steps=2),
        "source": Request(prompt="snow", source=clip, strength=0.9, steps=2),
    }
    windows = [event for event in paint(wide, wide.complete(fields[task])) if not isinstance(event, Progress)]
    known = [window.kept["known"] for window in windows if window.kept is not None]
    full = [seen for seen in known if seen.shape[2] == 3]
    assert len(full) > 3
    assert all(torch.equal(seen[:, :, 0], full[0][:, :, 0]) for seen in full) == (task != "source")
    assert not torch.equal(full[-1][:, :, 1:], full[-2][:, :, 1:])
    if task == "before":
        torch.testing.assert_close(full[0][:, :, :1], wide.known(clip[4:5]), rtol=0, atol=1e-4)


def test_what_comes_after_is_seen_only_when_the_window_reaches_it(wide: Soramame) -> None:
    wide.length = 9
    first = moving(1).frames[0]
    one, other = (
        wide.generate("a dog", seconds=10, image=first, last_image=last, steps=2).frames
        for last in (moving(1, first=50).frames[0], moving(1, first=70).frames[0])
    )
    assert same(one[:40], other[:40])
    assert not same(one[-8:], other[-8:])


@pytest.mark.parametrize("length", [3, 9])
def test_a_window_of_any_length_paints_what_is_asked_for(wide: Soramame, length: int) -> None:
    wide.length = length
    source = moving(22)
    assert len(wide.generate("a dog", seconds=8, steps=2).frames) == 65
    for made, own in (
        (wide.extend(source, seconds=6.0, steps=2), np.s_[:22]),
        (wide.extend(source, seconds=6.0, backward=True, steps=2), np.s_[-22:]),
        (wide.fill(source, source, seconds=6.0, steps=2), np.s_[:22]),
    ):
        assert same(made.frames[own], source.frames)
        assert len(made.frames) in (22 + 48, 22 + 48 + 22)
    assert len(wide.remix(moving(50), "snow", strength=0.5, steps=2).frames) == 50


@pytest.mark.parametrize("length", [3, 9])
@pytest.mark.parametrize("backward", [False, True])
def test_where_nothing_moves_a_source_goes_on_with_its_own_pixels(wide: Soramame, length: int, backward: bool) -> None:
    """With a grain so large that nothing is movement, the picture at the border stands still, windows or not."""
    wide.length, card = length, wide.card
    wide.card = replace(card, defaults=replace(card.defaults, grain=200.0))
    source = moving(9)
    made = wide.extend(source, seconds=4.0, backward=backward, steps=1).frames
    new, edge = (made[:-9], source.frames[0]) if backward else (made[9:], source.frames[-1])
    assert len(new) == 32
    assert np.abs(new.astype(int) - edge).max() <= 1
    wide.card = replace(card, defaults=replace(card.defaults, grain=0.0))
    other = wide.extend(source, seconds=4.0, backward=backward, steps=1).frames
    assert np.abs(other.astype(int) - made).max() > 20


def test_a_picture_that_starts_to_move_is_shown_itself(sora: Soramame) -> None:
    picture = moving(1, size=(128, 64)).frames[0]
    made = sora.generate("a dog", seconds=1.0, image=picture, last_image=picture[:, ::-1].copy(), steps=1).frames
    assert same(made[0], picture)
    assert same(made[-1], picture[:, ::-1])


def test_beside_a_clip_words_guide_less(sora: Soramame) -> None:
    d = sora.card.defaults
    assert sora.extend(moving(5), seconds=0.5, steps=1).metadata["guidance"] == d.guidance_beside
    assert sora.remix(moving(5), "a cat", steps=1).metadata["guidance"] == d.guidance
    assert sora.generate("a dog", steps=1).metadata["guidance"] == d.guidance
    assert sora.extend(moving(5), seconds=0.5, steps=1, guidance=3.0).metadata["guidance"] == 3.0


def test_a_frame_makes_fewer_steps_where_a_window_rolls_along(sora: Soramame) -> None:
    """Unless one says how many: the tiny model's own number is 3."""
    source = moving(13).frames
    for fields, steps in (
        ({"prompt": "a dog"}, 3),
        ({"prompt": "a dog", "seconds": 2.0}, 2),
        ({"prompt": "a dog", "seconds": 2.0, "steps": 5}, 5),
        ({"prompt": "a dog", "image": source[0]}, 3),
        ({"prompt": "a dog", "image": source[0], "seconds": 2.0}, 2),
        ({"prompt": "", "before": source, "seconds": 1.0}, 3),
        ({"prompt": "", "before": source, "seconds": 2.0}, 2),
        ({"prompt": "", "after": source, "seconds": 2.0}, 3),
        ({"prompt": "", "source": source}, 2),
        ({"prompt": "", "source": source[:9]}, 3),
    ):
        request = sora.complete(Request(**fields))
        assert request.steps == steps, fields
        assert held(sora, request) == (steps == 3) or "after" in fields or "steps" in fields


def test_what_is_given_survives_in_every_task(sora: Soramame) -> None:
    """The source's own frames are never passed through the model: their PSNR is infinite, before the video codec."""
    one, two = moving(13), moving(13, first=30)
    for made, own in (
        (sora.extend(one, seconds=3.0, steps=2), np.s_[:13]),
        (sora.extend(one, seconds=3.0, backward=True, steps=2), np.s_[-13:]),
        (sora.fill(one, two, seconds=4.0, steps=2), np.s_[:13]),
        (sora.loop(one, steps=1), np.s_[:13]),
    ):
        assert same(made.frames[own], one.frames)


def test_sound_is_kept_where_the_time_allows(sora: Soramame) -> None:
    rate = 8000
    tone = Audio(samples=np.full((rate, 1), 7, np.int16), rate=rate)
    source = Clip(frames=moving(8).frames, fps=8, audio=tone)
    quiet = moving(8)
    longer = sora.extend(source, seconds=1.0, steps=1).audio
    earlier = sora.extend(source, seconds=1.0, backward=True, steps=1).audio
    joined = sora.fill(quiet, source, seconds=1.0, steps=1).audio
    assert longer is not None
    assert earlier is not None
    assert joined is not None
    second = longer.rate
    assert len(longer.samples) == 2 * second
    assert np.abs(longer.samples[: second - 200]).min() > 0
    assert not longer.samples[second + 200 :].any()
    assert not earlier.samples[: second - 200].any()
    assert np.abs(earlier.samples[second + 200 :]).min() > 0
    assert not joined.samples[: 2 * second - 200].any()
    odd = sora.fill(quiet, source, seconds=0.6, steps=1)
    assert odd.audio is not None
    assert len(odd.frames) == 8 + 8 + 8
    assert not odd.audio.samples[: 2 * second - 200].any(), "what lies between is a second, in picture and sound"
    assert odd.metadata["seconds"] == 1.0
    assert sora.remix(source, "x", steps=1).audio is not None
    assert sora.extend(source, seconds=1, steps=1).audio is not None, "seconds may be a whole number"
    assert sora.extend(quiet, seconds=1.0, steps=1).audio is None
