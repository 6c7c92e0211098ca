"""A fixed linear transform of blocks of pixels to latents and back: principal components in space, and of what moves.

A block is a latent cell's pixels: ``edge x edge`` of one frame for a clip's first latent frame, of ``frames`` frames for
every later one. Its mean frame gives the *still* components, what is left the *moving* ones (none in a first frame). On
a drawn world this keeps more than a small encoder learns in half an hour, costs one matrix product, and never changes, so that
a decoder can be trained further under a finished diffusion model.
"""

from __future__ import annotations

import torch
from einops import rearrange
from torch import Tensor, nn

from soramame.nn.streaming import Stream

JOIN = (0.7, 0.2)
"""What the first frames of a block take of the step from the block before (:meth:`BlockTransform.join`)."""
STEP = 12 / 127.5
"""The largest step that is taken for the transform's own, in pixels of [-1, 1]: more is a change of the picture."""


class BlockTransform(nn.Module):
    """Pixels ``(B, 3, T, H, W)`` to ``still + moving`` channels ``(B, C, F, Y, X)`` and back."""

    mean: Tensor
    still: Tensor
    moving: Tensor
    scale: Tensor

    def __init__(self, still: int, moving: int, *, edge: int, frames: int) -> None:
        super().__init__()
        self.edge, self.frames = edge, frames
        picture = 3 * edge * edge
        self.register_buffer("mean", torch.zeros(picture))
        self.register_buffer("still", torch.eye(still, picture))
        self.register_buffer("moving", torch.eye(moving, frames * picture))
        self.register_buffer("scale", torch.ones(still + moving))

    def encode(self, pixels: Tensor, *, first: bool) -> Tensor:
        """Latents of ``1 + k * frames`` frames if ``first`` (the clip begins here), else of ``k * frames``."""
        blocks = rearrange(pixels, "b c t (y p) (x q) -> b t y x (c p q)", p=self.edge, q=self.edge) - self.mean
        head, rest = blocks[:, : int(first)], blocks[:, int(first) :]
        groups = rearrange(rest, "b (f t) y x d -> b f t y x d", t=self.frames)
        mean = groups.mean(2)
        alone = torch.cat([head, mean], 1) @ self.still.mT
        change = alone.new_zeros(*alone.shape[:-1], len(self.moving))
        if rest.shape[1]:
            left = rearrange(groups - mean[:, :, None], "b f t y x d -> b f y x (t d)")
            change[:, int(first) :] = left @ self.moving.mT
        return (torch.cat([alone, change], -1) / self.scale).movedim(-1, 1)

    def decode(self, z: Tensor, *, first: bool) -> Tensor:
        """Pixels of latents: one frame for the first latent frame if ``first``, ``frames`` for every other."""
        coefficients = z.movedim(1, -1) * self.scale
        alone = coefficients[..., : len(self.still)] @ self.still + self.mean
        head, rest = alone[:, : int(first)], alone[:, int(first) :]
        change = coefficients[:, int(first) :, ..., len(self.still) :] @ self.moving
        groups = rest[:, :, None] + rearrange(change, "b f y x (t d) -> b f t y x d", t=self.frames)
        blocks = torch.cat([head, groups.flatten(1, 2)], 1)
        return rearrange(blocks, "b t y x (c p q) -> b c t (y p) (x q)", p=self.edge, q=self.edge)

    def join(self, pixels: Tensor, stream: Stream | None = None) -> Tensor:
        """Decoded pixels ``(B, 3, T, H, W)`` without the steps where blocks of frames follow one another.

        A block lacks what the transform drops, each block other things, so pictures jump from block to block. Seen across the
        border, as the block of the last frames of one and the first of the next, the jump is what the transform would drop:
        most of that is taken off the first frames of the new block (deblocking by transforming again at a shift: Nosratinia
        2001; small steps only, as in H.264). Frames before stay as they are, so it streams.
        """
        half = self.frames // 2
        if not half:
            return pixels
        past = stream.recall() if stream is not None else None
        head = pixels[:, :, : 1 if past is None else 0]
        shown = [head.expand(-1, -1, half, -1, -1) if past is None else past.to(pixels)]
        shares = pixels.new_tensor(JOIN + (0.0,) * self.frames)[: self.frames, None, None]
        for at in range(head.shape[2], pixels.shape[2], self.frames):
            block = pixels[:, :, at : at + self.frames]
            across = torch.cat([shown[-1][:, :, -half:], block[:, :, :half]], 2)
            change = self.decode(self.encode(across, first=False), first=False) - across
            step = (change[:, :, half] - change[:, :, half - 1]).clamp(-STEP, STEP)
            shown.append(block + shares * step[:, :, None])
        if stream is not None:
            stream.keep(shown[-1][:, :, -half:])
        return torch.cat([head, *shown[1:]], 2)

    @torch.no_grad()
    def fit(self, blocks: Tensor) -> None:
        """Take the components from sample blocks ``(N, frames, 3 * edge * edge)``.

        A channel keeps the square root of its deviation in pixels, all channels together have unit power: what matters
        more is larger, so that it stands out of the noise first and weighs more in a loss.
        """
        wide = blocks.double()
        mean, middle = wide.mean((0, 1)), wide.mean(1)
        still, power_still = _principal(middle - mean, len(self.still))
        moving, power_moving = _principal((wide - middle[:, None]).flatten(1), len(self.moving))
        coefficients = torch.cat([power_still, power_moving]).clamp_min(1e-12)
        in_pixels = torch.cat([self.frames * power_still, power_moving]).clamp_min(1e-12)
        deviation = in_pixels**0.25 / in_pixels.sqrt().mean().sqrt()
        scale = coefficients.sqrt() / deviation
        for name, value in (("mean", mean), ("still", still), ("moving", moving), ("scale", scale)):
            getattr(self, name).copy_(value)


def _principal(samples: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The first principal directions ``(count, D)`` of centred samples ``(N, D)``, N at least ``count``, and the power
    along each."""
    if len(samples) < samples.shape[1]:
        _, values, directions = torch.linalg.svd(samples, full_matrices=False)
        return directions[:count], values[:count].square() / len(samples)
    values, vectors = torch.linalg.eigh(samples.mT @ samples / len(samples))
    return vectors.mT.flip(0)[:count], values.flip(0)[:count]
