"""The one engine behind library, command line and server: its networks, and what of a request they are told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor

from soramame.engine.request import SOLVERS, Check, Frames, Request, fingerprint
from soramame.errors import OptionError
from soramame.flow.canvas import Canvas, without_layout
from soramame.flow.guidance import Velocity, guided
from soramame.flow.sample import Progress, Told, sample
from soramame.flow.schedule import schedule, shift_time
from soramame.flow.window import at_once
from soramame.geometry import LatentGrid, Size, frames_for, latent_frames, pixel_frames
from soramame.model.dit_config import MASK
from soramame.model.text import tokenize
from soramame.nn.streaming import State
from soramame.runtime import Runtime
from soramame.safety.guard import Guard
from soramame.weights.store import Model

T = TypeVar("T")
ROLLING = 0.7
"""Share of a model's own number of steps that a frame makes in a window that rolls along: there it is seen in more states of its
neighbours, and ten steps for fourteen made the same clips."""


class Engine:
    """A loaded model, ready to make clips."""

    def __init__(
        self, model: Model, runtime: Runtime, *, guard: Guard | None = None, checks: Sequence[Check] = ()
    ) -> None:
        """``guard`` checks what is asked for and what comes out, which it marks and signs: by the default policy unless given.
        ``checks`` see every request too, before anything is computed; each may raise to refuse it.
        """
        self.card, self.runtime, self.checks = model.card, runtime, tuple(checks)
        self.guard = Guard.load() if guard is None else guard
        torch.set_num_threads(runtime.threads)
        self._vae = model.vae.to(runtime.device, runtime.dtype)
        self._dit = model.dit.to(runtime.device)
        if runtime.dtype != torch.float32:
            self._dit = self._dit.cast(runtime.dtype)
        self._dit.attention = runtime.attention
        self._text = model.text.to(runtime.device)
        self.layout = self._dit.config.layout
        self.channels = model.vae.config.latent_channels + self.layout
        """Channels of latents and of layout behind them."""
        config = self._vae.config
        self.grid = LatentGrid(space=config.space_stride, time=config.time_stride, patch=self._dit.config.patch[1])
        d = self.card.defaults
        self.length = latent_frames(frames_for(d.seconds, d.fps, self.grid.time), self.grid.time)
        """Latent frames that the model holds at once."""

    def complete(self, request: Request) -> Request:
        """The request with the model's defaults in place of what it leaves open, and its size checked."""
        d = self.card.defaults
        size, seconds = request.size or Size(width=d.width, height=d.height), request.seconds
        if request.known:
            size = Size(width=request.known[0].shape[2], height=request.known[0].shape[1])
        if request.source is not None:
            seconds = len(request.source) / d.fps
        return replace(
            request,
            size=self.grid.check(size),
            seconds=d.seconds if seconds is None else seconds,
            steps=self._steps(request, seconds) if request.steps is None else request.steps,
            guidance=self._guidance(request) if request.guidance is None else request.guidance,
            solver=d.solver if request.solver is None else request.solver,
        )

    def _guidance(self, request: Request) -> float:
        """The model's own guidance, another where a clip goes on."""
        d, beside = self.card.defaults, request.source is None and bool(request.known)
        return d.guidance_beside if beside and d.guidance_beside is not None else d.guidance

    def _steps(self, request: Request, seconds: float | None) -> int:
        """The model's own number of steps, fewer where a window rolls along."""
        d, stride = self.card.defaults, self.grid.time
        seconds = d.seconds if seconds is None else seconds
        before, after = (0 if side is None else len(side) for side in (request.before, request.after))
        if request.known:
            new, after = max(1, round(seconds * d.fps)), max(after, stride) if after else 0
        else:
            before, after = int(request.image is not None), stride * (request.last_image is not None)
            new = frames_for(seconds, d.fps, stride) - before - after
        whole = at_once(before, max(0, new), after, length=self.length, stride=stride) is not None
        return d.steps if whole or (after and not before) else max(1, round(ROLLING * d.steps))

    def walk(self, request: Request, board: Canvas, *, noise: Tensor, times: Tensor, seed: int) -> Iterator[Progress]:
        """Paint a canvas with the model that has been told a request."""
        solver = SOLVERS[known(request.solver)]([seed])
        told: Told = "frame" if self._dit.config.conditioning == "time" else "clip"
        velocity = self._velocity(request, self._condition(board))
        return sample(velocity, board, noise=noise.to(board.latents), times=times, solver=solver, told=told)

    def ladder(self, request: Request) -> Tensor:
        """The times of a request's steps, from where its source is painted over, ``(steps + 1,)``."""
        times = schedule(known(request.steps), shift=self.card.defaults.shift)
        first = self.noise_of(request.strength)
        return times if first >= 1 else torch.cat([times.new_tensor([first]), times[times < first]])

    def noise_of(self, strength: float) -> float:
        """The time at which a share ``strength`` of a schedule's steps is still to be made."""
        return float(shift_time(torch.tensor(strength, dtype=torch.float64), self.card.defaults.shift))

    def decode(self, latents: Tensor) -> Frames:
        """Latents ``(1, C, F, Y, X)`` as frames, one latent frame at a time, so that memory does not grow with length. Channels
        of layout behind them are left out.
        """
        return self.decode_on(latents, None)[0]

    def decode_on(self, latents: Tensor, state: State | None) -> tuple[Frames, State | None]:
        """The same for latents that go on from those before; ``state`` is what was returned with them, None at the start."""
        first, count = state is None, latents.shape[2]
        height, width = latents.shape[3] * self.grid.space, latents.shape[4] * self.grid.space
        length = pixel_frames(count, self.grid.time) if first else count * self.grid.time
        frames, at = np.empty((length, height, width, 3), np.uint8), 0
        with torch.inference_mode():
            video = latents[:, : self._vae.config.latent_channels]
            for latent in torch.split(video.to(self.runtime.dtype), 1, dim=2):
                pixels, state = self._vae.decode_chunk(latent, state)
                piece = pixels[0].float().add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8)
                frames[at : at + piece.shape[1]] = piece.permute(1, 2, 3, 0).cpu().numpy()
                at += piece.shape[1]
        return frames, state

    def encode(self, frames: Frames) -> Tensor:
        """Frames uint8 ``(1 + 4k, H, W, 3)`` as normalised latents ``(1, C, 1 + k, Y, X)`` in float32."""
        with torch.inference_mode():
            pixels = torch.from_numpy(np.ascontiguousarray(frames)).permute(3, 0, 1, 2)[None]
            pixels = pixels.to(self.runtime.device, self.runtime.dtype).div(127.5).sub(1)
            return self._vae.encode(pixels).float()

    def known(self, frames: Frames) -> Tensor:
        """Frames as the latents that a canvas gives: :meth:`encode`, with channels of layout, if the model has them, behind."""
        return without_layout(self.encode(frames), self.layout)

    def reconstruct(self, frames: Frames) -> Frames:
        """Frames through the VAE and back: what it cannot hold is lost."""
        return self.decode(self.encode(frames))

    def _velocity(self, request: Request, condition: Tensor | None) -> Velocity:
        conditional, unconditional = (self.told(text, condition) for text in (request.prompt, request.negative))
        return guided(conditional, unconditional, known(request.guidance))

    def _condition(self, board: Canvas) -> Tensor | None:
        """What a model is shown of a canvas behind the noise, if it is: a mask of what is given, and that, on grey (Wan 2.1)."""
        if self._dit.config.conditioning != "channels":
            return None
        latents = board.latents[:, : self._vae.config.latent_channels]
        frames, (height, width) = pixel_frames(latents.shape[2], self.grid.time), latents.shape[3:]
        grey = latents.new_zeros(1, 3, frames, height * self.grid.space, width * self.grid.space)
        blank = self._vae.encode(grey.to(self.runtime.dtype)).to(latents)
        given = board.given.expand(-1, -1, -1, height, width)
        return torch.cat([given.expand(-1, MASK, -1, -1, -1).to(latents), torch.where(given, latents, blank)], 1)

    def told(self, prompt: str, condition: Tensor | None = None) -> Velocity:
        """The velocity of the model that has been told a prompt; the empty prompt is the unconditional model. ``condition``: what it
        reads behind the noise.
        """
        ids, mask = tokenize([prompt])
        ids, mask = ids.to(self.runtime.device), mask.to(self.runtime.device)
        tokens, pooled = self._text(ids, mask)

        def velocity(x: Tensor, t: Tensor) -> Tensor:
            seen = x if condition is None else torch.cat([x, condition.expand(len(x), -1, -1, -1, -1)], 1)
            return self._dit.velocity(seen, t, tokens, mask, pooled=pooled)

        return velocity

    def recipe(self, request: Request) -> dict[str, Any]:
        """All that is needed to make the clip again, for the file's metadata."""
        kept = ("prompt", "negative", "seconds", "seed", "steps", "guidance", "solver")
        hashed = ("image", "last_image", "before", "after", "source", "into", "small", "mask")
        made = {
            "generator": "soramame",
            "model": self.card.name,
            "model_sha256": self.card.sha256,
            "device": self.runtime.device,
            "dtype": str(self.runtime.dtype).removeprefix("torch."),
            "threads": self.runtime.threads,
            "attention": self.runtime.attention,
            "size": str(request.size),
            **{f"{name}_sha256": fingerprint(getattr(request, name)) for name in hashed},
            **{name: getattr(request, name) for name in kept},
        }
        return made if request.source is None else {**made, "strength": request.strength}


def known(value: T | None) -> T:
    """A value that a complete request has."""
    if value is None:
        raise OptionError("the request is not complete")
    return value
