"""The pictures of the pages in docs/tasks: what goes in, the canvas that the model paints, what comes out.

    python recipes/tasks.py [--only NAME ...] [--out docs/tasks]

Ten minutes or two on two cores. Every clip is the first that its seed gives.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from soramame import Clip, Soramame
from soramame.flow.canvas import Canvas
from soramame.flow.sample import Progress
from soramame.geometry import Size
from soramame.media import enlarge

WIDTH, CELLS = 1540, 9
PAPER, INK, GIVEN, PAINT = (250, 249, 246), (40, 38, 52), (44, 106, 206), (242, 132, 42)
Frames = NDArray[np.uint8]


class Watched(Soramame):
    """Remembers the canvases that it paints."""

    boards: list[Canvas]

    def walk(self, request: Any, board: Canvas, **how: Any) -> Iterator[Progress]:
        """See :meth:`soramame.engine.core.Engine.walk`."""
        self.boards.append(board)
        return super().walk(request, board, **how)


@cache
def sora() -> Watched:
    """The bundled model."""
    loaded = Watched.load()
    loaded.boards = []
    return loaded


@cache
def clip(prompt: str, seed: int = 3, seconds: float = 4.0) -> Clip:
    """A clip to begin with."""
    made = sora().generate(prompt, seed=seed, seconds=seconds, expand="off")
    sora().boards = []
    return made


DOG, MAMMOTH = "a brown dog runs across the snow", "a woolly mammoth walks through the snow"
CAR, BEACH = "a red sports car drives through the city at night", "an empty beach, only the waves"


def extend() -> tuple[list[Clip], Clip]:
    """A clip goes on."""
    return [clip(DOG)], sora().extend(clip(DOG), seconds=3, seed=1)


def backward() -> tuple[list[Clip], Clip]:
    """A clip begins earlier."""
    return [clip(DOG)], sora().extend(clip(DOG), seconds=2, backward=True, seed=1)


def fill() -> tuple[list[Clip], Clip]:
    """Two clips are joined."""
    pair = [clip(DOG, 3, 2), clip(DOG, 8, 2)]
    return pair, sora().fill(*pair, seconds=2, seed=1)


def missing() -> tuple[list[Clip], Clip]:
    """Frames that are missing."""
    whole = clip(MAMMOTH)
    frames = whole.frames.copy()
    frames[10:22] = 0
    return [Clip(frames=frames, fps=8)], sora().mend(whole, [(10, 21)], seed=1)


def loop() -> tuple[list[Clip], Clip]:
    """A clip leads back to its beginning."""
    return [clip(CAR, 3, 2)], sora().loop(clip(CAR, 3, 2), seconds=2, seed=1)


def blend() -> tuple[list[Clip], Clip]:
    """One clip turns into another."""
    return [clip(DOG), clip(MAMMOTH)], sora().blend(clip(DOG), clip(MAMMOTH), seconds=2, seed=1)


def remix() -> tuple[list[Clip], Clip]:
    """A clip painted over."""
    return [clip(CAR)], sora().remix(clip(CAR), "a blue sports car drives through the snow", strength=0.8, seed=1)


def inpaint() -> tuple[list[Clip], Clip]:
    """Something new in a clip."""
    mask = np.zeros((160, 256), bool)
    mask[70:150, 80:190] = True
    source = clip(BEACH)
    shown = source.frames.copy()
    shown[:, mask] = shown[:, mask] // 2 + 127
    made = sora().inpaint(source, mask, "a red ball bounces on the beach", seed=1)
    return [Clip(frames=shown, fps=8)], made


def upres() -> tuple[list[Clip], Clip]:
    """A small clip made large."""
    large = clip(CAR)
    small = Clip(frames=enlarge(large.frames, Size(width=128, height=80)), fps=8, metadata=large.metadata)
    return [small], sora().upres(small, scale=2, seed=1)


def image() -> tuple[list[Clip], Clip]:
    """A picture starts to move."""
    first = clip(MAMMOTH).frames[:1]
    return [Clip(frames=first, fps=8)], sora().generate(MAMMOTH, image=first[0], seed=1, expand="off")


def ends() -> tuple[list[Clip], Clip]:
    """From one picture to another."""
    both = clip(DOG).frames[[0, 20]]
    made = sora().generate(DOG, image=both[0], last_image=both[1], seed=1, expand="off")
    return [Clip(frames=both[:1], fps=8), Clip(frames=both[1:], fps=8)], made


def minute() -> tuple[list[Clip], Clip]:
    """Longer than the model holds."""
    return [], sora().generate(DOG, seconds=12, seed=3, expand="off")


TASKS: dict[str, Callable[[], tuple[list[Clip], Clip]]] = {
    task.__name__: task
    for task in (extend, backward, fill, missing, loop, blend, remix, inpaint, upres, image, ends, minute)
}


def row(frames: Frames, count: int) -> Image.Image:
    """Evenly spaced frames in a row."""
    chosen = np.linspace(0, len(frames) - 1, count).round().astype(int)
    width = WIDTH // CELLS
    height = round(width * frames.shape[1] / frames.shape[2])
    line = Image.new("RGB", (WIDTH, height), PAPER)
    for place, at in enumerate(chosen):
        line.paste(
            Image.fromarray(frames[at]).resize((width - 2, height), Image.Resampling.LANCZOS), (place * width, 0)
        )
    return line


def board(canvas: Canvas) -> Image.Image:
    """A canvas, latent frame by latent frame: blue is given, orange is painted, and between begins on the way."""
    width = WIDTH // CELLS
    line = Image.new("RGB", (WIDTH, 64), PAPER)
    for place, start in enumerate(canvas.start[0]):
        cells = start.float().numpy() if start.ndim else np.full((2, 2), float(start))
        share = cells[..., None]
        colours = ((1 - share) * GIVEN + share * PAINT).round().astype(np.uint8)
        line.paste(Image.fromarray(colours).resize((width - 2, 62), Image.Resampling.NEAREST), (place * width, 1))
    return line


def picture(sources: list[Clip], boards: list[Canvas], made: Clip) -> Image.Image:
    """All of it, with a word at each row."""
    rows: list[tuple[str, Image.Image]] = []
    for source in sources:
        rows.append(("in", row(source.frames, min(CELLS, len(source.frames)))))
    shown = boards if len(boards) <= 2 else [boards[0], boards[len(boards) // 2]]
    rows += [("canvas" if len(boards) == 1 else f"canvas {n}", board(canvas)) for n, canvas in enumerate(shown, 1)]
    rows.append(("out", row(made.frames, CELLS)))
    height = sum(line.size[1] + 20 for _, line in rows)
    whole = Image.new("RGB", (WIDTH, height), PAPER)
    pen, at = ImageDraw.Draw(whole), 0
    for word, line in rows:
        pen.text((2, at + 1), word, fill=INK, font=ImageFont.load_default(14))
        whole.paste(line, (0, at + 18))
        at += line.size[1] + 20
    return whole.quantize(192, dither=Image.Dither.NONE)


def main() -> None:
    """Make them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--only", nargs="+", choices=TASKS, default=list(TASKS))
    parser.add_argument("--out", type=Path, default=Path("docs/tasks"))
    options = parser.parse_args()
    options.out.mkdir(exist_ok=True)
    for name in options.only:
        sora().boards = []
        sources, made = TASKS[name]()
        picture(sources, sora().boards, made).save(options.out / f"{name}.png", optimize=True)
        print(options.out / f"{name}.png", flush=True)


if __name__ == "__main__":
    main()
