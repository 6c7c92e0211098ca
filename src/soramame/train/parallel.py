"""Several processes, one model: each takes its part of every batch, gradients are averaged (torch.distributed).

On two CPU cores two single-threaded processes beat one process with two threads; on GPUs it is one process a device.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor
from torch.multiprocessing.spawn import spawn


@dataclass(frozen=True, kw_only=True)
class Group:
    """Which of how many processes this is."""

    rank: int = 0
    size: int = 1

    def average(self, tensors: Iterable[Tensor]) -> None:
        """Each tensor becomes its mean over the processes, in place, in one exchange."""
        group = list(tensors)
        if self.size == 1 or not group:
            return
        flat = torch.cat([t.reshape(-1) for t in group])
        dist.all_reduce(flat)
        flat /= self.size
        for t, part in zip(group, torch.split(flat, [t.numel() for t in group]), strict=True):
            t.copy_(part.view_as(t))

    def any(self, flag: bool) -> bool:
        """True on every process if it is on one of them."""
        if self.size == 1:
            return flag
        total = torch.tensor([float(flag)])
        dist.all_reduce(total)
        return bool(total.item() > 0)

    def mean(self, number: float) -> float:
        """The mean of a number over the processes, the same for all."""
        shared = torch.tensor([number], dtype=torch.float64)
        self.average([shared])
        return float(shared)

    def barrier(self) -> None:
        """Wait for the others."""
        if self.size > 1:
            dist.barrier()


def launch(worker: Callable[..., None], processes: int, *arguments: Any, threads: int | None = None) -> None:
    """``worker(group, *arguments)`` in so many processes (in this one if 1); ``threads`` each, by default an equal share.

    SIGTERM and Ctrl-C reach all of them.
    """
    if processes == 1:
        if threads is not None:
            torch.set_num_threads(threads)
        worker(Group(), *arguments)
        return
    share = threads or max(1, (os.cpu_count() or 1) // processes)
    with tempfile.TemporaryDirectory() as folder:
        meeting = f"file://{folder}/meeting"
        context = spawn(  # type: ignore[no-untyped-call]
            _enter, args=(processes, share, meeting, worker, arguments), nprocs=processes, join=False
        )
        try:
            while not context.join():
                pass
        except BaseException:  # also an end that was asked for: the others finish their step, save and end
            for process in context.processes:
                process.terminate()
            for process in context.processes:
                process.join()
            raise


def _enter(
    rank: int, size: int, threads: int, meeting: str, worker: Callable[..., None], arguments: tuple[Any, ...]
) -> None:
    torch.set_num_threads(threads)
    backend = "gloo"
    if torch.cuda.is_available():
        torch.cuda.set_device(rank % torch.cuda.device_count())
        backend = "cpu:gloo,cuda:nccl"
    dist.init_process_group(backend, init_method=meeting, rank=rank, world_size=size)
    try:
        worker(Group(rank=rank, size=size), *arguments)
    finally:
        dist.destroy_process_group()
