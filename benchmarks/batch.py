"""Whether several videos at once cost less than one after the other: an evaluation of the transformer for clips of the model's own size.

    python benchmarks/batch.py [--model FOLDER] [--device cpu|cuda]

``2.00`` for two says that they take as long as one after the other: then nothing is gained by painting them together.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import torch

from soramame.geometry import frames_for, latent_frames
from soramame.model.text import tokenize
from soramame.runtime import decide
from soramame.weights.store import load_model

BATCHES, REPEATS = (1, 2, 4), 7


def best(call: Callable[[], object], device: str) -> float:
    """Shortest of some runs, in seconds, after one to warm up."""
    times = []
    for _ in range(1 + REPEATS):
        start = time.perf_counter()
        call()
        if device == "cuda":
            torch.cuda.synchronize()
        times.append(time.perf_counter() - start)
    return min(times[1:])


def main() -> None:
    """Print a line for each number of clips."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--model", default="mame")
    parser.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"))
    options = parser.parse_args()
    model, runtime = load_model(options.model), decide(options.device)
    device, d, vae = runtime.device, model.card.defaults, model.vae.config
    torch.set_num_threads(runtime.threads)
    dit, text = model.dit.to(device).cast(runtime.dtype), model.text.to(device)
    dit.attention = runtime.attention
    frames = latent_frames(frames_for(d.seconds, d.fps, vae.time_stride), vae.time_stride)
    shape = (dit.config.in_channels, frames, d.height // vae.space_stride, d.width // vae.space_stride)
    print(f"{model.card.name} on {device}, {runtime.dtype}, latents {shape}")
    one = 0.0
    for batch in BATCHES:
        ids, mask = (part.to(device) for part in tokenize(["a brown dog runs across the snow"] * batch))
        with torch.inference_mode():
            tokens, pooled = text(ids, mask)
            x, t = torch.randn(batch, *shape, device=device), torch.full((batch, frames), 0.5, device=device)
            took = best(
                lambda x=x, t=t, told=(tokens, mask, pooled): dit.velocity(x, t, *told[:2], pooled=told[2]), device
            )
        one = one or took
        print(f"{batch} at once  {1000 * took:8.1f} ms, {took / one:5.2f} times one")


if __name__ == "__main__":
    main()
