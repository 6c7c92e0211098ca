"""The VAE stage: reconstruct crops of rendered clips, with more weight on edges and on what moves.

Loss: L1 weighted by motion and edges, squared error, L1 of spatial gradients, L1 at coarser scales, L1 of frame differences,
and a small KL where there is an encoder.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from soramame.errors import TrainingError
from soramame.model.vae import VAE
from soramame.train.clips import Clips, to_pixels
from soramame.train.config import VAERun
from soramame.train.optimiser import MuonAdamW, build
from soramame.train.parallel import Group

APART = ("encoder.conv_in", "decoder.conv_out")


def psnr(a: Tensor, b: Tensor) -> float:
    """Peak signal-to-noise ratio in dB of pixels in [-1, 1]."""
    return float(10 * torch.log10(4 / (a - b).square().mean().clamp_min(1e-12)))


def reconstruction(video: Tensor, target: Tensor, run: VAERun) -> dict[str, Tensor]:
    """Terms of the reconstruction loss of pixels ``(B, 3, T, H, W)``, unweighted."""
    error = video - target
    weight = 1 + run.motion * importance(target)
    pictures = error.transpose(1, 2).flatten(0, 1)
    coarse, gradient = error.new_zeros(()), _slope(pictures, 2) + _slope(pictures, 3)
    for _ in range(3):
        pictures = F.avg_pool2d(pictures, 2)
        coarse = coarse + pictures.abs().mean()
    change = error.diff(dim=2).abs().mean() if error.shape[2] > 1 else error.new_zeros(())
    pixel = (error.abs() * weight).mean() / weight.mean()
    return {
        "pixel": pixel,
        "square": error.square().mean(),
        "gradient": gradient,
        "coarse": coarse,
        "temporal": change,
    }


def _slope(pictures: Tensor, axis: int) -> Tensor:
    return pictures.diff(dim=axis).abs().mean()


@torch.no_grad()
def importance(target: Tensor) -> Tensor:
    """Where a watcher looks ``(B, 1, T, H, W)``, about 0 to 1: what moves, and edges."""
    moving = target.diff(dim=2).abs().amax(1) if target.shape[2] > 1 else target[:, 0, :0]
    moving = torch.cat([moving[:, :1], moving], 1) if moving.shape[1] else torch.zeros_like(target[:, 0])
    moving = F.max_pool2d(moving, 5, 1, 2)
    down, right = (F.pad(target.diff(dim=axis).abs().amax(1), pad) for axis, pad in ((3, (0, 0, 0, 1)), (4, (0, 1))))
    return (moving.clamp(max=1) + 0.5 * (down + right).clamp(max=1))[:, None]


class VAETask:
    """Trains a VAE on ``clips``; judged by PSNR on held-out whole clips."""

    def __init__(
        self, model: VAE, run: VAERun, clips: Clips, held_out: Clips, *, dtype: torch.dtype, device: str
    ) -> None:
        self.model: nn.Module = model
        self.vae, self.run, self.clips, self.held_out = model, run, clips, held_out
        self.dtype, self.device = dtype, device

    def optimiser(self, team: Group) -> MuonAdamW:
        """Muon on the convolutions inside, AdamW at both ends; the encoder is left alone in a decoder-only run."""
        if self.run.decoder_only:
            for name, p in self.vae.named_parameters():
                p.requires_grad_(name.startswith(("decoder", "post_quant")))
        return build(self.vae, apart=APART, team=team, dtype=self.dtype)

    def loss(self, generator: torch.Generator, count: int) -> dict[str, Tensor]:
        """Loss of ``count`` random crops; one in four is a single picture, since frame 0 is coded alone."""
        frames = 1 if int(torch.randint(4, (), generator=generator)) == 0 else self.run.frames
        number = count if frames > 1 else count * 2
        config = self.vae.config
        grid = (config.time_stride, config.space_stride)
        crops = [self.clips.crop(generator, frames, self.run.crop, grid=grid) for _ in range(number)]
        target = torch.stack([to_pixels(crop) for crop in crops]).to(self.device)
        with torch.autocast(self.device, self.dtype, enabled=self.dtype != torch.float32):
            with torch.set_grad_enabled(not self.run.decoder_only and self.vae.transform is None):
                mean, logvar = (part.float() for part in self.vae.encode_moments(target))
            noise = torch.randn(mean.shape, generator=generator).to(mean)
            deviation = (0.5 * logvar).exp()
            if self.vae.transform is not None:  # mostly little
                deviation = self.run.noise * torch.rand((number, 1, 1, 1, 1), generator=generator).square().to(mean)
            z = mean + noise * deviation
            video = self.vae.decode_raw(z).float()
        terms = reconstruction(video, target, self.run)
        run = self.run
        total = terms["pixel"] + run.gradient * terms["gradient"] + run.coarse * terms["coarse"] / 3
        total = total + run.square * terms["square"] + run.temporal * terms["temporal"]
        if self.vae.transform is None:
            terms["kl"] = 0.5 * (mean.square() + logvar.exp() - 1 - logvar).mean()
            total = total + run.kl * terms["kl"]
        return {"loss": total, **{name: term.detach() for name, term in terms.items()}}

    def validate(self, folder: Path, step: int) -> dict[str, float]:
        """PSNR in dB over a few held-out clips, of all frames and of frame 0 alone."""
        whole, first = [], []
        for number in range(min(6, len(self.held_out))):
            target = to_pixels(self.held_out.clip(number))[None].to(self.device)
            mean, _ = self.vae.encode_moments(target)
            video = self.vae.decode_raw(mean).float().clamp(-1, 1)
            whole.append(psnr(video, target))
            first.append(psnr(video[:, :, :1], target[:, :, :1]))
        return {"psnr": round(sum(whole) / len(whole), 3), "psnr_first": round(sum(first) / len(first), 3)}


def fit_transform(vae: VAE, clips: Clips, *, count: int = 24_000, seed: int = 0) -> None:
    """Fit the VAE's transform to blocks of the clips on its grid: one half anywhere, the other the busiest of six."""
    if vae.transform is None:
        raise TrainingError("this VAE has an encoder to train and no transform to fit.")
    config, rng = vae.config, np.random.default_rng(seed)
    edge, frames = config.space_stride, config.time_stride
    blocks = []
    for number in range(count):
        clip = clips.clip(int(rng.integers(len(clips))))
        room = ((len(clip) - 1) // frames, clip.shape[1] // edge, clip.shape[2] // edge)
        found: list[NDArray[np.float32]] = []
        for _ in range(1 if number % 2 else 6):
            t, y, x = (int(rng.integers(n)) for n in room)
            piece = clip[1 + t * frames : 1 + (t + 1) * frames, y * edge : (y + 1) * edge, x * edge : (x + 1) * edge]
            found.append(piece.astype(np.float32) / 127.5 - 1)
        busiest = max(found, key=lambda piece: float(np.abs(np.diff(piece, axis=0)).mean()))
        blocks.append(busiest.transpose(0, 3, 1, 2).reshape(frames, -1))
    vae.transform.fit(torch.from_numpy(np.stack(blocks)))


@torch.no_grad()
def calibrate(vae: VAE, clips: Clips, *, count: int = 48, device: str = "cpu") -> None:
    """Set the latent mean and deviation of each channel from so many clips: the DiT works on latents of unit deviation.

    A transform has them in itself.
    """
    if vae.transform is not None:
        return
    means = [vae.encode_moments(to_pixels(clips.clip(n))[None].to(device))[0] for n in range(min(count, len(clips)))]
    latents = torch.cat(means)
    vae.latent_mean.copy_(latents.mean((0, 2, 3, 4)))
    vae.latent_std.copy_(latents.std((0, 2, 3, 4)))
