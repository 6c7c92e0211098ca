"""The one engine behind library, command line and server: request → check → encode → canvas → sample → decode → clip."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor

from soramame.engine.request import SOLVERS, Check, Frames, Request, Result, fingerprint
from soramame.errors import DurationError, OptionError
from soramame.flow import canvas as tasks
from soramame.flow.guidance import Velocity, guided
from soramame.flow.sample import Progress, noise, sample
from soramame.flow.schedule import schedule
from soramame.flow.window import Piece, pieces
from soramame.geometry import LatentGrid, Size, frames_for, latent_frames, pixel_frames
from soramame.media import Clip, fit
from soramame.model.text import tokenize
from soramame.runtime import Runtime
from soramame.weights.store import Model

T = TypeVar("T")


class Engine:
    """A loaded model, ready to make clips."""

    def __init__(self, model: Model, runtime: Runtime, *, checks: Sequence[Check] = ()) -> None:
        """``checks`` see every request before anything is computed; each may raise to refuse it."""
        self.card, self.runtime, self.checks = model.card, runtime, tuple(checks)
        torch.set_num_threads(runtime.threads)
        self._vae = model.vae.to(runtime.device, runtime.dtype)
        self._dit = model.dit.to(runtime.device)
        if runtime.dtype != torch.float32:
            self._dit = self._dit.cast(runtime.dtype)
        self._dit.attention = runtime.attention
        self._text = model.text.to(runtime.device)
        self.layout = self._dit.config.layout
        config = self._vae.config
        self.grid = LatentGrid(space=config.space_stride, time=config.time_stride, patch=self._dit.config.patch[1])

    def stream(self, request: Request) -> Generator[Progress | Result, None, None]:
        """The same as a generator: progress after every step, then the result. Stop asking to cancel."""
        request = self.complete(request)
        for check in self.checks:
            check(request)
        d, stride = self.card.defaults, self.grid.time
        count, most = (frames_for(seconds, d.fps, stride) for seconds in (_known(request.seconds), d.seconds))
        if request.known:
            yield from self._beside(request)
        elif count > most and request.last_image is None:
            yield from self._long(request, most, count - most)
        else:
            yield from self._whole(request, count)

    def _long(self, request: Request, most: int, rest: int) -> Generator[Progress | Result, None, None]:
        """``most`` frames at once, as many as a model holds, then ``rest`` in windows that go on from them."""
        fps, steps = self.card.defaults.fps, _known(request.steps)
        windows = pieces(most, rest, 0, length=latent_frames(most, self.grid.time), stride=self.grid.time)
        total = steps * (1 + len(windows))
        begun: Frames = np.empty((0, 0, 0, 3), np.uint8)
        for event in self._whole(request, most):
            if isinstance(event, Result):
                begun = event.clip.frames
            else:
                yield replace(event, steps=total)
        for event in self._beside(
            replace(request, image=None, before=begun, seconds=rest / fps, seed=_next(request.seed))
        ):
            if isinstance(event, Result):
                frames = np.concatenate([begun, event.clip.frames])
                yield Result(clip=Clip(frames=frames, fps=fps, metadata=self._recipe(request)))
            else:
                yield replace(event, step=steps + event.step, steps=total)

    def _whole(self, request: Request, count: int) -> Generator[Progress | Result, None, None]:
        """So many frames painted at once."""
        size = _known(request.size)
        with torch.inference_mode():
            board = self._board(request, size, count)
            latents = board.latents
            for progress in self._walk(request, board, request.seed):
                latents = progress.latents
                yield progress
            frames = self.decode(latents)
        yield Result(clip=Clip(frames=frames, fps=self.card.defaults.fps, metadata=self._recipe(request)))

    def _beside(self, request: Request) -> Generator[Progress | Result, None, None]:
        """What is painted beside known clips, window by window; each is encoded anew from an aligned frame."""
        d, stride = self.card.defaults, self.grid.time
        wanted = max(1, round(_known(request.seconds) * d.fps))
        if len(request.known) == 2:  # what lies between has to end where a latent frame does
            wanted = -(-wanted // stride) * stride
        before, after = request.before, request.after
        plan = pieces(
            0 if before is None else len(before),
            wanted,
            0 if after is None else len(after),
            length=latent_frames(frames_for(d.seconds, d.fps, stride), stride),
            stride=stride,
        )
        steps, painted = _known(request.steps), []
        for number, piece in enumerate(plan):
            with torch.inference_mode():
                board = self._between(piece, before, after)
                latents = board.latents
                for progress in self._walk(request, board, _next(request.seed, number)):
                    latents = progress.latents
                    yield replace(progress, step=number * steps + progress.step, steps=len(plan) * steps)
                frames = self.decode(latents)
            frames = frames[pixel_frames(piece.before, stride) if piece.before else 0 :]
            frames = frames[: len(frames) - piece.after * stride]
            if before is not None:
                painted.append(frames)
                before = np.concatenate([before, frames])
            elif after is not None:
                painted.insert(0, frames)
                after = np.concatenate([frames, after])
        made = np.concatenate(painted)
        made = made[:wanted] if before is not None else made[-wanted:]
        yield Result(clip=Clip(frames=made, fps=d.fps, metadata=self._recipe(request)))

    def _between(self, piece: Piece, before: Frames | None, after: Frames | None) -> tasks.Canvas:
        earlier = later = None
        if before is not None and piece.before:
            seen = before[-pixel_frames(piece.before, self.grid.time) :]
            earlier = tasks.without_layout(self.encode(seen), self.layout)
        if after is not None and piece.after:
            seen = np.concatenate([after[:1], after[: piece.after * self.grid.time]])
            later = tasks.without_layout(self.encode(seen)[:, :, 1:], self.layout)
        return tasks.between(earlier, later, piece.paint)

    def _walk(self, request: Request, board: tasks.Canvas, seed: int) -> Iterator[Progress]:
        _, channels, frames, rows, columns = board.latents.shape
        return sample(
            self._velocity(request),
            board,
            noise=noise((channels, frames, rows, columns), [seed]).to(board.latents),
            times=schedule(_known(request.steps), shift=self.card.defaults.shift),
            solver=SOLVERS[_known(request.solver)]([seed]),
        )

    def complete(self, request: Request) -> Request:
        """The request with the model's defaults in place of what it leaves open, and its size checked."""
        d = self.card.defaults
        size = request.size or Size(width=d.width, height=d.height)
        if request.known:
            size = Size(width=request.known[0].shape[2], height=request.known[0].shape[1])
        return replace(
            request,
            size=self.grid.check(size),
            seconds=d.seconds if request.seconds is None else request.seconds,
            steps=d.steps if request.steps is None else request.steps,
            guidance=d.guidance if request.guidance is None else request.guidance,
            solver=d.solver if request.solver is None else request.solver,
        )

    def decode(self, latents: Tensor) -> Frames:
        """Latents ``(1, C, F, Y, X)`` as frames, one latent frame at a time, so that memory does not grow with length. Channels
        of layout behind them are left out.
        """
        with torch.inference_mode():
            height, width = latents.shape[3] * self.grid.space, latents.shape[4] * self.grid.space
            frames = np.empty((pixel_frames(latents.shape[2], self.grid.time), height, width, 3), np.uint8)
            state, at = None, 0
            video = latents[:, : self._vae.config.latent_channels]
            for latent in torch.split(video.to(self.runtime.dtype), 1, dim=2):
                pixels, state = self._vae.decode_chunk(latent, state)
                piece = pixels[0].float().add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8)
                frames[at : at + piece.shape[1]] = piece.permute(1, 2, 3, 0).cpu().numpy()
                at += piece.shape[1]
        return frames

    def encode(self, frames: Frames) -> Tensor:
        """Frames uint8 ``(1 + 4k, H, W, 3)`` as normalised latents ``(1, C, 1 + k, Y, X)`` in float32."""
        with torch.inference_mode():
            pixels = torch.from_numpy(np.ascontiguousarray(frames)).permute(3, 0, 1, 2)[None]
            pixels = pixels.to(self.runtime.device, self.runtime.dtype).div(127.5).sub(1)
            return self._vae.encode(pixels).float()

    def reconstruct(self, frames: Frames) -> Frames:
        """Frames through the VAE and back: what it cannot hold is lost."""
        return self.decode(self.encode(frames))

    def _board(self, request: Request, size: Size, count: int) -> tasks.Canvas:
        channels, frames = self._vae.config.latent_channels + self.layout, latent_frames(count, self.grid.time)
        if request.image is None:
            shape = (1, *self.grid.latent_shape(channels, count, size))
            return tasks.text(shape, device=self.runtime.device)
        first = tasks.without_layout(self.encode(fit(request.image, size)[None]), self.layout)
        if request.last_image is None:
            return tasks.image(first, frames)
        if frames < 2:
            needed = self.grid.time / self.card.defaults.fps
            raise DurationError(f"a clip between two pictures has to last {needed:g} seconds at least.")
        still = np.repeat(fit(request.last_image, size)[None], 1 + self.grid.time, 0)
        last = tasks.without_layout(self.encode(still)[:, :, 1:2], self.layout)
        return tasks.first_and_last(first, last, frames)

    def _velocity(self, request: Request) -> Velocity:
        conditional, unconditional = (self.told(text) for text in (request.prompt, request.negative))
        return guided(conditional, unconditional, _known(request.guidance))

    def told(self, prompt: str) -> Velocity:
        """The velocity of the model that has been told a prompt; the empty prompt is the unconditional model."""
        ids, mask = tokenize([prompt])
        ids, mask = ids.to(self.runtime.device), mask.to(self.runtime.device)
        tokens, pooled = self._text(ids, mask)
        return lambda x, t: self._dit.velocity(x, t, tokens, mask, pooled=pooled)

    def _recipe(self, request: Request) -> dict[str, Any]:
        """All that is needed to make the clip again, for the file's metadata."""
        kept = ("prompt", "negative", "seconds", "seed", "steps", "guidance", "solver")
        options = {name: getattr(request, name) for name in kept}
        return {
            "generator": "soramame",
            "model": self.card.name,
            "model_sha256": self.card.sha256,
            "device": self.runtime.device,
            "dtype": str(self.runtime.dtype).removeprefix("torch."),
            "threads": self.runtime.threads,
            "attention": self.runtime.attention,
            "size": str(request.size),
            "image_sha256": fingerprint(request.image),
            "last_image_sha256": fingerprint(request.last_image),
            "before_sha256": fingerprint(request.before),
            "after_sha256": fingerprint(request.after),
            **options,
        }


def _next(seed: int, number: int = 1) -> int:
    """The seed of a later window."""
    return (seed + number) % 2**63


def _known(value: T | None) -> T:
    if value is None:
        raise OptionError("the request is not complete")
    return value
