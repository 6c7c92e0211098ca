from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from soramame.engine import Request, Result, Soramame, fingerprint, tasks
from soramame.errors import DurationError, OptionError, PromptError, SizeError, SoramameError
from soramame.geometry import Size
from soramame.media import Clip, conform, fit
from soramame.runtime import decide
from soramame.weights.store import load_model
from tests.engine.clips import moving

GRADIENT = np.stack([np.stack([np.arange(128) * 2] * 64), np.full((64, 128), 90), np.full((64, 128), 30)], -1).astype(
    np.uint8
)


def test_a_sentence_becomes_a_clip(sora: Soramame) -> None:
    steps = []
    clip = sora.generate("a dog runs", seed=3, on_progress=lambda progress: steps.append(progress.step))
    assert clip.frames.shape == (9, 64, 128, 3)
    assert clip.fps == 8
    assert steps == [1, 2, 3]
    assert clip.metadata["prompt"] == "a dog runs"
    assert clip.metadata["model_sha256"] == sora.card.sha256


def test_the_same_seed_is_the_same_clip_and_another_is_not(sora: Soramame) -> None:
    one, same, other = (sora.generate("a dog", seed=seed).frames for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_the_prompt_matters(sora: Soramame) -> None:
    assert not np.array_equal(sora.generate("a dog").frames, sora.generate("雪原を歩くマンモス").frames)


@pytest.mark.parametrize(
    ("size", "seconds", "shape"), [("64x128", 1.0, (9, 128, 64, 3)), ("96x96", 0.1, (1, 96, 96, 3))]
)
def test_any_shape_comes_from_the_same_weights(
    sora: Soramame, size: str, seconds: float, shape: tuple[int, ...]
) -> None:
    assert sora.generate("a dog", size=size, seconds=seconds, steps=1).frames.shape == shape


def test_a_picture_is_kept_as_the_first_frame(sora: Soramame) -> None:
    request = sora.complete(Request(prompt="it moves", image=GRADIENT, steps=2))
    known = sora.encode(GRADIENT[None])
    last = [event for event in sora.stream(request) if not isinstance(event, Result)][-1]
    assert torch.equal(last.latents[:, :8, :1], known)
    assert float(last.latents[:, 8:, :1].abs().max()) == 0, "a given frame has no layout"


def test_two_pictures_are_both_kept(sora: Soramame) -> None:
    request = sora.complete(Request(prompt="it moves", image=GRADIENT, last_image=GRADIENT[:, ::-1].copy(), steps=2))
    *_, last, result = sora.stream(request)
    assert not isinstance(last, Result)
    assert isinstance(result, Result)
    assert torch.equal(last.latents[:, :8, :1], sora.encode(GRADIENT[None]))
    assert not torch.equal(last.latents[:, :, -1:], last.latents[:, :, :1])


def test_a_long_clip_is_painted_in_a_window_that_rolls_along(sora: Soramame) -> None:
    steps = []
    long = sora.generate("a dog", seconds=2.5, steps=2, on_progress=lambda at: steps.append((at.step, at.steps)))
    assert len(long.frames) == 21
    assert steps == [(n + 1, len(steps)) for n in range(len(steps))]
    assert long.metadata["seconds"] == 2.5
    assert long.metadata["before_sha256"] is None
    assert not np.array_equal(long.frames[:9], long.frames[9:18])


@pytest.mark.parametrize("backward", [False, True])
def test_a_clip_grows_and_stays_itself(sora: Soramame, backward: bool) -> None:
    source, steps = moving(7), []
    made = sora.extend(
        source, seconds=1.5, backward=backward, steps=2, on_progress=lambda at: steps.append((at.step, at.steps))
    )
    assert len(made.frames) == 7 + 12
    own = made.frames[-7:] if backward else made.frames[:7]
    assert np.array_equal(own, source.frames)
    assert steps[-1][0] == steps[-1][1] == len(steps)
    assert made.metadata["task"] == ("extend backward" if backward else "extend")
    assert made.metadata["prompt"] == "a dog"
    other = sora.extend(source, seconds=1.5, backward=backward, steps=2, prompt="雪", seed=1)
    assert not np.array_equal(other.frames, made.frames)
    again = sora.extend(source, seconds=1.5, backward=backward, steps=2)
    assert np.array_equal(again.frames, made.frames)


def test_what_is_known_is_given_bit_for_bit(sora: Soramame) -> None:
    source = moving(9).frames
    request = Request(prompt="", before=source, after=source, seconds=0.5, steps=1)
    last = [event for event in sora.stream(request) if not isinstance(event, Result)][-1]
    assert torch.equal(last.latents[:, :8, :1], sora.encode(source[-1:]))
    behind = sora.encode(np.concatenate([source[:1], source[:4]]))[:, :, 1:]
    assert torch.equal(last.latents[:, :8, -1:], behind)


def test_two_clips_are_joined_and_one_is_closed(sora: Soramame) -> None:
    one, two = moving(5), moving(11, (96, 96))
    joined = sora.fill(one, two, seconds=0.6, steps=1)
    assert len(joined.frames) == 5 + 8 + 11, "what lies between is a multiple of four frames"
    assert np.array_equal(joined.frames[:5], one.frames)
    assert joined.metadata["conformed"] == ["", "scaled and cut from 96x96 to 128x64"]
    closed = sora.loop(one, seconds=1.0, steps=1)
    assert np.array_equal(closed.frames[:5], one.frames)
    assert len(closed.frames) == 5 + 8


def test_a_source_of_any_form_is_brought_to_the_models(sora: Soramame) -> None:
    upright = Clip(frames=np.zeros((48, 90, 50, 3), np.uint8), fps=24)
    made = tasks.form(sora, upright)
    assert made.frames.shape == (16, 128, 64, 3)
    assert made.metadata["conformed"] == "from 24 to 8 frames a second and scaled and cut from 50x90 to 64x128"
    ticks = Clip(frames=np.arange(48, dtype=np.uint8)[:, None, None, None].repeat(3, 3), fps=24)
    frames, done = conform(ticks, Size(width=1, height=1), 8)
    assert frames[:, 0, 0, 0].tolist() == [*range(1, 48, 3)]
    assert done == "from 24 to 8 frames a second"


def test_clips_of_one_frame_grow_too(sora: Soramame) -> None:
    one = moving(1)
    assert len(sora.extend(one, seconds=0.5, steps=1).frames) == 5
    assert len(sora.extend(one, seconds=0.5, backward=True, steps=1).frames) == 5
    assert len(sora.fill(one, one, seconds=0.5, steps=1).frames) == 6
    with pytest.raises(DurationError, match="60"):
        sora.extend(moving(3), seconds=61, steps=1)


def test_decoding_in_pieces_equals_decoding_whole(sora: Soramame) -> None:
    latents = torch.randn(1, 8, 3, 4, 8, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        whole = sora._vae.decode(latents)[0].add(1).mul(127.5).round().clamp(0, 255)
    assert np.abs(sora.decode(latents).astype(int) - whole.permute(1, 2, 3, 0).numpy()).max() <= 1


BAD: list[tuple[dict[str, Any], type[SoramameError]]] = [
    ({"prompt": ""}, PromptError),
    ({"prompt": "  \n"}, PromptError),
    ({"prompt": "x" * 40_000}, PromptError),
    ({"prompt": "x", "seconds": 0.0}, DurationError),
    ({"prompt": "x", "seconds": -1.0}, DurationError),
    ({"prompt": "x", "seconds": 61.0}, DurationError),
    ({"prompt": "x", "seconds": float("nan")}, DurationError),
    ({"prompt": "x", "seed": -1}, OptionError),
    ({"prompt": "x", "steps": 0}, OptionError),
    ({"prompt": "x", "guidance": float("inf")}, OptionError),
    ({"prompt": "x", "solver": "magic"}, OptionError),
    ({"prompt": "x", "last_image": GRADIENT}, OptionError),
    ({"prompt": "x", "image": GRADIENT, "before": GRADIENT[None]}, OptionError),
    ({"prompt": "x", "before": GRADIENT[None], "after": GRADIENT[None, :32]}, OptionError),
]


@pytest.mark.parametrize(("fields", "error"), BAD)
def test_bad_requests_are_one_sentence(fields: dict[str, Any], error: type[SoramameError]) -> None:
    with pytest.raises(error, match=r"^[^\n]+\.$"):
        Request(**fields)


@pytest.mark.parametrize("size", [Size(width=100, height=64), Size(width=0, height=64), Size(width=10_000, height=64)])
def test_impossible_sizes_are_one_sentence(sora: Soramame, size: Size) -> None:
    with pytest.raises(SizeError, match=r"^[^\n]+\.$"):
        sora.complete(Request(prompt="x", size=size))


def test_a_picture_covers_the_size_and_is_cut_about_its_middle() -> None:
    out = fit(GRADIENT, Size(width=64, height=64))
    assert out.shape == (64, 64, 3)
    assert abs(int(out[32, 32, 0]) - 127) <= 3
    assert int(out[32, 0, 0]) > 55


def test_a_clip_travels_with_its_recipe(sora: Soramame, tmp_path: Path) -> None:
    clip = sora.generate("a dog", seed=5, steps=2)
    recipe = Clip.load(clip.save(tmp_path / "a.mp4")).metadata
    again = sora.generate(recipe["prompt"], seed=recipe["seed"], steps=recipe["steps"], size=recipe["size"])
    assert np.array_equal(again.frames, clip.frames)


def test_files_and_arrays_are_the_same_picture(sora: Soramame, tmp_path: Path) -> None:
    Clip(frames=GRADIENT[None], fps=8).save(tmp_path / "a.png")
    from_file = sora.generate("x", image=tmp_path / "a.png", last_image=str(tmp_path / "a.png"), steps=1)
    from_array = sora.generate("x", image=GRADIENT, last_image=GRADIENT, steps=1)
    assert np.array_equal(from_file.frames, from_array.frames)
    assert from_file.metadata == from_array.metadata
    assert from_file.metadata["image_sha256"] == fingerprint(GRADIENT)


def test_between_two_pictures_there_has_to_be_time(sora: Soramame) -> None:
    with pytest.raises(DurationError, match=r"0\.5 seconds"):
        sora.generate("x", image=GRADIENT, last_image=GRADIENT, seconds=0.1)


def test_a_minute_in_one_piece(sora: Soramame) -> None:
    clip = sora.generate("a dog", seconds=60, size=(64, 64), steps=1, guidance=1.0)
    assert len(clip.frames) == 481
    assert clip.seconds == pytest.approx(60, abs=0.2)


def test_bfloat16_paints_the_same_clip_but_for_rounding(sora: Soramame, tiny: Path) -> None:
    request = Request(prompt="a dog", size=Size(width=64, height=64), seconds=0.5, steps=1)
    half = Soramame.load(tiny, device="cpu", dtype="bfloat16", threads=1)
    one, two = (list(engine.stream(request))[-2] for engine in (sora, half))
    assert not isinstance(one, Result)
    assert not isinstance(two, Result)
    assert torch.allclose(one.latents, two.latents.float(), atol=0.05 * float(one.latents.std()))


def test_a_check_can_refuse_a_request_before_anything_is_computed(tiny: Path) -> None:
    def refuse(request: Request) -> None:
        raise PromptError(f"{request.prompt} is not made here.")

    model = load_model(str(tiny))
    strict = Soramame(model, decide("cpu", "float32", threads=1, attention="sdpa"), checks=[refuse])
    with pytest.raises(PromptError, match="a hat is not made here"):
        next(strict.stream(Request(prompt="a hat")))


def test_who_stops_asking_cancels(sora: Soramame) -> None:
    stream = sora.stream(Request(prompt="a dog", steps=1000))
    next(stream)
    stream.close()
    with pytest.raises(StopIteration):
        next(stream)
