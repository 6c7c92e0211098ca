from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch.nn import functional as F

from soramame.engine import Soramame
from soramame.media import Clip, glimpses
from soramame.safety import detector
from soramame.safety.detector import SIDE, STACK, Answer, Detection, cuts, detect, judge, residual
from soramame.train.clips import HELD_OUT
from soramame.world.render import render
from soramame.world.sample import Curriculum, sample_scene
from tests.policies import OPEN

Bytes = NDArray[np.uint8]


def noise(frames: int, height: int = 160, width: int = 256, seed: int = 0) -> Bytes:
    return np.random.default_rng(seed).integers(0, 255, (frames, height, width, 3), dtype=np.uint8)


SHIPPED = detector.WEIGHTS


@pytest.fixture(autouse=True)
def drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Weights drawn at random: what is tested is how frames are judged, whoever fitted it."""
    random, widths = np.random.default_rng(0), (STACK, 8, 8, 8)
    kept: dict[str, Any] = {}
    for number, size in enumerate((5, 3, 3)):
        kept[f"layer{number}"] = random.normal(0, 0.1, (size, size, *widths[number : number + 2]))
        kept[f"bias{number}"] = random.normal(0, 0.1, widths[number + 1])
    kept |= {"out": random.normal(0, 0.1, 8), "out_bias": np.array(0.2)}
    kept |= {name: np.array(value) for name, value in {"slope": 1, "offset": 0, "likely": 0.9, "none": 0.1}.items()}
    np.savez(tmp_path / "detector.npz", **kept)
    monkeypatch.setattr(detector, "WEIGHTS", tmp_path / "detector.npz")
    detector._weights.cache_clear()
    yield
    detector._weights.cache_clear()


def test_a_detector_that_was_not_fitted_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(detector, "WEIGHTS", tmp_path / "nowhere.npz")
    found = detect([noise(9)])
    assert (found.answer, found.probability) == (Answer.UNSURE, None)
    assert "not been fitted" in found.reason


def test_the_network_is_three_convolutions_and_a_mean() -> None:
    left = residual(cuts(noise(9)))
    weights = detector._weights()
    x = torch.from_numpy(left).permute(0, 3, 1, 2)
    for number in range(3):
        kernel = torch.from_numpy(weights[f"layer{number}"]).permute(3, 2, 0, 1)
        x = F.relu(F.conv2d(x, kernel, torch.from_numpy(weights[f"bias{number}"]), stride=2))
    told = x.mean((2, 3)) @ torch.from_numpy(weights["out"]) + torch.from_numpy(weights["out_bias"])
    np.testing.assert_allclose(judge(left), told.numpy(), rtol=1e-3, atol=1e-3)


def test_nothing_is_left_of_what_is_smooth() -> None:
    """Brightness that rises evenly is its own blur, so what is painted does not count, only how."""
    ramp = np.broadcast_to(np.arange(SIDE, dtype=np.uint8) * 3, (1, STACK, SIDE, SIDE))
    assert np.abs(residual(ramp)).max() < 1e-4
    brighter = cuts(noise(STACK) // 2)
    np.testing.assert_allclose(residual(brighter), residual(brighter + np.uint8(90)), atol=1e-4)


def test_cut_outs_are_of_all_parts_of_frames_and_times() -> None:
    frames = np.zeros((33, 160, 256, 3), np.uint8)
    frames[0, 0, 0] = frames[-1, -1, -1] = 255
    made = cuts(frames)
    assert made.shape[1:] == (STACK, SIDE, SIDE)
    assert made[:, 0, 0, 0].max() == made[:, -1, -1, -1].max() == 255
    assert cuts(frames[: STACK - 1]).shape == (0, STACK, SIDE, SIDE)
    assert len(cuts(frames[:STACK, :SIDE, :SIDE])) == 1


@pytest.mark.parametrize(
    ("pieces", "reason"),
    [
        ([noise(33, 62, 256)], "too small"),
        ([noise(STACK - 1)], "too short"),
        ([noise(1)], "too short"),
        ([], "too short"),
        ([np.full((33, 160, 256, 3), 90, np.uint8)], "nearly flat"),
        ([noise(STACK, SIDE, SIDE)], "too little"),
    ],
)
def test_what_cannot_be_judged_is_not(pieces: list[Bytes], reason: str) -> None:
    found = detect(pieces)
    assert found.answer is Answer.UNSURE
    assert found.probability is None
    assert reason in found.reason


def test_an_answer_follows_its_probability(monkeypatch: pytest.MonkeyPatch) -> None:
    def told(offset: float) -> Answer:
        values: dict[str, Any] = {**weights, "offset": np.float32(offset), "slope": np.float32(0)}
        with monkeypatch.context() as patch:
            patch.setattr(detector, "_weights", lambda: values)
            return detect([noise(9)]).answer

    weights = dict(detector._weights())
    assert weights["none"] < weights["likely"]
    middle = float(weights["likely"] + weights["none"]) / 2
    assert [told(-20), told(np.log(middle / (1 - middle))), told(20)] == [Answer.NONE, Answer.UNSURE, Answer.LIKELY]


def test_the_same_frames_are_always_judged_alike() -> None:
    frames = noise(33)
    assert detect([frames]) == detect(iter([frames.copy()]))
    assert detect([frames]).probability == pytest.approx(detect([frames, frames]).probability)


def test_pieces_of_a_long_video_count_alike() -> None:
    """A short piece at a file's end is left out, not an error."""
    assert detect([noise(33), noise(2)]) == detect([noise(33)])
    one, other = (judge(residual(cuts(noise(33, seed=seed)))).mean() for seed in (0, 1))
    found = detect([noise(33), noise(33, seed=1)])
    assert found.probability == pytest.approx(detector.probability(float(one + other) / 2), abs=1e-4)


def test_what_the_decoder_paints_is_told_from_what_it_was_given(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The weights that ship, on scenes that nothing was fitted to, compressed as files are: drawn ones, and the same through the VAE."""
    monkeypatch.setattr(detector, "WEIGHTS", SHIPPED)
    detector._weights.cache_clear()
    sora = Soramame.load("mame", device="cpu", policy=OPEN)

    def told(frames: Bytes) -> Detection:
        path = Clip(frames=frames, fps=8.0).save(tmp_path / "a.mp4")
        return detect(piece for _, piece in glimpses(path))

    for seed in (HELD_OUT + 501, HELD_OUT + 502):
        scene = sample_scene(seed, Curriculum.mame())
        given = render(scene, size=(256, 160), num_frames=33, fps=8).frames
        found, other = told(sora.reconstruct(given)), told(given)
        assert found.probability is not None
        assert other.probability is not None
        assert other.answer is not Answer.LIKELY
        assert found.probability > other.probability + 0.3
