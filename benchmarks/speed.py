"""Speed of the bundled model's parts, as ratios: to this machine's own matrix-product rate, and to diffusers' same network.

    python benchmarks/speed.py            # a table; --json for a file
    python benchmarks/speed.py --profile  # where the time of a forward pass goes

Everything is measured in one process, interleaved, best of several, so that the ratios hold on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable

import torch
from diffusers import WanTransformer3DModel
from torch.utils.flop_counter import FlopCounterMode

from soramame.model.dit import DiT, DiTConfig
from soramame.model.vae import VAE, VAEConfig
from soramame.nn.attention import Backend
from soramame.runtime import decide

SHAPE = (1, DiTConfig.mame().in_channels, 9, 10, 16)
TEXT = (1, 64, 256)


def best(call: Callable[[], object], repeats: int) -> float:
    """Shortest of some runs, in seconds, after one to warm up."""
    call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def flops(call: Callable[[], object]) -> int:
    """Floating-point operations of a call, by torch's own counter."""
    with FlopCounterMode(display=False) as counter:
        call()
    return int(counter.get_total_flops())


def peak(dtype: torch.dtype, edge: int = 1024) -> float:
    """Rate of a plain matrix product in FLOP/s."""
    a = torch.randn(edge, edge).to(dtype)
    return 2 * edge**3 / best(lambda: a @ a, 5)


def peer() -> WanTransformer3DModel:
    """diffusers' network of the same widths (without the bundled model's extras)."""
    c = DiTConfig.mame()
    return WanTransformer3DModel(
        patch_size=c.patch,
        num_attention_heads=c.heads,
        attention_head_dim=c.head_dim,
        in_channels=c.in_channels,
        out_channels=c.out_channels,
        text_dim=c.text_dim,
        freq_dim=c.freq_dim,
        ffn_dim=c.ffn,
        num_layers=c.layers,
    )


def measure(dtype: torch.dtype, attention: Backend, repeats: int) -> dict[str, float]:
    """All figures in one dtype, with one attention kernel (diffusers' network has torch's own)."""
    top = peak(dtype)
    dit, other = DiT(DiTConfig.mame(), attention=attention).to(dtype).eval(), peer().to(dtype).eval()
    x, text, t = torch.randn(SHAPE).to(dtype), torch.randn(TEXT).to(dtype), torch.full((1, 9), 0.5)
    batch, words, times = torch.randn(8, *SHAPE[1:]), torch.randn(8, *TEXT[1:]), torch.rand(8, 9)
    trained, pooled = DiT(DiTConfig.mame(), attention=attention), text[:, 0]

    def step() -> None:
        with torch.autocast("cpu", dtype, enabled=dtype != torch.float32):
            trained(batch, times, words, pooled=words[:, 0]).square().mean().backward()

    vae = VAE(VAEConfig.mame()).to(dtype).eval()
    pixels = torch.randn(1, 3, 33, 160, 256).to(dtype)
    work_step = flops(step)
    with torch.inference_mode():
        work = flops(lambda: dit(x, t, text, pooled=pooled))
        ours = best(lambda: dit(x, t, text, pooled=pooled), repeats)
        theirs = best(lambda: other(x, torch.tensor([500.0]), text), repeats)
        encode = best(lambda: vae.encode(pixels), 3)
        decode = best(lambda: vae.decode(x[:, : vae.config.latent_channels]), 3)
    return {
        "matmul_gflops": top / 1e9,
        "dit_forward_s": ours,
        "dit_forward_share_of_peak": work / ours / top,
        "dit_forward_speed_over_diffusers": theirs / ours,
        "train_step_share_of_peak": work_step / best(step, 3) / top,
        "vae_encode_s": encode,
        "vae_decode_s": decode,
    }


@torch.inference_mode()
def profile(dtype: torch.dtype, attention: Backend, rows: int = 12) -> str:
    """Where the time of the diffusion transformer's forward pass goes, by operator."""
    dit = DiT(DiTConfig.mame(), attention=attention).to(dtype).eval()
    x, text, t = torch.randn(SHAPE).to(dtype), torch.randn(TEXT).to(dtype), torch.full((1, 9), 0.5)
    dit(x, t, text, pooled=text[:, 0])
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as seen:
        for _ in range(5):
            dit(x, t, text, pooled=text[:, 0])
    return str(seen.key_averages().table(sort_by="self_cpu_time_total", row_limit=rows, max_name_column_width=40))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--dtype", choices=["auto", "float32", "bfloat16"], default="auto")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    runtime = decide("cpu", options.dtype, threads=options.threads)
    torch.set_num_threads(runtime.threads)
    if options.profile:
        print(profile(runtime.dtype, runtime.attention))
        return
    print(*runtime.reasons, sep="\n", file=sys.stderr)
    result = measure(runtime.dtype, runtime.attention, options.repeats)
    if options.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:36} {value:10.3f}")


if __name__ == "__main__":
    main()
