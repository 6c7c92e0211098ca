"""The DiT stage: learn the velocity of cached latents on canvases drawn from the tasks themselves.

Frames that a canvas gives are shown clean and carry no loss; the rest is weighted towards actors and motion, which cover few
tokens. x0-predicting models are trained with the velocity loss (x0 error over time, time not below ``t_min``).
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from soramame.flow import canvas as tasks
from soramame.flow.path import interpolate, velocity, velocity_from_x0
from soramame.flow.schedule import logit_normal
from soramame.model.dit import DiT
from soramame.model.text import TextEncoder, tokenize
from soramame.train.cache import Latents
from soramame.train.config import DiTRun
from soramame.train.optimiser import MuonAdamW, build
from soramame.train.parallel import Group
from soramame.world.captions import Language, Length, caption
from soramame.world.sample import Curriculum, sample_scene

APART = ("patch_embedding", "head", "proj_out", "absolute")
LEVELS = (0.3, 0.6, 0.9)


class DiTTask:
    """Trains a DiT on cached latents with captions worded anew each time; the text encoder is frozen."""

    def __init__(
        self,
        model: DiT,
        text: TextEncoder,
        run: DiTRun,
        latents: Latents,
        held_out: Latents,
        curriculum: Curriculum,
        *,
        dtype: torch.dtype,
        device: str,
    ) -> None:
        self.model: nn.Module = model
        self.dit, self.text, self.run, self.curriculum = model, text.eval().requires_grad_(False), run, curriculum
        self.latents, self.held_out, self.dtype, self.device = latents, held_out, dtype, device

    def optimiser(self, team: Group) -> MuonAdamW:
        """Muon on the matrices of the blocks, AdamW on embeddings, modulation and the head."""
        return build(self.dit, apart=APART, team=team, dtype=self.dtype)

    def captions(self, seeds: list[int], generator: torch.Generator, drop: float) -> list[str]:
        """A fresh wording for each clip, English or Japanese; empty for a share ``drop``. All of a batch are short (two of
        three batches) or long, since a batch is as wide as its longest.
        """
        out = []
        length: Length = "long" if int(torch.randint(3, (), generator=generator)) == 0 else "short"
        for seed in seeds:
            pick = torch.randint(1 << 30, (2,), generator=generator).tolist()
            language: Language = ("en", "en", "ja")[pick[0] % 3]
            words = caption(sample_scene(seed, self.curriculum), seed=pick[1], length=length, language=language)
            dropped = bool(torch.rand((), generator=generator) < drop)
            out.append("" if dropped else words)
        return out

    def _pick(self, data: Latents, numbers: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Latents, weights and first frame number of some clips, cut to the run's number of frames."""
        x0 = data.latents[numbers].float()
        subject = data.subject[numbers].float() / 255
        moving = torch.zeros_like(subject)
        moving[:, 1:] = x0.diff(dim=2).abs().mean(1).clamp(max=2) / 2
        weight = 1 + self.run.subject * subject + self.run.motion * moving
        first = torch.randint(x0.shape[2] - self.run.frames + 1, (len(numbers),), generator=generator)
        index = first[:, None] + torch.arange(self.run.frames)
        rows = torch.arange(len(numbers))[:, None]
        x0 = x0.movedim(2, 1)[rows, index].movedim(1, 2)
        return x0.to(self.device), weight[rows, index].to(self.device), first.to(self.device)

    def loss(self, generator: torch.Generator, count: int) -> dict[str, Tensor]:
        """Velocity loss of ``count`` clips (or single latent frames) on random canvases at random times."""
        numbers = torch.randint(len(self.latents), (count,), generator=generator)
        x0, weight, first = self._pick(self.latents, numbers, generator)
        canvas = tasks.draw(x0, generator, self.run.mix)
        t = logit_normal((count, 1), generator, shift=self.run.shift, spread=self.run.spread).to(x0)
        independent = (canvas.start > 0) & (canvas.start < 1)
        times = torch.where(independent, canvas.start, canvas.clock(t))
        noise = torch.randn(x0.shape, generator=generator).to(x0)
        words = self.captions(self.latents.seeds[numbers].tolist(), generator, self.run.drop_text)
        error = self._error(x0, noise, times, words, first)
        weight = weight * (canvas.start > 0)[:, :, None, None]
        return {"loss": (error * weight).sum() / weight.sum().clamp_min(1)}

    def _error(self, x0: Tensor, noise: Tensor, times: Tensor, words: list[str], first: Tensor) -> Tensor:
        """Squared velocity error ``(B, F, Y, X)``, mean over channels."""
        x_t = interpolate(x0, noise, times)
        with torch.no_grad():
            ids, mask = tokenize(words, step=32)  # few widths: a compiled block is compiled once for each
            tokens, pooled = self.text(ids.to(self.device), mask.to(self.device))
        with torch.autocast(self.device, self.dtype, enabled=self.dtype != torch.float32):
            out = self.dit(x_t, times, tokens, mask.to(self.device), pooled=pooled, first_frame=first).float()
        if self.dit.config.prediction == "x0":
            out = velocity_from_x0(x_t, out, times, self.run.t_min)
            target = velocity_from_x0(x_t, x0, times, self.run.t_min)
        else:
            target = velocity(x0, noise)
        error: Tensor = (out - target).square().mean(1)
        return error

    def validate(self, folder: Path, step: int) -> dict[str, float]:
        """Velocity error on held-out clips with everything noised, at three times; the same noise and words each time."""
        generator = torch.Generator().manual_seed(1)
        numbers = torch.arange(min(24, len(self.held_out)))
        x0, _, first = self._pick(self.held_out, numbers, generator)
        noise = torch.randn(x0.shape, generator=generator).to(x0)
        words = self.captions(self.held_out.seeds[numbers].tolist(), generator, 0.0)
        result = {}
        for level in LEVELS:
            times = torch.full((len(numbers), x0.shape[2]), level, device=x0.device)
            with torch.compiler.set_stance("force_eager"):  # it is of another batch size
                error = self._error(x0, noise, times, words, first)
            result[f"error_{level}"] = round(float(error.mean()), 4)
        return result
