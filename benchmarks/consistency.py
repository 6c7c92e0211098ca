"""Does a character stay itself over a cut? Shots of one character in two places, looked at where the model says that it painted it.

    python benchmarks/consistency.py [--model FOLDER]

The bundled model paints with its latents where actors are, as it learnt from the world's truth; their pixels there are compared with the
fifteen colours of the world and with each other: is the named colour the nearest in both shots, and how far apart are the shots, next to
shots of characters of other colours? (CIELAB, Euclidean: 2.3 is just noticeable.)
"""

from __future__ import annotations

import argparse
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from soramame import Soramame
from soramame.engine import Part, storyboard
from soramame.engine.paint import paint
from soramame.prompt.storyboard import parse_storyboard
from soramame.world.palette import COLOURS

CHARACTERS = (
    ("a red car", "red", "in the city at noon", "on the beach"),
    ("a blue car", "blue", "in the city at noon", "on the beach"),
    ("a green car", "green", "on the beach", "in the city at noon"),
    ("a yellow ball", "yellow", "on the beach", "on the kitchen table"),
    ("a purple ball", "purple", "on the beach", "in the meadow"),
    ("a green ball", "green", "on the kitchen table", "in the city"),
    ("a brown dog", "brown", "in the meadow", "on the beach"),
    ("a black dog", "black", "in the snow", "on the beach"),
    ("a white bird", "white", "over the meadow", "over the beach"),
    ("a blue bird", "blue", "over the snow", "over the meadow"),
)
LAB = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")


def lab(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """sRGB ``(N, 3)`` as CIELAB."""
    values = np.asarray(ImageCms.applyTransform(Image.fromarray(pixels[None]), LAB), np.uint8)[0].astype(np.int16)
    signed = np.where(values[:, 1:] > 127, values[:, 1:] - 256, values[:, 1:])
    return np.concatenate([values[:, :1] / 2.55, signed], 1)


def seen(sora: Soramame, part: Part) -> NDArray[np.float64] | None:
    """Pixels of the character in a shot, in CIELAB ``(N, 3)``; None if the model painted it nowhere."""
    *events, done = paint(sora, sora.complete(part.request))
    covered = events[-1].latents[0, -sora.layout].float().numpy()
    threshold = 0.6 * float(covered.max())
    found = []
    for frame, cells in enumerate(covered[1:]):
        mask = np.kron(cells > max(threshold, 0.5), np.ones((sora.grid.space, sora.grid.space), bool))
        found.append(done.frames[1 + 4 * frame : 5 + 4 * frame][:, mask].reshape(-1, 3))
    pixels = np.concatenate(found)
    return lab(pixels) if len(pixels) else None


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--model", default="mame")
    options = parser.parse_args()
    sora = Soramame.load(options.model)
    names = list(COLOURS)
    palette = lab(np.array([COLOURS[name].rgb for name in names], np.uint8))
    right, shots, shown = 0, 0, {}
    for look, colour, one, two in CHARACTERS:
        text = f'[characters.it]\nlook = "{look}"\n' + "".join(
            f'[[shots]]\nseconds = 2.0\nprompt = "{{it}} {place}"\n' for place in (one, two)
        )
        film = storyboard(sora, parse_storyboard(text, name=look, folder=None))  # type: ignore[arg-type]
        means = []
        for part in film.parts:
            pixels = seen(sora, part) if isinstance(part, Part) else None
            shots += 1
            if pixels is None:
                continue
            # What surrounds a character is in its cells too: of all colours, the one that the fewest other things have counts.
            near = np.linalg.norm(pixels[:, None] - palette[None], axis=2).argmin(1)
            share = np.bincount(near, minlength=len(names)) / len(near)
            mine = near == names.index(colour)
            right += bool(share[names.index(colour)] >= 0.15)
            if mine.any():
                means.append(pixels[mine].mean(0))
            print(
                f"{look:16} {part.request.prompt:40} {colour}: {share[names.index(colour)]:.0%} of its pixels",
                flush=True,
            )
        if len(means) == 2:
            shown[look] = means
    same = [float(np.linalg.norm(a - b)) for a, b in shown.values()]
    other = [
        float(np.linalg.norm(shown[a][0] - shown[b][1]))
        for a, b in combinations(shown, 2)
        if a.split()[1] != b.split()[1]
    ]
    print(
        f"the named colour is there in {right} of {shots} shots; over a cut it moves by {np.median(same):.1f} (median),"
    )
    print(f"characters of other colours lie {np.median(other):.1f} apart")


if __name__ == "__main__":
    main()
