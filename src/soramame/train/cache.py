"""Latents of rendered clips on disk for the DiT: rendered, encoded and forgotten, so that a clip costs 590 KiB, not 4 MiB.

A shard ``latents-SEED.pt`` holds ``latents`` float16 ``(N, C, F, Y, X)``, ``subject`` uint8 ``(N, F, Y, X)`` (share of a cell
that an actor covers, of 255), ``layout`` int8 ``(N, 3, F, Y, X)`` (:func:`layout_of`, of 127), ``words`` int16
``(N, WORDINGS, L, P)`` (each clip told in many ways: ids of pieces, as :func:`soramame.model.text.tokenize` gives them) and
``seeds`` int64 ``(N,)``. It names the encoder and the world it was made with: latents of another encoder, or of scenes that would
be told or drawn differently now, are refused, because they would poison the training. ``picture`` is the first frame of the first
clip, uint8 ``(H, W, 3)``, and ``form`` the form of the clips.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from soramame.errors import TrainingError
from soramame.geometry import latent_frames
from soramame.model.text import LENGTH, tokenize
from soramame.model.vae import VAE, VAEConfig
from soramame.train.clips import (
    HELD_OUT,
    ClipForm,
    as_drawn_now,
    check_clips,
    kept_frames,
    spread,
    to_pixels,
)
from soramame.train.parts import load_part
from soramame.world.captions import Language, Length, caption
from soramame.world.render import render
from soramame.world.sample import Curriculum, fingerprint, sample_scene
from soramame.world.scene import ActorState, FrameState, Scene
from soramame.world.simulate import simulate
from soramame.world.subjects import SUBJECTS

SHARD = 64
SHORT, LONG = 12, 6
"""In how many short and long wordings each clip is told; every third is Japanese."""
WORDINGS = SHORT + LONG
TELLING = 2
"""The way wordings are drawn: shards that were told in another way are refused."""
DRAWN = 16
"""Of how many shards that are taken in at a time, at most, a picture is drawn anew to see whether the world is still the same."""
TURN = 6
"""Every so many shards one is of another form than the first."""
LAYOUT = 12.0
"""How large layout is beside latents of unit power: it stands out of the noise before them, so that who is where is settled
before it is painted (semantic-first diffusion: Pan et al., "Semantics Lead the Way", 2025)."""


def encoder_name(vae: VAE) -> str:
    """A short hash of the weights that latents depend on: encoder or transform, mean and deviation."""
    digest = hashlib.sha256()
    for name, value in sorted(vae.state_dict().items()):
        if name.startswith(("encoder", "quant_conv", "transform", "latent_")):
            digest.update(name.encode() + value.detach().float().cpu().numpy().tobytes())
    return digest.hexdigest()[:16]


def coverage(states: tuple[FrameState, ...], form: ClipForm, grid: tuple[int, int, int]) -> Tensor:
    """Share of each latent cell ``(F, Y, X)`` that actors' boxes cover, uint8 of 255, at most over the cell's frames."""
    cells: NDArray[np.float32] = np.zeros(grid, np.float32)
    for number, state in enumerate(states):
        f = 0 if number == 0 else 1 + (number - 1) // 4
        for actor in state.actors:
            np.maximum(cells[f], _covered(actor, state, form, grid)[0], out=cells[f])
    return torch.from_numpy((cells.clip(0, 1) * 255).astype(np.uint8))


def layout_of(states: tuple[FrameState, ...], form: ClipForm, grid: tuple[int, int, int]) -> Tensor:
    """Where actors are in each latent cell, int8 of 127 ``(3, F, Y, X)``, the mean over the cell's frames, near actors before far.

    Channels: the share that is covered; times how far towards the actor's front (-1 tail to 1 nose, 0 facing the watcher); times how
    far up (-1 feet to 1 top).
    """
    cells: NDArray[np.float32] = np.zeros((3, *grid), np.float32)
    for number, state in enumerate(states):
        f = 0 if number == 0 else 1 + (number - 1) // 4
        frame: NDArray[np.float32] = np.zeros((3, *grid[1:]), np.float32)
        for actor in state.actors:
            covered, front, up = _covered(actor, state, form, grid)
            frame = frame * (1 - covered) + covered * np.stack([np.ones_like(covered), front, up])
        cells[:, f] += frame / (1 if f == 0 else 4)
    return torch.from_numpy((cells.clip(-1, 1) * 127).round().astype(np.int8))


def with_layout(latents: Tensor, layout: Tensor) -> Tensor:
    """Latents ``(B, C, F, Y, X)`` with the layout int8 ``(B, 3, F, Y, X)`` behind them, as a model with layout paints both."""
    return torch.cat([latents, layout.to(latents) * (LAYOUT / 127)], 1)


def _covered(
    actor: ActorState, state: FrameState, form: ClipForm, grid: tuple[int, int, int]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Of each cell ``(Y, X)`` in a frame: the share that an actor's box covers, how far to its front and how far up it lies."""
    rows, columns = grid[1:]
    pose, view = actor.pose, state.view
    unit = min(form.height, form.width) / 10 * view.zoom
    half = pose.height * SUBJECTS[actor.actor.kind].aspect / 2
    foot = pose.y - pose.lift - view.y
    sides = form.width / 2 + np.array([pose.x - half - view.x, pose.x + half - view.x]) * unit
    ends = form.height / 2 + np.array([foot - pose.height, foot]) * unit
    covered = np.outer(_shares(ends, form.height / rows, rows), _shares(sides, form.width / columns, columns))
    front = _along(sides, form.width / columns, columns) * pose.facing
    up = -_along(ends, form.height / rows, rows)
    shape = (rows, columns)
    return (
        (covered * actor.visible).astype(np.float32),
        np.broadcast_to(front[None], shape).astype(np.float32),
        np.broadcast_to(up[:, None], shape).astype(np.float32),
    )


def _along(ends: NDArray[np.float64], cell: float, count: int) -> NDArray[np.float64]:
    """Where the middle of each of ``count`` cells in a row lies between two ends, -1 to 1, in pixels."""
    middle = (np.arange(count) + 0.5) * cell
    along: NDArray[np.float64] = (2 * (middle - ends[0]) / max(ends[1] - ends[0], 1e-6) - 1).clip(-1, 1)
    return along


def _shares(ends: NDArray[np.float64], cell: float, count: int) -> NDArray[np.float64]:
    """How much of each of ``count`` cells in a row lies between two ends, in pixels."""
    low = np.arange(count) * cell
    shares: NDArray[np.float64] = (np.minimum(low + cell, ends[1]) - np.maximum(low, ends[0])).clip(0) / cell
    return shares


@dataclass(frozen=True, kw_only=True)
class _Job:
    """What a worker needs to load its own copy of the encoder."""

    folder: Path
    weights: Path
    forms: tuple[ClipForm, ...]
    curriculum: Curriculum
    clips: Path | None


def form_of(seed: int, forms: tuple[ClipForm, ...]) -> ClipForm:
    """The form of the clip of a seed: the first, but for every :data:`TURN`-th shard of those that are trained on."""
    number = seed // SHARD
    if len(forms) == 1 or seed >= HELD_OUT or number % TURN != TURN - 1:
        return forms[0]
    return forms[1 + number // TURN % (len(forms) - 1)]


def told(scene: Scene, seed: int) -> Tensor:
    """A scene's wordings as ids of pieces, int16 ``(WORDINGS, L, P)``; other seeds, other words."""
    languages: tuple[Language, ...] = ("en", "en", "ja")
    texts = []
    for number in range(WORDINGS):
        length: Length = "short" if number < SHORT else "long"
        texts.append(caption(scene, seed=seed * WORDINGS + number, length=length, language=languages[number % 3]))
    return tokenize(texts, step=LENGTH)[0].to(torch.int16)


def _frames(job: _Job, form: ClipForm, seed: int, scene: Scene) -> tuple[NDArray[np.uint8], tuple[FrameState, ...]]:
    """Frames and states of a seed's clip, not drawn again if a shard of rendered clips holds it."""
    kept = kept_frames(job.clips, seed) if job.clips is not None and form == job.forms[0] else None
    if kept is not None:
        return kept, simulate(scene, form.num_frames, form.fps, aspect=form.width / form.height)
    clip = render(scene, size=form.size, num_frames=form.num_frames, fps=form.fps)
    return clip.frames, clip.states


@torch.no_grad()
def _encode_shard(job: _Job, first: int, count: int) -> Path:
    fields, weights = load_part(job.weights)
    vae = VAE(VAEConfig(**fields)).eval()
    vae.load_state_dict(weights)
    latents, subjects, layouts, words, pictures = [], [], [], [], []
    form = form_of(first, job.forms)
    for seed in range(first, first + count):
        scene = sample_scene(seed, job.curriculum)
        frames, states = _frames(job, form, seed, scene)
        z = vae.encode(to_pixels(frames)[None])[0]
        if not z.isfinite().all():
            raise TrainingError(f"{job.weights} encodes clip {seed} to what is not a number; train that VAE anew.")
        latents.append(z.half())
        pictures.append(frames[0])
        words.append(told(scene, seed))
        grid = (latent_frames(form.num_frames), z.shape[-2], z.shape[-1])
        subjects.append(coverage(states, form, grid))
        layouts.append(layout_of(states, form, grid))
    path = job.folder / f"latents-{first:010d}.pt"
    content = {
        "latents": torch.stack(latents),
        "subject": torch.stack(subjects),
        "layout": torch.stack(layouts),
        "words": torch.stack(words),
        "telling": TELLING,
        "seeds": torch.arange(first, first + count),
        "encoder": encoder_name(vae),
        "world": fingerprint(job.curriculum),
        "form": asdict(form),
        "picture": torch.from_numpy(pictures[0].copy()),
    }
    torch.save(content, path.with_suffix(".part"))
    os.replace(path.with_suffix(".part"), path)
    return path


def cache(
    folder: Path,
    weights: Path,
    spans: Sequence[range],
    *,
    forms: tuple[ClipForm, ...],
    curriculum: Curriculum,
    workers: int,
    say: Callable[[str], None],
    clips: Path | None = None,
) -> None:
    """Render and encode the clips of ``spans`` of seeds in shards with the VAE in ``weights``; shards already there are kept. Most are
    of the first of ``forms`` (:func:`form_of`).

    What the folder ``clips`` holds is not rendered again; :class:`TrainingError` if it is of another world or form.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if clips is not None:
        check_clips(clips, forms[0], curriculum)
    job = _Job(folder=folder, weights=weights, forms=forms, curriculum=curriculum, clips=clips)
    jobs: list[tuple[object, ...]] = [
        (job, first, min(SHARD, seeds.stop - first))
        for seeds in spans
        for first in range(seeds.start, seeds.stop, SHARD)
        if not (folder / f"latents-{first:010d}.pt").exists()
    ]
    spread(_encode_shard, jobs, workers, say)


def _as_drawn_now(part: dict[str, Any], curriculum: Curriculum) -> bool:
    return as_drawn_now(int(part["seeds"][0]), part["picture"].numpy(), ClipForm(**part["form"]), curriculum)


FIELDS = ("latents", "subject", "layout", "words", "seeds")
"""What of a shard is kept in memory."""


@dataclass(kw_only=True)
class Latents:
    """All shards of one form in a folder, in the memory of a device: ``latents (N, C, F, Y, X)`` float16, ``subject (N, F, Y, X)``
    uint8, ``layout`` int8 ``(N, 3, F, Y, X)``, ``words`` int16 ``(N, WORDINGS, L, P)``, ``seeds (N,)``.

    The first ``len()`` clips are there; behind them is room for those that are still being made (:meth:`grow`).
    """

    folder: Path
    encoder: str
    curriculum: Curriculum
    held_out: bool
    form: ClipForm
    device: str
    read: set[Path] = field(default_factory=set)
    fields: dict[str, Tensor] = field(default_factory=dict)
    count: int = 0

    @classmethod
    def load(
        cls,
        folder: Path,
        *,
        encoder: str,
        curriculum: Curriculum,
        form: ClipForm,
        held_out: bool = False,
        device: str = "cpu",
        needed: bool = True,
    ) -> Latents:
        """Training or held-out shards of a form; :class:`TrainingError` if there are none but they are needed, or if they are of
        another encoder or world.
        """
        found = cls(folder=folder, encoder=encoder, curriculum=curriculum, held_out=held_out, form=form, device=device)
        found.grow()
        if needed and not len(found):
            raise TrainingError(f"{folder} holds no latents; run `soramame train cache` first.")
        return found

    def grow(self) -> None:
        """Take in the shards that have been written since."""
        new = sorted(set(self.folder.glob("latents-*.pt")) - self.read)
        self.read.update(new)
        world = fingerprint(self.curriculum) if new else ""
        parts = []
        for path in new:
            if (int(path.stem.split("-")[1]) >= HELD_OUT) != self.held_out:
                continue
            part = torch.load(path, weights_only=True, mmap=True)
            if part.get("encoder") != self.encoder:
                raise TrainingError(f"{path} was made with another VAE; delete the folder and cache again.")
            if part.get("world") != world or part.get("telling") != TELLING:
                raise TrainingError(f"{path} was made with another world; delete the folder and cache again.")
            if part["form"] == asdict(self.form):
                parts.append((path, part))
        for path, part in parts[:: -(-len(parts) // DRAWN) or 1]:
            if not _as_drawn_now(part, self.curriculum):
                raise TrainingError(f"{path} was made with another world; delete the folder and cache again.")
        for _, part in parts:
            self._append({name: part[name] for name in FIELDS})

    def _append(self, part: dict[str, Tensor]) -> None:
        added = len(part["seeds"])
        for name, values in part.items():
            held = self.fields.get(name)
            if held is None or len(held) < self.count + added:
                room = values.new_empty((2 * self.count + added, *values.shape[1:]), device=self.device)
                if held is not None:
                    room[: self.count] = held[: self.count]
                self.fields[name] = held = room
            held[self.count : self.count + added] = values.to(self.device)
        self.count += added

    def __len__(self) -> int:
        return self.count
