"""Rendered clips on disk for the VAE, in shards ``clips-SEED.npy`` of uint8 ``(N, T, H, W, 3)`` that are mapped, not read."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from soramame.errors import TrainingError
from soramame.world.render import render
from soramame.world.sample import Curriculum, sample_scene
from soramame.world.simulate import simulate
from soramame.world.stage import Stage

SHARD = 32
HELD_OUT = 1_000_000_000
"""Seeds from here on are never trained on."""


@dataclass(frozen=True, kw_only=True)
class ClipForm:
    """Form of the clips a model is trained on: pixels ``(num_frames, height, width)``, frames a second."""

    width: int = 256
    height: int = 160
    num_frames: int = 33
    fps: int = 8

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height


def render_frames(seed: int, form: ClipForm, curriculum: Curriculum) -> NDArray[np.uint8]:
    """The frames ``(T, H, W, 3)`` of one seed's scene."""
    scene = sample_scene(seed, curriculum)
    return render(scene, size=form.size, num_frames=form.num_frames, fps=form.fps).frames


def as_drawn_now(seed: int, picture: NDArray[np.uint8], form: ClipForm, curriculum: Curriculum) -> bool:
    """Whether ``picture (H, W, 3)`` is still the first frame of a seed's clip, but for the rounding of another machine."""
    scene = sample_scene(seed, curriculum)
    state = simulate(scene, form.num_frames, form.fps, aspect=form.width / form.height)[0]
    now = Stage(scene, form.size).draw(state)
    return now.shape == picture.shape and float(np.abs(now.astype(np.int16) - picture).mean()) < 0.5


def spread(work: Callable[..., Path], jobs: list[tuple[object, ...]], workers: int, say: Callable[[str], None]) -> None:
    """``work(*job)`` for every job in so many fresh processes; says what each has written."""
    if workers == 1:
        for job in jobs:
            say(f"wrote {work(*job)}")
        return
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        for path in pool.imap_unordered(_Call(work), jobs):
            say(f"wrote {path}")


@dataclass(frozen=True)
class _Call:
    work: Callable[..., Path]

    def __call__(self, job: tuple[object, ...]) -> Path:
        torch.set_num_threads(1)
        return self.work(*job)


def render_shard(folder: Path, first: int, count: int, form: ClipForm, curriculum: Curriculum) -> Path:
    """Render seeds ``first`` to ``first + count`` into one shard, atomically."""
    path = folder / f"clips-{first:010d}.npy"
    part = path.with_suffix(".part.npy")
    clips = np.stack([render_frames(seed, form, curriculum) for seed in range(first, first + count)])
    np.save(part, clips)
    os.replace(part, path)
    return path


def check_clips(folder: Path, form: ClipForm, curriculum: Curriculum) -> None:
    """:class:`TrainingError` if a shard in the folder is of another form, or of a world that has changed since."""
    for path in folder.glob("clips-*[0-9].npy"):
        clip = np.load(path, mmap_mode="r")[0]
        if len(clip) != form.num_frames or not as_drawn_now(_seed(path), clip[0], form, curriculum):
            raise TrainingError(f"{path} was made with another world or form; delete the folder and render again.")


def kept_frames(folder: Path, seed: int) -> NDArray[np.uint8] | None:
    """The frames of a seed's clip if a shard in the folder holds it."""
    path = folder / f"clips-{seed - seed % SHARD:010d}.npy"
    if not path.exists():
        return None
    clips = np.load(path, mmap_mode="r")
    return np.asarray(clips[seed % SHARD]) if seed % SHARD < len(clips) else None


def render_clips(
    folder: Path,
    first: int,
    count: int,
    *,
    form: ClipForm,
    curriculum: Curriculum,
    workers: int,
    say: Callable[[str], None],
) -> None:
    """Render ``count`` clips from seed ``first`` on in shards; those that are there already are kept.

    :class:`TrainingError` if one of those is of another form, or of a world that has changed since.
    """
    folder.mkdir(parents=True, exist_ok=True)
    check_clips(folder, form, curriculum)
    starts = range(first, first + count, SHARD)
    jobs: list[tuple[object, ...]] = [
        (folder, start, min(SHARD, first + count - start), form, curriculum)
        for start in starts
        if not (folder / f"clips-{start:010d}.npy").exists()
    ]
    spread(render_shard, jobs, workers, say)


class Clips:
    """The shards of a folder. ``held_out`` picks the ones that are only for validation."""

    def __init__(self, folder: Path, *, held_out: bool = False) -> None:
        paths = sorted(folder.glob("clips-*[0-9].npy"))
        chosen = [path for path in paths if (_seed(path) >= HELD_OUT) == held_out]
        if not chosen:
            raise TrainingError(f"{folder} holds no rendered clips; run `soramame train render` first.")
        self.shards = [np.load(path, mmap_mode="r") for path in chosen]
        self.index = [(shard, item) for shard, clips in enumerate(self.shards) for item in range(len(clips))]

    def __len__(self) -> int:
        return len(self.index)

    def clip(self, number: int) -> NDArray[np.uint8]:
        """Clip ``(T, H, W, 3)`` uint8, mapped."""
        shard, item = self.index[number]
        return self.shards[shard][item]  # type: ignore[no-any-return]

    def crop(
        self, generator: torch.Generator, frames: int, edge: int, *, grid: tuple[int, int] = (1, 1), tries: int = 3
    ) -> NDArray[np.uint8]:
        """The busiest of ``tries`` random crops ``(frames, edge, edge, 3)``: pieces in which something moves teach more.

        Three of four lie on a ``grid`` of so many frames and pixels, as a whole clip's latent cells do; the fourth lies
        anywhere, mirrored or not.
        """
        clip = self.clip(_below(len(self), generator))
        length, height, width, _ = clip.shape
        best, most = clip[:0], -1.0
        free = _below(4, generator) == 0
        steps = (1, 1, 1) if free else (grid[0], grid[1], grid[1])
        room = (length - frames, height - edge, width - edge)
        for _ in range(tries):
            t, y, x = (step * _below(n // step + 1, generator) for n, step in zip(room, steps, strict=True))
            piece = clip[t : t + frames, y : y + edge, x : x + edge]
            ends = piece[[0, -1]].astype(np.int16)
            busy = float(np.abs(ends[1] - ends[0]).mean() + ends[0].std() / 8)
            if busy > most:
                best, most = piece, busy
        return best[:, :, ::-1] if free and _below(2, generator) else best


def _seed(path: Path) -> int:
    """The seed of a shard's first clip."""
    return int(path.stem.split("-")[1])


def _below(bound: int, generator: torch.Generator) -> int:
    return int(torch.randint(bound, (), generator=generator))


def to_pixels(frames: NDArray[np.uint8]) -> Tensor:
    """uint8 ``(..., T, H, W, 3)`` as float32 ``(..., 3, T, H, W)`` in [-1, 1]."""
    video = torch.from_numpy(frames.astype(np.float32)).div_(127.5).sub_(1)
    return video.movedim(-1, -4)
