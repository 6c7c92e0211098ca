"""A minute of video: time, memory, seams and drift, against short clips in the same run.

    python benchmarks/long.py [--model FOLDER] [--seconds 4 8 60] [--prompt TEXT …] [--keep FOLDER]

Limits: a second of a minute costs at most 1.15 times what a second of eight costs, in no more memory; under 4 minutes and 2 GiB on two
cores that multiply bfloat16; colours and sharpness of the last four seconds within 10 % of the first; seams at most 1.25. A seam is
what rolling adds: in every clip of a model a picture changes more where a latent frame begins than elsewhere (the *pulse*), also in
one of four seconds, which is painted in one window. The score is the pulse behind the first window over that of the clip of 4 s.
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
WINDOW = 33
"""Frames that are painted in one piece."""
STRIDE = 4
"""Frames of a latent frame: a frame differs more from the one before it where a latent frame begins, in every clip."""


def jumps(frames: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Mean change ``(T - 1,)`` from each frame to the next."""
    before, after = frames[:-1].astype(np.int16), frames[1:].astype(np.int16)
    return np.array([np.abs(b - a).mean() for a, b in zip(before, after, strict=True)])


def pulse(frames: NDArray[np.uint8]) -> float:
    """Median change where a latent frame begins, which is where a step of the roll ends, over the median change elsewhere (over one
    of 255 levels where that is less: nobody sees it).
    """
    change = jumps(frames)
    elsewhere = np.delete(change, np.s_[::STRIDE])
    return float(np.median(change[STRIDE::STRIDE]) / max(np.median(elsewhere), 1.0))


def highest(frames: NDArray[np.uint8]) -> tuple[float, float]:
    """The change where a latent frame begins over the median where its neighbours do (two seconds each way; one level, if that is
    more): the largest such ratio, and the 95th percentile.
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
    parser.add_argument("--prompt", nargs="+", default=[PROMPT])
    parser.add_argument("--seconds", type=float, nargs="+", default=[4.0, 5.0, 8.0, 20.0, 60.0])
    parser.add_argument("--keep", type=Path, help="folder for the clips")
    options = parser.parse_args()
    found: list[float] = []
    with tempfile.TemporaryDirectory() as temporary:
        for number, prompt in enumerate(options.prompt):
            print(prompt)
            folder = (options.keep or Path(temporary)) / str(number)
            folder.mkdir(parents=True, exist_ok=True)
            found += lengths(prompt, options.model, options.seconds, folder)
    if found:
        print(f"seams over {len(found)} clips: median {np.median(found):.2f}, most {max(found):.2f}")


def lengths(prompt: str, model: str, durations: list[float], folder: Path) -> list[float]:
    """Print a line for each duration in seconds; returns the seams of those that roll, if one of 4 s or less is there before."""
    costs: dict[float, float] = {}
    once: float | None = None
    found = []
    for seconds in durations:
        path = folder / f"{seconds:g}.mp4"
        took, memory = run(
            "generate", prompt, "--seed", "3", "--seconds", f"{seconds:g}", "--model", model, "-o", str(path)
        )
        frames = Clip.load(path).frames
        most, usual = highest(frames)
        (first, sharp), (last, end) = look(frames[:WINDOW]), look(frames[-WINDOW:])
        costs[seconds] = took / seconds
        beats = pulse(frames[WINDOW - 1 :] if len(frames) > WINDOW + STRIDE else frames)
        if len(frames) <= WINDOW:
            once, seam = beats, ""
        elif once is not None:
            found.append(beats / once)
            seam = f", {found[-1]:.2f} times that of one window"
        else:
            seam = ""
        print(
            f"{seconds:4g} s: {took:7.1f} s, {took / seconds:5.2f} s a second, {memory:5.2f} GiB; pulse {beats:.2f}{seam}; "
            f"beside its neighbours 95 % below {usual:.2f}, most {most:.2f}; "
            f"drift: colour {np.abs(last / first - 1).max():.1%}, sharpness {end / sharp - 1:+.1%}; "
            f"change a frame {jumps(frames[:WINDOW]).mean():.2f}, at the end {jumps(frames[-WINDOW:]).mean():.2f}",
            flush=True,
        )
    if {8.0, 60.0} <= costs.keys():
        print(f"a second of a minute costs {costs[60.0] / costs[8.0]:.2f} times one of eight seconds")
    return found


if __name__ == "__main__":
    main()
