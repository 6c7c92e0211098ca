"""A minute of video: time, memory, seams and drift, against short clips in the same run.

    python benchmarks/long.py [--model FOLDER] [--seconds 5 8 20 60] [--keep FOLDER]

Limits: a second of a minute costs at most 1.15 times what a second of eight costs, in no more memory; under 4 minutes and 2 GiB on two
cores that multiply bfloat16; no seam above 1.25; colours and sharpness of the last four seconds within 10 % of the first.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
from generate import run
from numpy.typing import NDArray

from soramame.media import Clip

PROMPT = "a brown dog runs across the snow"
STRIDE = 4
"""Frames of a latent frame: a frame differs more from the one before it where a latent frame begins, in every clip."""


def jumps(frames: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Mean change ``(T - 1,)`` from each frame to the next."""
    before, after = frames[:-1].astype(np.int16), frames[1:].astype(np.int16)
    return np.array([np.abs(b - a).mean() for a, b in zip(before, after, strict=True)])


def seams(frames: NDArray[np.uint8]) -> tuple[float, float]:
    """How the change where a latent frame begins, which is where a step of the roll ends, compares with that of the neighbouring ones
    (two seconds each way; one of 255 levels if that is more): the largest such ratio, and the 95th percentile.
    """
    borders = jumps(frames)[::STRIDE]
    near = [np.median(np.delete(borders[max(0, n - 4) : n + 5], min(n, 4))) for n in range(len(borders))]
    ratios = borders[1:] / np.maximum(near[1:], 1.0)
    return float(ratios.max()), float(np.percentile(ratios, 95))


def look(frames: NDArray[np.uint8]) -> tuple[NDArray[np.float64], float]:
    """Mean colour ``(3,)`` and sharpness (mean change from a pixel to its neighbour)."""
    grey = frames.mean(-1)
    return frames.mean((0, 1, 2)), float(np.abs(np.diff(grey, axis=2)).mean())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--model", default="mame")
    parser.add_argument("--prompt", default=PROMPT)
    parser.add_argument("--seconds", type=float, nargs="+", default=[5.0, 8.0, 20.0, 60.0])
    parser.add_argument("--keep", type=Path, help="folder for the clips")
    options = parser.parse_args()
    costs: dict[float, float] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        for seconds in options.seconds:
            path = folder / f"{seconds:g}.mp4"
            command = ("generate", options.prompt, "--seed", "3", "--seconds", f"{seconds:g}", "--model", options.model)
            took, memory = run(*command, "-o", str(path))
            frames = Clip.load(path).frames
            most, usual = seams(frames)
            (first, sharp), (last, end) = look(frames[:33]), look(frames[-33:])
            costs[seconds] = took / seconds
            print(
                f"{seconds:4g} s: {took:7.1f} s, {took / seconds:5.2f} s a second, {memory:5.2f} GiB; seams: 95 % below "
                f"{usual:.2f}, most {most:.2f}; drift: colour {np.abs(last / first - 1).max():.1%}, sharpness {end / sharp - 1:+.1%}; "
                f"change a frame {jumps(frames[:33]).mean():.2f}, at the end {jumps(frames[-33:]).mean():.2f}",
                flush=True,
            )
    if {8.0, 60.0} <= costs.keys():
        print(f"a second of a minute costs {costs[60.0] / costs[8.0]:.2f} times one of eight seconds")


if __name__ == "__main__":
    main()
