"""What one asks a model for: a clip from a sentence, and clips that grow, join, close, turn, and are painted over."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from soramame.engine import tasks
from soramame.engine.core import Engine
from soramame.engine.cut import cut
from soramame.engine.film import Film, Part, play
from soramame.engine.job import Job
from soramame.engine.paint import held
from soramame.engine.request import Frames, Mask, Request, Result
from soramame.engine.storyboard import storyboard
from soramame.engine.wording import Expand
from soramame.errors import MediaError
from soramame.flow.sample import Progress
from soramame.geometry import Size, parse_size
from soramame.media import Clip, check_output, read_picture, stream
from soramame.nn.attention import Backend
from soramame.prompt.storyboard import Storyboard, read_storyboard
from soramame.runtime import DeviceName, DTypeName, decide
from soramame.safety.guard import Guard
from soramame.safety.policy import Policy
from soramame.weights.store import BUNDLED, load_model


@dataclass(frozen=True, kw_only=True)
class Written:
    """The file (of a series the first), its number of frames, their rate, and how they were made; ``notes`` say what of its sources
    the user should know.
    """

    path: Path
    frames: int
    fps: float
    metadata: Mapping[str, Any]
    notes: tuple[str, ...] = ()


OnProgress = Callable[[Progress], None]


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
        policy: Policy | Path | None = None,
    ) -> Soramame:
        """Load a model by name (``"mame"``) or folder; device and arithmetic are chosen by measuring unless given.

        ``policy`` says what is refused, and how what comes out is marked and signed (``docs/trust.md``): one, or its file, or the
        default.
        """
        guard, loaded = Guard.load(policy), load_model(str(model))
        return cls(loaded, decide(device, dtype, threads=threads, attention=attention), guard=guard)

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
        expand: Expand = "auto",
        on_progress: OnProgress | None = None,
    ) -> Clip:
        """A clip for a sentence: the fields of :class:`Request`, said directly, hence so many.

        A short sentence is made long before it is painted, by rules (``auto``; not beside a picture), not at all (``off``), or by a
        function of yours, such as :func:`soramame.prompt.llm.ask` of some endpoint; the clip's ``metadata`` has what was ``said``
        and the ``prompt`` told.

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
        sources = [Path(picture) for picture in (image, last_image) if isinstance(picture, str | Path)]
        return self.show(tasks.generate(self, request, expand=expand, sources=sources), on_progress)

    def extend(
        self,
        clip: Clip,
        *,
        seconds: float = tasks.SECONDS,
        backward: bool = False,
        prompt: str | None = None,
        on_progress: OnProgress | None = None,
        **options: Any,
    ) -> Clip:
        """A clip that goes on for so many seconds, or with ``backward`` begins so many seconds earlier.

        Its own frames come back as they are, brought to the model's size and frame rate if they have another
        (``metadata["conformed"]`` says so). ``prompt``: what happens there, the clip's own prompt unless given; ``options``:
        ``seed``, ``steps``, ``guidance``, ``negative``, ``solver`` of :class:`Request`.
        """
        film = tasks.extend(self, clip, seconds=seconds, backward=backward, prompt=prompt, **options)
        return self.show(film, on_progress)

    def fill(
        self,
        first: Clip,
        second: Clip,
        *,
        seconds: float = tasks.SECONDS,
        prompt: str | None = None,
        on_progress: OnProgress | None = None,
        **options: Any,
    ) -> Clip:
        """Two clips and what happens between them, a multiple of four frames, as one clip in the first one's form.

        Arguments as for :meth:`extend`.
        """
        return self.show(tasks.fill(self, first, second, seconds=seconds, prompt=prompt, **options), on_progress)

    def mend(
        self,
        clip: Clip,
        missing: Sequence[tuple[int, int]],
        *,
        prompt: str | None = None,
        on_progress: OnProgress | None = None,
        **options: Any,
    ) -> Clip:
        """A clip whose ``missing`` frames, ``(first, last)`` counted from 0, are painted anew. Arguments as for :meth:`extend`."""
        return self.show(tasks.mend(self, clip, missing, prompt=prompt, **options), on_progress)

    def cut(self, clip: Clip, *, start: float = 0.0, end: float | None = None) -> Clip:
        """What a clip shows between two times, in seconds; nothing is painted. See :func:`soramame.engine.cut.cut`."""
        return self.show(cut(self, clip, start=start, end=end))

    def loop(
        self,
        clip: Clip,
        *,
        seconds: float = tasks.SECONDS,
        prompt: str | None = None,
        on_progress: OnProgress | None = None,
        **options: Any,
    ) -> Clip:
        """A clip that leads back to its own first frame, which then follows its last. Arguments as for :meth:`extend`."""
        return self.show(tasks.loop(self, clip, seconds=seconds, prompt=prompt, **options), on_progress)

    def blend(
        self,
        first: Clip,
        second: Clip,
        *,
        seconds: float = tasks.SECONDS,
        prompt: str | None = None,
        on_progress: OnProgress | None = None,
        **options: Any,
    ) -> Clip:
        """One clip that turns into another: the last ``seconds`` of the first and the first of the second become one.

        ``prompt``: the second's own unless given; the other arguments as for :meth:`extend`.
        """
        return self.show(tasks.blend(self, first, second, seconds=seconds, prompt=prompt, **options), on_progress)

    def remix(
        self,
        clip: Clip,
        prompt: str,
        *,
        strength: float = tasks.STRENGTH,
        on_progress: OnProgress | None = None,
        **options: Any,
    ) -> Clip:
        """A clip painted over for another prompt; ``strength`` in (0, 1] is the share of the steps that are made again.

        Its movement and composition stay the more, the lower that is. ``options`` as for :meth:`extend`.
        """
        return self.show(tasks.remix(self, clip, prompt, strength=strength, **options), on_progress)

    def inpaint(
        self,
        clip: Clip,
        mask: Mask | str | Path,
        prompt: str,
        *,
        on_progress: OnProgress | None = None,
        **options: Any,
    ) -> Clip:
        """A clip painted anew where a mask is true: bool ``(H, W)`` or ``(T, H, W)`` in the clip's size, or a file with white there.

        Everything else comes back as it was. ``options`` as for :meth:`extend`, and ``strength`` as for :meth:`remix`.
        """
        over = read_mask(Path(mask)) if isinstance(mask, str | Path) else mask
        return self.show(tasks.inpaint(self, clip, over, prompt, **options), on_progress)

    def upres(
        self,
        clip: Clip,
        *,
        scale: float = 2.0,
        prompt: str | None = None,
        on_progress: OnProgress | None = None,
        **options: Any,
    ) -> Clip:
        """A clip ``scale`` times as large, 1 to 8: detail is painted in that agrees with what it shows, at its own frame rate.

        ``options`` as for :meth:`extend`, and ``strength`` as for :meth:`remix`.
        """
        return self.show(tasks.upres(self, clip, scale=scale, prompt=prompt, **options), on_progress)

    def storyboard(
        self, board: Storyboard | str | Path, *, on_progress: OnProgress | None = None, **options: Any
    ) -> Clip:
        """The film of a storyboard, or of a file with one (``docs/storyboard.md``). ``options`` as for :meth:`extend`, no ``seed``."""
        read = board if isinstance(board, Storyboard) else read_storyboard(Path(board))
        return self.show(storyboard(self, read, **options), on_progress)

    def show(self, film: Film, on_progress: OnProgress | None = None) -> Clip:
        """A film as a clip, all its frames in memory."""
        frames = []
        for event in play(self, film):
            if not isinstance(event, Progress):
                frames.append(event)
            elif on_progress is not None:
                on_progress(event)
        return self._clip(film, frames)

    def _clip(self, film: Film, frames: Sequence[Frames]) -> Clip:
        metadata = self.guard.recorded(film.metadata)
        seal = self.guard.seal(metadata, film.sources)
        return Clip(frames=np.concatenate(frames), fps=film.fps, metadata=metadata, audio=film.audio, seal=seal)

    def holds(self, film: Film) -> bool:
        """Whether the model holds all that is painted at once: then the progress is that of the whole clip."""
        parts = [part for part in film.parts if isinstance(part, Part)]
        return len(parts) == 1 and held(self, self.complete(parts[0].request))

    def write(
        self, film: Film, path: str | Path, *, on_progress: OnProgress | None = None, resume: bool = False
    ) -> Written:
        """A film into a file, frame after frame as they are painted, in memory that does not grow with its length.

        What has been painted is kept beside the file until it is whole; ``resume`` takes up what was stopped.
        """
        target, count = check_output(Path(path)), 0
        with Job.open(target, film, resume=resume) as job:

            def frames() -> Iterator[Frames]:
                nonlocal count
                for event in play(self, film, job):
                    if not isinstance(event, Progress):
                        count += len(event)
                        yield event
                    elif on_progress is not None:
                        on_progress(event)

            metadata = self.guard.recorded(film.metadata)
            seal = self.guard.seal(metadata, film.sources)
            written = stream(target, frames(), film.fps, metadata, audio=film.audio, seal=seal)
            job.finish()
        notes = seal.notes if seal is not None else ()
        return Written(path=written, frames=count, fps=film.fps, metadata=film.metadata, notes=notes)

    def stream(self, request: Request) -> Generator[Progress | Result, None, None]:
        """Progress after every step, then the result. Stop asking to cancel."""
        film, frames = tasks.generate(self, request), []
        for event in play(self, film):
            if isinstance(event, Progress):
                yield event
            else:
                frames.append(event)
        yield Result(clip=self._clip(film, frames))


def read_mask(path: Path) -> Mask:
    """A mask from a file: true where a picture, or a video frame by frame, is white. ``(H, W)`` or ``(T, H, W)``."""
    frames = Clip.load(path).frames
    white: Mask = frames.mean(-1) >= 128
    return white if len(white) > 1 else white[0]


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
