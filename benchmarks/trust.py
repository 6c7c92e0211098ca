"""What trust costs: each part of it beside the time that a clip takes, in one run.

    python benchmarks/trust.py [--model FOLDER] [--seconds 4]

Limits, of the time that a clip of 4 s takes: frame check 5 %, watermark 3 %, signing 2 %; 20 ms a prompt. Loading is told by itself: a
process does it once.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np

from soramame.engine import Soramame
from soramame.safety.guard import Guard
from soramame.safety.policy import Policy

PROMPT = "a brown dog runs across the snow"


def took(work: Callable[[], object], times: int = 5) -> float:
    """Median seconds of some work."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        found.append(time.perf_counter() - started)
    return median(found)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--model", default="mame")
    parser.add_argument("--seconds", type=float, default=4.0)
    options = parser.parse_args()
    policy = Policy.load()
    off = replace(policy, switches=replace(policy.switches, watermark=False, credentials=False, frames=False))
    guard = Guard.load(policy)
    load_prompt = took(lambda: guard.check_texts({"prompt": "somebody waits for the bus"}), 1)
    sora = Soramame.load(options.model, policy=off)
    started = time.perf_counter()
    clip = sora.generate(PROMPT, seconds=options.seconds, seed=3)
    whole = time.perf_counter() - started
    metadata = dict(clip.metadata)
    load_frames = took(lambda: guard.detectors, 1)
    unmarked = Guard.load(replace(policy, switches=replace(policy.switches, watermark=False)))
    unmarked.__dict__["detectors"] = guard.detectors
    blind = Guard.load(replace(policy, switches=replace(policy.switches, frames=False)))
    mean = float(np.mean([len(part) for part in metadata["prompt"].split(".")]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.mp4"
        plain = took(lambda: clip.save(path))
        signed = took(lambda: replace(clip, seal=guard.seal(metadata)).save(path))
    print(
        f"a clip of {options.seconds:g} s: {whole:.1f} s; loading once: {load_prompt:.1f} s for prompts, {load_frames:.1f} s for frames"
    )
    texts = took(lambda: guard.prompts.check(metadata["prompt"]))
    print(f"prompt of {len(metadata['prompt'].split())} words ({mean:.0f} letters a sentence): {texts * 1000:.0f} ms")
    for name, seconds in (
        ("frame check", took(lambda: unmarked.output(metadata, clip.fps).passed(clip.frames))),
        ("watermark", took(lambda: blind.output(metadata, clip.fps).passed(clip.frames))),
        ("signing", signed - plain),
    ):
        print(f"{name}: {seconds * 1000:.0f} ms, {seconds / whole:.1%} of the time that the clip takes")


if __name__ == "__main__":
    main()
