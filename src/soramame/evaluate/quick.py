"""The quick evaluation: the numbers and the sheet that decide whether newer weights are better.

- VAE: PSNR in dB on held-out clips of the world, all frames and frame 0.
- DiT: velocity error on held-out latents at three noise levels, everything noised.
- Image to video: how much changes from the given picture, which is frame 0, to the first painted frame, and from frame to frame.
- A contact sheet of the 32 fixed prompts (:mod:`soramame.evaluate.prompts`), four frames each, for eyes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from soramame.engine import Soramame
from soramame.evaluate.prompts import PROMPTS
from soramame.flow.path import interpolate, velocity
from soramame.flow.sample import noise
from soramame.geometry import frames_for
from soramame.media import contact_sheet, psnr, save_picture
from soramame.train.cache import layout_of, with_layout
from soramame.train.clips import HELD_OUT, ClipForm, render_frames
from soramame.train.dit import LEVELS
from soramame.world.captions import caption
from soramame.world.sample import Curriculum, sample_scene
from soramame.world.simulate import simulate

Say = Callable[[str], None]
Frames = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Report:
    """Results of the quick evaluation; PSNR in dB, errors (by time) in squared units of latent deviation."""

    model: str
    vae_psnr: float
    vae_psnr_first: float
    velocity_error: dict[str, float]
    image_start: float
    image_motion: float
    prompt_motion: float
    prompts: int


def motion(frames: Frames) -> float:
    """Mean absolute difference of neighbouring frames, in 1/255."""
    return float(np.abs(np.diff(frames.astype(np.int16), axis=0)).mean()) if len(frames) > 1 else 0.0


def reconstruct(sora: Soramame, form: ClipForm, count: int) -> tuple[float, float]:
    """PSNR of all frames, and of frame 0, of held-out clips through the VAE and back."""
    whole, first = [], []
    for seed in range(HELD_OUT, HELD_OUT + count):
        frames = render_frames(seed, form, Curriculum.mame())
        back = sora.reconstruct(frames)
        whole.append(psnr(back, frames))
        first.append(psnr(back[:1], frames[:1]))
    return float(np.mean(whole)), float(np.mean(first))


def velocity_errors(sora: Soramame, form: ClipForm, count: int) -> dict[str, float]:
    """Mean squared error of the velocity of latents on held-out clips and their captions, all frames noised, at each of
    ``LEVELS``.
    """
    found: dict[str, list[float]] = {str(level): [] for level in LEVELS}
    for seed in range(HELD_OUT, HELD_OUT + count):
        scene = sample_scene(seed, Curriculum.mame())
        with torch.inference_mode():
            x0 = sora.encode(render_frames(seed, form, Curriculum.mame()))
            channels = x0.shape[1]
            if sora.layout:
                states = simulate(scene, form.num_frames, form.fps, aspect=form.width / form.height)
                x0 = with_layout(x0, layout_of(states, form, (x0.shape[2], x0.shape[3], x0.shape[4]))[None])
            told = sora.told(caption(scene, seed=seed, length="short", language="en"))
            start = noise((x0.shape[1], x0.shape[2], x0.shape[3], x0.shape[4]), [seed]).to(x0)
            for level in LEVELS:
                t = torch.full((1, x0.shape[2]), level, device=x0.device)
                error = told(interpolate(x0, start, t), t).float() - velocity(x0, start)
                found[str(level)].append(float(error[:, :channels].square().mean()))
    return {level: round(float(np.mean(errors)), 4) for level, errors in found.items()}


def animate(sora: Soramame, form: ClipForm, count: int, steps: int | None) -> tuple[float, float]:
    """Image to video from first frames of held-out clips: :func:`motion` of its first two frames, and of all."""
    start, moving = [], []
    for seed in range(HELD_OUT, HELD_OUT + count):
        picture = render_frames(seed, form, Curriculum.mame())[0]
        clip = sora.generate("it moves", image=picture, seed=seed - HELD_OUT, steps=steps, expand="off")
        start.append(motion(clip.frames[:2]))
        moving.append(motion(clip.frames))
    return float(np.mean(start)), float(np.mean(moving))


def quick(
    model: str, out: Path, *, steps: int | None = None, count: int = 8, prompts: int = 32, say: Say = print
) -> Report:
    """Evaluate a model (name or folder); writes ``quick.json`` and ``quick.png`` into ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    sora = Soramame.load(model)
    d = sora.card.defaults
    form = ClipForm(width=d.width, height=d.height, num_frames=frames_for(d.seconds, d.fps, sora.grid.time), fps=d.fps)
    whole, first = reconstruct(sora, form, count)
    say(f"VAE: {whole:.2f} dB on all frames, {first:.2f} dB on frame 0")
    errors = velocity_errors(sora, form, count)
    say(f"velocity error at time: {errors}")
    start, moving = animate(sora, form, count, steps)
    say(f"image to video: change at the start {start:.2f}, motion {moving:.2f}")
    clips = []
    for number, prompt in enumerate(PROMPTS[:prompts]):
        clips.append(sora.generate(prompt.text, seed=number, steps=steps, expand="off").frames)
        say(f"prompt {number + 1} of {min(prompts, len(PROMPTS))}: {prompt.text}")
    sheet = contact_sheet(clips, columns=2, per_clip=4, labels=[p.text for p in PROMPTS[:prompts]])
    save_picture(sheet, out / "quick.png")
    report = Report(
        model=model,
        vae_psnr=round(whole, 2),
        vae_psnr_first=round(first, 2),
        velocity_error=errors,
        image_start=round(start, 3),
        image_motion=round(moving, 3),
        prompt_motion=round(float(np.mean([motion(clip) for clip in clips])), 3),
        prompts=len(clips),
    )
    (out / "quick.json").write_text(json.dumps(asdict(report), indent=2) + "\n")
    return report
