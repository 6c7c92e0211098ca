"""Where a clip is extended: does the change from its last frame to the first new one stand out?

    python benchmarks/seams.py [--model FOLDER] [--count 3]

Held-out clips of the world of two seconds, extended by two, forwards and backwards. The score is the change of the picture at the border
over the median change where other latent frames begin within two seconds of it (in every clip a picture changes more there), or over
one of 255 levels where that is less: nobody sees it.
"""

from __future__ import annotations

import argparse

import numpy as np
from long import STRIDE, jumps

from soramame import Clip, Soramame
from soramame.train.clips import HELD_OUT, ClipForm, render_frames
from soramame.world.captions import caption
from soramame.world.sample import Curriculum, sample_scene

KNOWN = 17


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--model", default="mame")
    parser.add_argument("--count", type=int, default=3)
    options = parser.parse_args()
    sora = Soramame.load(options.model)
    found: dict[bool, list[float]] = {False: [], True: []}
    for seed in range(HELD_OUT + 300, HELD_OUT + 300 + options.count):
        frames = render_frames(seed, ClipForm(), Curriculum.mame())
        told = caption(sample_scene(seed, Curriculum.mame()), seed=0, length="short", language="en")
        for backward, scores in found.items():
            clip = Clip(frames=frames[-KNOWN:] if backward else frames[:KNOWN], fps=8)
            made = sora.extend(clip, seconds=2.0, backward=backward, prompt=told, seed=1).frames
            border = len(made) - KNOWN if backward else KNOWN
            change = jumps(made)
            near = [
                at
                for at in range((border - 1) % STRIDE, len(change), STRIDE)
                if at != border - 1 and abs(at - border) <= 17
            ]
            scores.append(float(change[border - 1] / max(np.median(change[near]), 1.0)))
            print(f"{told[:60]:60} {'backwards' if backward else 'forwards':9} {scores[-1]:.2f}", flush=True)
    for backward, scores in found.items():
        print(f"{'backwards' if backward else 'forwards'}: median {np.median(scores):.2f}, most {max(scores):.2f}")


if __name__ == "__main__":
    main()
