"""The one place that decides where and how to compute: device, dtype, threads, attention kernel; and says why.

Nothing is decided at import. On a CPU both choices are measured, because CPUs differ by a factor of a hundred: some multiply
bfloat16 five times as fast as float32, some only emulate it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import torch

from soramame.errors import OptionError
from soramame.nn.attention import Backend, attend

DeviceName = Literal["auto", "cpu", "cuda", "mps"]
DTypeName = Literal["auto", "float32", "bfloat16"]
GAIN = 1.3
"""What is not the plain choice (bfloat16, our own attention) has to be faster by this factor."""


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """What was decided, with a sentence of reason for each."""

    device: str
    dtype: torch.dtype
    threads: int
    attention: Backend
    reasons: tuple[str, ...]


def decide(
    device: DeviceName = "auto", dtype: DTypeName = "auto", *, threads: int | None = None, attention: Backend = "auto"
) -> Runtime:
    """Choose what is left to ``auto`` (under 0.3 s of measuring on a CPU); :class:`OptionError` for what is not there."""
    reasons: list[str] = []
    chosen = _device(device, reasons)
    if threads is not None and threads < 1:
        raise OptionError(f"threads has to be at least 1, not {threads}.")
    count = threads or _cores()
    reasons.append(f"{count} threads, {'as asked' if threads else 'one a core that this process may use'}")
    kind = _dtype(dtype, chosen, reasons)
    return Runtime(
        device=chosen,
        dtype=kind,
        threads=count,
        attention=_attention(attention, chosen, kind, reasons),
        reasons=tuple(reasons),
    )


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def _device(device: str, reasons: list[str]) -> str:
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if device == "auto":
        best = next(name for name in ("cuda", "mps", "cpu") if there[name])
        reasons.append(f"device {best}: {'an accelerator is there' if best != 'cpu' else 'no accelerator is there'}")
        return best
    if device not in there:
        raise OptionError(f"device has to be auto, cpu, cuda or mps, not {device!r}.")
    if not there[device]:
        raise OptionError(f"device {device} is not there; use --device cpu.")
    reasons.append(f"device {device}, as asked")
    return device


def _dtype(dtype: str, device: str, reasons: list[str]) -> torch.dtype:
    known = {"float32": torch.float32, "bfloat16": torch.bfloat16}
    if dtype in known:
        reasons.append(f"{dtype}, as asked")
        return known[dtype]
    if dtype != "auto":
        raise OptionError(f"dtype has to be auto, float32 or bfloat16, not {dtype!r}.")
    if device == "cuda":
        reasons.append("bfloat16: tensor cores")
        return torch.bfloat16
    if device == "mps":
        reasons.append("float32: safe on mps")
        return torch.float32
    rates = _rates()
    if rates["bfloat16"] > GAIN * rates["float32"]:
        # Where bfloat16 is only emulated it is twenty times slower, and on a busy machine one measurement may have been disturbed.
        again = [_rates() for _ in range(2)]
        rates = {name: max(rate, *(one[name] for one in again)) for name, rate in rates.items()}
    best = "bfloat16" if rates["bfloat16"] > GAIN * rates["float32"] else "float32"
    told = ", ".join(f"{name} {rate / 1e9:.0f} GFLOP/s" for name, rate in rates.items())
    reasons.append(f"{best}: measured {told}")
    return known[best]


def _rates() -> dict[str, float]:
    plain = matmul_rate(torch.float32)
    return {"float32": plain, "bfloat16": matmul_rate(torch.bfloat16, hopeless=plain / 4)}


def matmul_rate(
    dtype: torch.dtype, *, device: str = "cpu", budget: float = 0.06, edge: int = 128, hopeless: float = 0.0
) -> float:
    """Best rate of square matrix products in FLOP/s.

    Edges double from ``edge`` to 1024 while all together took less than ``budget`` seconds, and while the rate is above
    ``hopeless``: emulated arithmetic can be a hundred times slower than one expects.
    """
    rate, spent = 0.0, 0.0
    while edge <= 1024 and spent < budget:
        a = torch.ones(edge, edge, dtype=dtype, device=device)
        seconds = _fastest(partial(_product, a, device), 2)
        rate, spent = max(rate, 2 * edge**3 / seconds), spent + 3 * seconds
        if rate < hopeless:
            break
        edge *= 2
    return rate


def _product(a: torch.Tensor, device: str) -> None:
    torch.mm(a, a)
    if device == "cuda":
        torch.cuda.synchronize()
    elif device == "mps":
        torch.mps.synchronize()


def _attention(attention: Backend, device: str, dtype: torch.dtype, reasons: list[str]) -> Backend:
    if attention not in ("auto", "sdpa", "chunked"):
        raise OptionError(f"attention has to be auto, sdpa or chunked, not {attention!r}.")
    if attention != "auto" or device != "cpu":
        name: Backend = "sdpa" if attention == "auto" else attention
        reasons.append(
            f"attention {name}: {'as asked' if attention != 'auto' else 'the accelerator has its own kernels'}"
        )
        return name
    q = torch.ones(1, 4, 360, 64, dtype=dtype)
    choices: tuple[Backend, ...] = ("sdpa", "chunked")
    times = {name: _fastest(partial(attend, q, q, q, backend=name), 2) for name in choices}
    # Clocks waver and the kernels differ in the last bit: torch's own is left only for a clear gain.
    best: Backend = "chunked" if times["sdpa"] > GAIN * times["chunked"] else "sdpa"
    told = ", ".join(f"{name} {1000 * seconds:.1f} ms" for name, seconds in times.items())
    reasons.append(f"attention {best}: measured {told} for 360 tokens")
    return best


def _fastest(call: Callable[[], object], repeats: int) -> float:
    call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return max(min(times), 1e-9)
