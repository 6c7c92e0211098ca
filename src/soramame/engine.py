"""The one engine behind library, command line and server: request → check → encode → canvas → sample → decode → clip."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Generator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from soramame.errors import DurationError, MediaError, OptionError, PromptError
from soramame.flow import canvas as tasks
from soramame.flow.guidance import Velocity, guided
from soramame.flow.sample import Progress, noise, sample
from soramame.flow.schedule import schedule
from soramame.flow.solvers import Solver, euler, heun, renoise, unipc
from soramame.geometry import LatentGrid, Size, check_seconds, frames_for, latent_frames, parse_size, pixel_frames
from soramame.media import Clip, read_picture
from soramame.model.text import tokenize
from soramame.nn.attention import Backend
from soramame.runtime import DeviceName, DTypeName, Runtime, decide
from soramame.weights.store import BUNDLED, Model, load_model

Frames = NDArray[np.uint8]
SOLVERS: dict[str, Callable[[Sequence[int]], Solver]] = {
    "euler": lambda seeds: euler,
    "heun": lambda seeds: heun,
    "unipc": lambda seeds: unipc,
    "renoise": renoise,
}
LONGEST_PROMPT = 32_000
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked for, checked at construction in whole sentences. ``None`` means the model's default.

    ``image`` and ``last_image`` are pictures uint8 ``(H, W, 3)``; they are scaled to cover the size and cut to it.
    """

    prompt: str
    seconds: float | None = None
    size: Size | None = None
    seed: int = 0
    steps: int | None = None
    guidance: float | None = None
    negative: str = ""
    solver: str | None = None
    image: Frames | None = None
    last_image: Frames | None = None

    def __post_init__(self) -> None:
        if not self.prompt.strip():
            raise PromptError("the prompt is empty; say in a sentence what should be seen.")
        for text in (self.prompt, self.negative):
            if len(text) > LONGEST_PROMPT:
                raise PromptError(f"the prompt has {len(text)} characters; at most {LONGEST_PROMPT} are read.")
            if any("\ud800" <= letter <= "\udfff" for letter in text):
                raise PromptError("the prompt is not text that can be read; write it in UTF-8.")
        if self.seconds is not None:
            check_seconds(self.seconds)
        if not 0 <= self.seed < 2**63:
            raise OptionError(f"seed has to be a whole number from 0 to 2^63 - 1, not {self.seed}.")
        if self.steps is not None and not 1 <= self.steps <= 1000:
            raise OptionError(f"steps has to be 1 to 1000, not {self.steps}.")
        if self.guidance is not None and not (math.isfinite(self.guidance) and 0 <= self.guidance <= 50):
            raise OptionError(f"guidance has to be 0 to 50, not {self.guidance}.")
        if self.solver is not None and self.solver not in SOLVERS:
            raise OptionError(f"solver has to be {', '.join(SOLVERS)}, not {self.solver!r}.")
        if self.last_image is not None and self.image is None:
            raise OptionError("a last picture needs a first one: give --image too.")


Check = Callable[[Request], None]


@dataclass(frozen=True, kw_only=True)
class Result:
    """The finished clip."""

    clip: Clip


class Soramame:
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

    @classmethod
    def load(
        cls,
        model: str | Path = BUNDLED,
        *,
        device: DeviceName = "auto",
        dtype: DTypeName = "auto",
        threads: int | None = None,
        attention: Backend = "auto",
    ) -> Soramame:
        """Load a model by name (``"mame"``) or folder; device and arithmetic are chosen by measuring unless given."""
        loaded = load_model(str(model))
        return cls(loaded, decide(device, dtype, threads=threads, attention=attention))

    def generate(
        self,
        prompt: str,
        *,
        seconds: float | None = None,
        size: tuple[int, int] | str | None = None,
        seed: int = 0,
        steps: int | None = None,
        guidance: float | None = None,
        negative: str = "",
        solver: str | None = None,
        image: Frames | str | Path | None = None,
        last_image: Frames | str | Path | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> Clip:
        """A clip for a sentence: the fields of :class:`Request`, said directly, hence so many.

        ``size`` is (width, height) in pixels or ``"256x160"``; ``image`` and ``last_image``, the first and the last frame, are
        pictures uint8 ``(H, W, 3)`` or files. Raises the errors of :mod:`soramame.errors`, each one sentence with the way out.
        """
        request = Request(
            prompt=prompt,
            seconds=seconds,
            size=_size(size),
            seed=seed,
            steps=steps,
            guidance=guidance,
            negative=negative,
            solver=solver,
            image=_picture(image),
            last_image=_picture(last_image),
        )
        for event in self.stream(request):
            if isinstance(event, Result):
                return event.clip
            if on_progress is not None:
                on_progress(event)
        raise RuntimeError("the stream of a request ends with its result")

    def stream(self, request: Request) -> Generator[Progress | Result, None, None]:
        """The same as a generator: progress after every step, then the result. Stop asking to cancel."""
        request = self.complete(request)
        for check in self.checks:
            check(request)
        size, seconds = _known(request.size), _known(request.seconds)
        count = frames_for(seconds, self.card.defaults.fps, self.grid.time)
        with torch.inference_mode():
            board = self._board(request, size, count)
            draw = noise(self.grid.latent_shape(board.latents.shape[1], count, size), [request.seed])
            times = schedule(_known(request.steps), shift=self.card.defaults.shift)
            walk = sample(
                self._velocity(request),
                board,
                noise=draw.to(board.latents),
                times=times,
                solver=SOLVERS[_known(request.solver)]([request.seed]),
            )
            latents = board.latents
            for progress in walk:
                latents = progress.latents
                yield progress
            frames = self.decode(latents)
        yield Result(clip=Clip(frames=frames, fps=self.card.defaults.fps, metadata=self._recipe(request)))

    def complete(self, request: Request) -> Request:
        """The request with the model's defaults in place of what it leaves open, and its size checked."""
        d = self.card.defaults
        size = request.size or Size(width=d.width, height=d.height)
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
        options = {
            key: value for key, value in asdict(replace(request, image=None, last_image=None)).items() if key in kept
        }
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
            **options,
        }


def fingerprint(picture: Frames | None) -> str | None:
    """Hash of a picture's pixels, by which it is known again."""
    if picture is None:
        return None
    return hashlib.sha256(f"{picture.shape}".encode() + np.ascontiguousarray(picture).tobytes()).hexdigest()


def fit(picture: Frames, size: Size) -> Frames:
    """A picture uint8 ``(H, W, 3)`` scaled to cover ``size`` and cut to it about its middle."""
    height, width = picture.shape[:2]
    if (width, height) == (size.width, size.height):
        return picture
    scale = max(size.width / width, size.height / height)
    box_width, box_height = size.width / scale, size.height / scale
    left, top = (width - box_width) / 2, (height - box_height) / 2
    image = Image.fromarray(picture).resize(
        (size.width, size.height), Image.Resampling.LANCZOS, box=(left, top, left + box_width, top + box_height)
    )
    return np.array(image, np.uint8)


def _known(value: T | None) -> T:
    if value is None:
        raise OptionError("the request is not complete")
    return value


def _size(size: tuple[int, int] | str | None) -> Size | None:
    if size is None or isinstance(size, Size):
        return size
    return parse_size(size) if isinstance(size, str) else Size(width=size[0], height=size[1])


def _picture(image: Frames | str | Path | None) -> Frames | None:
    if image is None:
        return None
    if isinstance(image, str | Path):
        return read_picture(Path(image))
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        raise MediaError(f"a picture has to be uint8 (H, W, 3), not {image.dtype} {image.shape}.")
    return image
