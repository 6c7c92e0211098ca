"""Is a clip made large by the model nearer to the truth than one scaled by a filter? Held-out clips of the world, drawn in both sizes.

    python benchmarks/upres.py [--model FOLDER] [--count 4] [--double]

Peak signal-to-noise ratios in dB against the clip drawn large; ``--double``: from the model's own size to twice that.
"""

from __future__ import annotations

import argparse

import numpy as np

from soramame import Clip, Soramame
from soramame.geometry import Size
from soramame.media import enlarge, psnr
from soramame.train.clips import HELD_OUT
from soramame.world.captions import caption
from soramame.world.render import render
from soramame.world.sample import Curriculum, sample_scene


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--model", default="mame")
    parser.add_argument("--count", type=int, default=4)
    parser.add_argument("--double", action="store_true")
    options = parser.parse_args()
    sora = Soramame.load(options.model)
    d = sora.card.defaults
    scale = 2 if options.double else 1
    large, small = Size(width=d.width * scale, height=d.height * scale), (d.width * scale // 2, d.height * scale // 2)
    gains = []
    for seed in range(HELD_OUT + 200, HELD_OUT + 200 + options.count):
        scene = sample_scene(seed, Curriculum.mame())
        truth = render(scene, size=(large.width, large.height), num_frames=9, fps=d.fps).frames
        low = enlarge(truth, Size(width=small[0], height=small[1]))
        told = caption(scene, seed=0, length="short", language="en")
        made = sora.upres(Clip(frames=low, fps=d.fps), prompt=told).frames
        filtered, ours = psnr(enlarge(low, large), truth), psnr(made, truth)
        gains.append(ours - filtered)
        print(f"{told[:60]:60} Lanczos {filtered:5.2f} dB, upres {ours:5.2f} dB", flush=True)
    print(f"{large} from half of it: {np.mean(gains):+.2f} dB on average of {len(gains)} clips")


if __name__ == "__main__":
    main()
