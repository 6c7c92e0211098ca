"""What one asks a model for: a clip from a sentence, and clips that grow, join and close."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from soramame.engine.core import Engine
from soramame.engine.request import Frames, Request, Result
from soramame.errors import MediaError
from soramame.flow.sample import Progress
from soramame.geometry import Size, parse_size
from soramame.media import Clip, conform, read_picture
from soramame.nn.attention import Backend
from soramame.runtime import DeviceName, DTypeName, decide
from soramame.weights.store import BUNDLED, load_model


class Soramame(Engine):
    """A loaded model, ready to make clips."""

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
        return self._clip(request, on_progress)

    def extend(
        self, clip: Clip, *, seconds: float = 2.0, backward: bool = False, prompt: str | None = None, **options: Any
    ) -> Clip:
        """A clip that goes on for so many seconds, or with ``backward`` begins so many seconds earlier.

        Its own frames come back as they are, brought to the model's size and frame rate if they have another
        (``metadata["conformed"]`` says so). ``prompt``: what happens there, the clip's own prompt unless given; ``options``:
        ``seed``, ``steps``, ``guidance``, ``negative``, ``solver`` of :class:`Request`, and ``on_progress``.
        """
        source = self.source(clip)
        known = {"after": source.frames} if backward else {"before": source.frames}
        made = self._bridge({"prompt": _prompt(prompt, clip), "seconds": seconds, **known, **options})
        order = (made, source) if backward else (source, made)
        return _joined(order, made, task="extend backward" if backward else "extend", sources=(source,))

    def fill(
        self, first: Clip, second: Clip, *, seconds: float = 2.0, prompt: str | None = None, **options: Any
    ) -> Clip:
        """Two clips and what happens between them, a multiple of four frames, as one clip in the first one's form.

        Arguments as for :meth:`extend`.
        """
        before, after = self.source(first), self.source(second, like=first)
        known = {"before": before.frames, "after": after.frames}
        made = self._bridge({"prompt": _prompt(prompt, first), "seconds": seconds, **known, **options})
        return _joined((before, made, after), made, task="fill", sources=(before, after))

    def loop(self, clip: Clip, *, seconds: float = 2.0, prompt: str | None = None, **options: Any) -> Clip:
        """A clip that leads back to its own first frame, which then follows its last. Arguments as for :meth:`extend`."""
        source = self.source(clip)
        known = {"before": source.frames, "after": source.frames}
        made = self._bridge({"prompt": _prompt(prompt, clip), "seconds": seconds, **known, **options})
        return _joined((source, made), made, task="loop", sources=(source,))

    def source(self, clip: Clip, *, like: Clip | None = None) -> Clip:
        """A clip in a form that the model paints in: its frame rate, and its size, upright if the clip is (or as ``like``).

        ``metadata["conformed"]`` says what was done to it, empty if nothing.
        """
        d = self.card.defaults
        height, width = (like or clip).frames.shape[1:3]
        long, short = max(d.width, d.height), min(d.width, d.height)
        size = Size(width=long, height=short) if width >= height else Size(width=short, height=long)
        frames, done = conform(clip, size, d.fps)
        return Clip(frames=frames, fps=d.fps, metadata={**clip.metadata, "conformed": done})

    def _bridge(self, fields: dict[str, Any]) -> Clip:
        on_progress = fields.pop("on_progress", None)
        return self._clip(Request(**fields), on_progress)

    def _clip(self, request: Request, on_progress: Callable[[Progress], None] | None) -> Clip:
        for event in self.stream(request):
            if isinstance(event, Result):
                return event.clip
            if on_progress is not None:
                on_progress(event)
        raise RuntimeError("the stream of a request ends with its result")


def _prompt(prompt: str | None, clip: Clip) -> str:
    """What was said, else what the clip was made from, else nothing."""
    told = clip.metadata.get("prompt", "")
    return prompt if prompt is not None else told if isinstance(told, str) else ""


def _joined(parts: tuple[Clip, ...], made: Clip, *, task: str, sources: tuple[Clip, ...]) -> Clip:
    """One clip, with how it was made: the recipe of what was painted, the task, and what was done to the sources."""
    facts = {"task": task, "conformed": [source.metadata["conformed"] for source in sources]}
    frames = np.concatenate([part.frames for part in parts])
    return Clip(frames=frames, fps=made.fps, metadata={**made.metadata, **facts})


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
