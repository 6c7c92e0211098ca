"""The DiT stage: learn the velocity of cached latents on canvases drawn from the tasks themselves.

Frames that a canvas gives are shown clean and carry no loss; the rest is weighted towards actors and motion, which cover few
tokens, the more the less noise there is: near pure noise, where an actor may be anywhere, the weight would teach to paint it
everywhere. x0-predicting models are trained with the velocity loss (x0 error over time, time not below ``t_min``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from soramame.errors import ConfigError
from soramame.flow import canvas as tasks
from soramame.flow.path import interpolate, velocity, velocity_from_x0
from soramame.flow.schedule import logit_normal
from soramame.model.dit import DiT, Window
from soramame.model.text import PAD, TextEncoder
from soramame.train.cache import SHARD, SHORT, WORDINGS, Latents, with_layout
from soramame.train.config import DiTRun
from soramame.train.optimiser import MuonAdamW, build
from soramame.train.parallel import Group

APART = ("patch_embedding", "head", "proj_out", "absolute")
LEVELS = (0.3, 0.6, 0.9)
WIDTH = 32
"""Texts are padded to a multiple of so many tokens: a compiled block is compiled once for each width."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Of some clips: latents and layout ``x0 (B, C, F, Y, X)``, shares ``subject`` and ``moving (B, F, Y, X)``, the number of the
    first frame ``(B,)``, and which window of the picture this is.
    """

    x0: Tensor
    subject: Tensor
    moving: Tensor
    first: Tensor
    window: Window | None

    def cut(self, size: tuple[int, int], generator: torch.Generator) -> Piece:
        """A random window of so many rows and columns, among those that hold all of an item's subjects (or the most)."""
        whole = (self.x0.shape[3], self.x0.shape[4])
        held = F.avg_pool2d(self.subject.sum(1, keepdim=True), size, stride=1)
        columns = held.shape[-1]
        good = (held >= 0.98 * held.amax((2, 3), keepdim=True)).flatten(1)
        chosen = torch.multinomial(good.float(), 1, generator=generator)[:, 0]
        window = Window(row=chosen // columns, column=chosen % columns, whole=whole)
        rows, cells = window.cells(size)
        items = torch.arange(len(chosen), device=chosen.device)[:, None, None]

        def taken(field: Tensor) -> Tensor:
            return field.movedim((-2, -1), (1, 2))[items, rows[:, :, None], cells[:, None]].movedim((1, 2), (-2, -1))

        return replace(self, x0=taken(self.x0), subject=taken(self.subject), moving=taken(self.moving), window=window)


def emphasis(piece: Piece, times: Tensor, run: DiTRun) -> Tensor:
    """How much each cell's error counts ``(B, F, Y, X)`` at times ``(B, F)``: 1, and more on actors and motion where they can
    be seen through the noise.
    """
    seen = (1 - times)[:, :, None, None]
    return 1 + seen * (run.subject * piece.subject + run.motion * piece.moving)


class DiTTask:
    """Trains a DiT on cached latents, told in one of many wordings each time; the text encoder is frozen."""

    def __init__(
        self,
        model: DiT,
        text: TextEncoder,
        run: DiTRun,
        latents: Sequence[Latents],
        held_out: Latents,
        *,
        dtype: torch.dtype,
        device: str,
    ) -> None:
        """``latents`` of each form of clips, in the memory of ``device``."""
        if run.window is not None and model.config.patch != (1, 1, 1):
            raise ConfigError("a window is of latent cells, so the network's patch has to be (1, 1, 1).")
        self.model: nn.Module = model
        self.dit, self.text, self.run = model, text.eval().requires_grad_(False), run
        self.latents, self.held_out, self.dtype, self.device = tuple(latents), held_out, dtype, device
        self.dice = torch.Generator(device)
        known = min(SHARD, len(latents[0]))
        deviation = latents[0].fields["latents"][:known].float().std((0, 2, 3, 4)).pow(run.coarse)
        self.shares = torch.cat([deviation / deviation.mean(), deviation.new_ones(model.config.layout)])

    def optimiser(self, team: Group) -> MuonAdamW:
        """Muon on the matrices of the blocks, AdamW on embeddings, modulation and the head."""
        return build(self.dit, apart=APART, team=team, dtype=self.dtype)

    def words(self, data: Latents, numbers: Tensor, generator: torch.Generator, drop: float) -> Tensor:
        """Ids ``(B, L, P)`` of one wording of each clip; of the empty prompt for a share ``drop``. All of a batch are short (two
        of three batches) or long, and on a CPU no wider than its longest.
        """
        few = torch.rand((), generator=generator) < 2 / 3
        low, high = (0, SHORT) if few else (SHORT, WORDINGS)
        which = torch.randint(low, high, (len(numbers),), generator=generator).to(self.device)
        kept = (torch.rand(len(numbers), generator=generator) >= drop).to(self.device)
        ids = data.fields["words"][numbers, which].long()
        ids[:, 1:] *= kept[:, None, None]  # the empty prompt is the null token alone
        if self.device == "cpu":
            longest = int((ids[:, :, 0] != PAD).sum(1).max())
            ids = ids[:, : -(-longest // WIDTH) * WIDTH]
        return ids

    def _pick(self, data: Latents, numbers: Tensor, generator: torch.Generator) -> Piece:
        """Some clips cut to the run's number of frames, anywhere in time."""
        latents, rows = data.fields["latents"], numbers[:, None]
        free = latents.shape[2] - self.run.frames + 1
        first = torch.randint(free, (len(numbers),), generator=generator).to(self.device)
        index = first[:, None] + torch.arange(self.run.frames, device=self.device)
        x0, before = (latents[rows, :, i].float().movedim(2, 1) for i in (index, (index - 1).clamp_min(0)))
        moving = (x0 - before).abs().mean(1).clamp(max=2) / 2
        if self.dit.config.layout:
            x0 = with_layout(x0, data.fields["layout"][rows, :, index].movedim(2, 1))
        subject = data.fields["subject"][rows, index].float() / 255
        return Piece(x0=x0, subject=subject, moving=moving, first=first, window=None)

    def _data(self, generator: torch.Generator) -> Latents:
        """The clips of one form, drawn by how many there are."""
        shares = torch.tensor([float(len(data)) for data in self.latents])
        return self.latents[int(torch.multinomial(shares, 1, generator=generator))]

    def grow(self) -> None:
        """Take in what has been cached since."""
        for data in self.latents:
            data.grow()

    def loss(self, generator: torch.Generator, count: int) -> dict[str, Tensor]:
        """Velocity loss of ``count`` clips (or single latent frames) on random canvases at random times."""
        run, window = self.run, self.run.window
        self.dice.manual_seed(int(torch.randint(1 << 62, (), generator=generator)))
        if window is not None and torch.rand((), generator=generator) < run.whole:
            window, count = None, max(1, count // 2)
        data = self._data(generator)
        numbers = torch.randint(len(data), (count,), generator=generator).to(self.device)
        piece = self._pick(data, numbers, generator)
        piece = piece if window is None else piece.cut(window, self.dice)
        canvas = tasks.draw(piece.x0, generator, run.mix)
        if self.dit.config.layout:
            painted = (canvas.start > 0)[:, None, :, None, None]
            piece.x0[:, -self.dit.config.layout :] *= painted  # a given frame has no layout
        t = logit_normal((count, 1), generator, shift=run.shift, spread=run.spread).to(piece.x0)
        independent = (canvas.start > 0) & (canvas.start < 1)
        times = torch.where(independent, canvas.start, canvas.clock(t))
        noise = torch.randn(piece.x0.shape, generator=self.dice, device=self.device)
        words = self.words(data, numbers, generator, run.drop_text)
        error = self._error(piece, noise, times, words).mean(1)
        weight = emphasis(piece, times, run) * (canvas.start > 0)[:, :, None, None]
        return {"loss": (error * weight).sum() / weight.sum().clamp_min(1)}

    def _error(self, piece: Piece, noise: Tensor, times: Tensor, ids: Tensor) -> Tensor:
        """Squared velocity error ``(B, C, F, Y, X)``, each channel times its share."""
        x0 = piece.x0
        x_t = interpolate(x0, noise, times)
        mask = ids[:, :, 0] != PAD
        with torch.no_grad():
            tokens, pooled = self.text(ids, mask)
        with torch.autocast(self.device, self.dtype, enabled=self.dtype != torch.float32):
            out = self.dit(
                x_t, times, tokens, mask, pooled=pooled, first_frame=piece.first, window=piece.window
            ).float()
        if self.dit.config.prediction == "x0":
            out = velocity_from_x0(x_t, out, times, self.run.t_min)
            target = velocity_from_x0(x_t, x0, times, self.run.t_min)
        else:
            target = velocity(x0, noise)
        error: Tensor = (out - target).square() * self.shares[:, None, None, None]
        return error

    def validate(self, folder: Path, step: int) -> dict[str, float]:
        """Velocity error on held-out clips with everything noised, at three times, channels weighed as in the loss; the same
        noise and words each time.
        """
        generator = torch.Generator().manual_seed(1)
        numbers = torch.arange(min(24, len(self.held_out)), device=self.device)
        piece = self._pick(self.held_out, numbers, generator)
        noise = torch.randn(piece.x0.shape, generator=generator).to(piece.x0)
        words = self.words(self.held_out, numbers, generator, 0.0)
        result = {}
        latents = piece.x0.shape[1] - self.dit.config.layout
        for level in LEVELS:
            times = torch.full((len(numbers), self.run.frames), level, device=self.device)
            with torch.compiler.set_stance("force_eager"):  # it is of another batch size
                error = self._error(piece, noise, times, words)
            result[f"error_{level}"] = round(float(error[:, :latents].mean()), 4)
            if self.dit.config.layout:
                result[f"layout_{level}"] = round(float(error[:, latents:].mean()), 4)
        return result
