"""The VAE stage: reconstruct crops of rendered clips, with more weight on edges and on what moves.

Loss: L1 weighted by motion and edges, L1 of spatial gradients, L1 at coarser scales, L1 of frame differences, and a small KL.
"""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from soramame.model.vae import VAE
from soramame.train.clips import Clips, to_pixels
from soramame.train.config import VAERun
from soramame.train.optimiser import MuonAdamW, build
from soramame.train.parallel import Group

APART = ("encoder.conv_in", "decoder.conv_out")


def psnr(a: Tensor, b: Tensor) -> float:
    """Peak signal-to-noise ratio in dB of pixels in [-1, 1]."""
    return float(10 * torch.log10(4 / (a - b).square().mean().clamp_min(1e-12)))


def _gradients(x: Tensor) -> tuple[Tensor, Tensor]:
    return x[..., 1:, :] - x[..., :-1, :], x[..., 1:] - x[..., :-1]


def reconstruction(video: Tensor, target: Tensor, run: VAERun) -> dict[str, Tensor]:
    """Terms of the reconstruction loss of pixels ``(B, 3, T, H, W)``, unweighted."""
    error = (video - target).abs()
    weight = 1 + run.motion * importance(target)
    across = zip(_gradients(video), _gradients(target), strict=True)
    gradient = torch.stack([(a - b).abs().mean() for a, b in across]).sum()
    coarse = error.new_zeros(())
    for factor in (2, 4, 8):
        shape = (1, factor, factor)
        coarse = coarse + (F.avg_pool3d(video, shape) - F.avg_pool3d(target, shape)).abs().mean()
    change = (video.diff(dim=2) - target.diff(dim=2)).abs().mean() if video.shape[2] > 1 else error.new_zeros(())
    pixel = (error * weight).mean() / weight.mean()
    return {"pixel": pixel, "gradient": gradient, "coarse": coarse, "temporal": change}


def importance(target: Tensor) -> Tensor:
    """Where a watcher looks ``(B, 1, T, H, W)``, about 0 to 1: what moves, and edges."""
    moving = target.diff(dim=2).abs().amax(1, keepdim=True) if target.shape[2] > 1 else target[:, :1, :0]
    moving = torch.cat([moving[:, :, :1], moving], 2) if moving.shape[2] else torch.zeros_like(target[:, :1])
    moving = F.max_pool3d(moving, (1, 5, 5), 1, (0, 2, 2))
    down, right = _gradients(target)
    edge = F.pad(down.abs().amax(1, keepdim=True), (0, 0, 0, 1)) + F.pad(right.abs().amax(1, keepdim=True), (0, 1))
    return moving.clamp(max=1) + 0.5 * edge.clamp(max=1)


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
        return build(self.vae, apart=APART, team=team)

    def loss(self, generator: torch.Generator, count: int) -> dict[str, Tensor]:
        """Loss of ``count`` random crops; one in four is a single picture, since frame 0 is coded alone."""
        frames = 1 if int(torch.randint(4, (), generator=generator)) == 0 else self.run.frames
        number = count if frames > 1 else count * 2
        crops = [self.clips.crop(generator, frames, self.run.crop) for _ in range(number)]
        target = torch.stack([to_pixels(crop) for crop in crops]).to(self.device)
        with torch.autocast(self.device, self.dtype, enabled=self.dtype != torch.float32):
            with torch.set_grad_enabled(not self.run.decoder_only):
                mean, logvar = (part.float() for part in self.vae.encode_moments(target))
            noise = torch.randn(mean.shape, generator=generator).to(mean)
            z = mean + noise * (0.5 * logvar).exp()
            video = self.vae.decode_raw(z).float()
        terms = reconstruction(video, target, self.run)
        kl = 0.5 * (mean.square() + logvar.exp() - 1 - logvar).mean()
        run = self.run
        total = terms["pixel"] + run.gradient * terms["gradient"] + run.coarse * terms["coarse"] / 3
        total = total + run.temporal * terms["temporal"] + run.kl * kl
        return {"loss": total, "kl": kl.detach(), **{name: term.detach() for name, term in terms.items()}}

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


@torch.no_grad()
def calibrate(vae: VAE, clips: Clips, *, count: int = 48, device: str = "cpu") -> None:
    """Set the latent mean and deviation of each channel from so many clips: the DiT works on latents of unit deviation."""
    means = [vae.encode_moments(to_pixels(clips.clip(n))[None].to(device))[0] for n in range(min(count, len(clips)))]
    latents = torch.cat(means)
    vae.latent_mean.copy_(latents.mean((0, 2, 3, 4)))
    vae.latent_std.copy_(latents.std((0, 2, 3, 4)))
