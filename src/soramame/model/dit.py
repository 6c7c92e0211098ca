"""The diffusion transformer of the Wan family: latents at some noise to a velocity (or to the video itself).

Time is one number a latent frame, so that some frames can be given and others painted; modulation is held once a
frame. The residual stream is float32 whatever the dtype of the weights. Architecture: Wan 2.1 and 2.2 (Wan-Video,
Apache-2.0) and SkyReels-V2 (diffusion forcing: Chen et al. 2024); the bundled model adds absolute positions, pooled
text and a text refiner.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn

from soramame.errors import SizeError
from soramame.flow.path import velocity_from_x0
from soramame.model.dit_blocks import AbsolutePositions, Block, Context, Head, ImageEmbedding, TextRefiner, Window
from soramame.model.dit_config import DiTConfig
from soramame.nn.attention import Backend
from soramame.nn.layers import Linear, sinusoid
from soramame.nn.rope import rotation

__all__ = ["DiT", "DiTConfig", "Extra", "Window", "add_layout", "initialise"]

TIME_SCALE = 1000.0
"""The family's time embedding counts from 0 to 1000."""


@dataclass(frozen=True, kw_only=True)
class Extra:
    """What only some public models read.

    ``image (B, P, image_dim)``: features of a picture (Wan 2.1 I2V: CLIP; FLF2V: both pictures' in a row, P = 514).
    ``fps``: frames a second (SkyReels 1.3B knows 16 and 24). ``causal_block``: if more than 0, a frame sees only
    frames of its own block of so many latent frames and of earlier ones (SkyReels asynchronous mode).
    """

    image: Tensor | None = None
    fps: float | None = None
    causal_block: int = 0


class DiT(nn.Module):
    """Latents ``(B, C, F, Y, X)`` at times ``(B, F)`` and text ``(B, L, E)`` to an output like the latents."""

    def __init__(self, config: DiTConfig, *, attention: Backend = "auto") -> None:
        super().__init__()
        self.config = config
        self.attention: Backend = attention
        c, dim = config, config.dim
        self.patch_embedding = nn.Conv3d(c.in_channels, dim, c.patch, stride=c.patch)
        self.text_embedding = nn.Sequential(Linear(c.text_dim, dim), nn.GELU(approximate="tanh"), Linear(dim, dim))
        self.time_embedding = nn.Sequential(Linear(c.freq_dim, dim), nn.SiLU(), Linear(dim, dim))
        self.time_projection = nn.Sequential(nn.SiLU(), Linear(dim, 6 * dim))
        self.img_emb = ImageEmbedding(c.image_dim, dim, positions=c.image_positions) if c.image_dim else None
        if c.fps_embedding:
            self.fps_embedding = nn.Embedding(2, dim)
            self.fps_projection = nn.Sequential(Linear(dim, dim), nn.SiLU(), Linear(dim, 6 * dim))
        self.text_refiner = TextRefiner(dim, c.heads, eps=c.eps) if c.text_refiner else None
        pooled = nn.Sequential(Linear(c.text_dim, dim), nn.SiLU(), Linear(dim, dim))
        self.pooled_embedding = pooled if c.text_pooled else None
        self.absolute = AbsolutePositions(dim, c.position_grid, c.position_frames) if c.absolute_positions else None
        image = config.image_dim is not None
        self.blocks = nn.ModuleList(Block(dim, c.heads, c.ffn, eps=c.eps, image=image) for _ in range(c.layers))
        self.head = Head(dim, c.out_channels * c.patch[1] * c.patch[2], eps=c.eps)
        initialise(self)

    def forward(
        self,
        x: Tensor,
        t: Tensor,
        text: Tensor,
        text_mask: Tensor | None = None,
        *,
        pooled: Tensor | None = None,
        first_frame: Tensor | float = 0.0,
        window: Window | None = None,
        extra: Extra | None = None,
    ) -> Tensor:
        """The raw output ``(B, out_channels, F, Y, X)``: a velocity, or the video itself if ``config.prediction`` is
        x0.

        ``x (B, in_channels, F, Y, X)`` latents with any condition channels behind them; ``t (B, F)`` in [0, 1];
        ``text (B, L, text_dim)``; ``text_mask (B, L)`` bool, true where there is a token (without it every row is
        read: the family pads with zero vectors); ``pooled (B, text_dim)`` where the configuration has it;
        ``first_frame``: coordinate of the first latent frame, a number or ``(B,)``, or ``(B, F)`` the coordinates of
        all, fractions allowed; ``window``: where in a larger picture these latents lie.
        """
        extra = extra if extra is not None else Extra()
        f, height, width = x.shape[2:]
        size = self._size(height, width)
        frames = _coordinates(first_frame, f, x.device)
        time, modulation = self._time(t, pooled, extra.fps)
        context = self._context(text, text_mask, frames, size, extra)
        tokens = self._patches(x).float()
        if self.absolute is not None:
            tokens = tokens + self.absolute(frames, size, window)
        for block in self.blocks:
            tokens = block(tokens, modulation, context)
        out: Tensor = self.head(tokens, time)
        _, p, q = self.config.patch
        return rearrange(out, "b (f y x) (p q c) -> b c f (y p) (x q)", f=f, y=size[0], p=p, q=q)

    def velocity(
        self,
        x: Tensor,
        t: Tensor,
        text: Tensor,
        text_mask: Tensor | None = None,
        *,
        pooled: Tensor | None = None,
        first_frame: Tensor | float = 0.0,
        extra: Extra | None = None,
    ) -> Tensor:
        """Velocity ``noise - x0 (B, out_channels, F, Y, X)`` in float32, whatever the network predicts. Arguments as
        for :meth:`forward`.
        """
        out: Tensor = self(x, t, text, text_mask, pooled=pooled, first_frame=first_frame, extra=extra).float()
        if self.config.prediction == "velocity":
            return out
        return velocity_from_x0(x[:, : self.config.out_channels].float(), out, t.float())

    def cast(self, dtype: torch.dtype) -> DiT:
        """Large matrices to ``dtype`` in place; what the original keeps in float32 (time, modulation, norms, head)
        stays so.
        """
        self.patch_embedding.to(dtype)
        self.text_embedding.to(dtype)
        for block in self.blocks:
            for module in block.modules():
                if isinstance(module, Linear):
                    module.to(dtype)
        return self

    def _size(self, height: int, width: int) -> tuple[int, int]:
        _, p, q = self.config.patch
        if height % p or width % q:
            raise SizeError(f"latents have to be a multiple of {q} wide and {p} high, not {width}x{height}.")
        return height // p, width // q

    def _patches(self, x: Tensor) -> Tensor:
        """The patch convolution as a matrix product, tokens ``(B, F * Y * X, dim)`` in the order frame, row, column."""
        _, p, q = self.config.patch
        flat = rearrange(x, "b c f (y p) (x q) -> b (f y x) (c p q)", p=p, q=q)
        weight = self.patch_embedding.weight.flatten(1)
        return F.linear(flat.to(weight.dtype), weight, self.patch_embedding.bias)

    def _time(self, t: Tensor, pooled: Tensor | None, fps: float | None) -> tuple[Tensor, Tensor]:
        """Time embedding ``(B, F, dim)`` and what it gives to all blocks ``(B, F, 6, dim)``, in float32."""
        time: Tensor = self.time_embedding(sinusoid(t.double() * TIME_SCALE, self.config.freq_dim)).float()
        if self.pooled_embedding is not None:
            if pooled is None:
                raise ValueError("this model reads the pooled text: pass pooled=")
            time = time + self.pooled_embedding(pooled).float()[:, None]
        modulation = self.time_projection(time).float()
        if self.config.fps_embedding:
            if fps is None:
                raise ValueError("this model reads the frame rate: pass extra=Extra(fps=...)")
            index = torch.tensor(0 if fps == 16 else 1, device=t.device)  # its two rows are 16 and 24 frames a second
            modulation = modulation + self.fps_projection(self.fps_embedding(index)).float()
        return time, modulation.unflatten(-1, (6, -1))

    def _context(
        self, text: Tensor, text_mask: Tensor | None, frames: Tensor, size: tuple[int, int], extra: Extra
    ) -> Context:
        seen = None
        if text_mask is not None:
            # An empty prompt has no token to read: it reads the zero vectors, so that no softmax is over nothing.
            text = text * text_mask[..., None]
            seen = (text_mask | ~text_mask.any(-1, keepdim=True))[:, None, None]
        tokens: Tensor = self.text_embedding(text)
        if self.text_refiner is not None:
            tokens = self.text_refiner(tokens.float(), seen, self.attention)
        rows, columns = (torch.arange(n, device=text.device) for n in size)
        return Context(
            text=tokens,
            text_mask=seen,
            picture=self._picture(extra.image),
            turn=rotation(frames, rows, columns, self.config.head_dim),
            self_mask=_causal(frames.shape[1], size[0] * size[1], extra.causal_block, text.device),
            backend=self.attention,
        )

    def _picture(self, image: Tensor | None) -> Tensor | None:
        if (self.img_emb is None) != (image is None):
            raise ValueError("a picture's features go with models that have an image branch, and only with those")
        return self.img_emb(image) if self.img_emb is not None else None


def _causal(frames: int, tokens: int, block: int, device: torch.device) -> Tensor | None:
    """Which tokens ``(N, N)`` see which, if blocks of so many frames see only themselves and earlier ones."""
    if not block:
        return None
    number = (torch.arange(frames, device=device) // block).repeat_interleave(tokens)
    return number[:, None] >= number[None, :]


def _coordinates(first: Tensor | float, count: int, device: torch.device) -> Tensor:
    """Coordinates of latent frames ``(B or 1, F)``."""
    start = torch.as_tensor(first, dtype=torch.float64, device=device)
    return start if start.ndim == 2 else start.reshape(-1, 1) + torch.arange(count, device=device)


def initialise(dit: DiT) -> None:
    """Set the weights that training starts from.

    | what | weight | bias |
    |---|---|---|
    | projections | Xavier uniform | 0 |
    | text and time embedding | normal, deviation 0.02 | 0 |
    | shared time projection, modulation tables | 0: every gate is shut, a block begins as the identity | 0 |
    | output of attention to text, of the text refiner, of the pooled text | 0 | 0 |
    | head | 0 | 0 |
    | absolute positions | normal, deviation 0.02 | |
    """
    for module in dit.modules():
        if isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
            nn.init.zeros_(module.bias)
    nn.init.xavier_uniform_(dit.patch_embedding.weight.flatten(1))
    if dit.patch_embedding.bias is not None:
        nn.init.zeros_(dit.patch_embedding.bias)
    for small in [*dit.text_embedding, *dit.time_embedding]:
        if isinstance(small, nn.Linear):
            nn.init.normal_(small.weight, std=0.02)
    if dit.absolute is not None:
        nn.init.normal_(dit.absolute.space, std=0.02)
        nn.init.normal_(dit.absolute.time, std=0.02)
    for closed in _closed(dit):
        nn.init.zeros_(closed.weight)


def add_layout(dit: DiT, layout: int) -> DiT:
    """A copy with ``layout`` channels of layout where the network has none: their weights are 0, latents come out as before."""
    c = dit.config
    wide = DiT(replace(c, in_channels=c.in_channels + layout, out_channels=c.out_channels + layout, layout=layout))
    weights = dit.state_dict()
    first = weights["patch_embedding.weight"]
    weights["patch_embedding.weight"] = torch.cat([first, first.new_zeros(len(first), layout, *first.shape[2:])], 1)
    for name in ("head.head.weight", "head.head.bias"):
        old = weights[name].unflatten(0, (-1, c.out_channels))
        weights[name] = torch.cat([old, old.new_zeros(old.shape[0], layout, *old.shape[2:])], 1).flatten(0, 1)
    wide.load_state_dict(weights)
    return wide


def _closed(dit: DiT) -> list[nn.Linear]:
    """Projections that begin at zero."""
    last = [dit.time_projection[1], dit.head.head]
    last += [block.cross_attn.o for block in dit.blocks if isinstance(block, Block)]
    if dit.text_refiner is not None:
        last += [dit.text_refiner.attn.o, dit.text_refiner.ffn[2]]
    if dit.pooled_embedding is not None:
        last.append(dit.pooled_embedding[2])
    return [module for module in last if isinstance(module, nn.Linear)]
