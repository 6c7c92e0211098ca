"""The detector's network while it is fitted; what is kept of it is read with numpy by soramame.safety.detector."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from soramame.safety import detector

WIDTHS = (detector.STACK, 32, 48, 64)
SIZES = (5, 3, 3)
PICKED = 3
"""Cut-outs of a copy that are seen at a time."""
BATCH, RATE, DECAY = 32, 2e-3, 1e-2


class Net(nn.Module):
    """Convolutions of every second place, each with a batch norm that is folded into it when it is kept; then a mean."""

    def __init__(self) -> None:
        super().__init__()
        pairs = list(zip(WIDTHS[:-1], WIDTHS[1:], SIZES, strict=True))
        self.convolutions = nn.ModuleList(nn.Conv2d(a, b, size, stride=2, bias=False) for a, b, size in pairs)
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for width in WIDTHS[1:])
        self.out = nn.Linear(WIDTHS[-1], 1)

    def forward(self, left: Tensor) -> Tensor:
        """What is left of cut-outs ``(N, STACK, H, W)`` → answers ``(N,)``."""
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            left = F.relu(norm(convolution(left)))
        said: Tensor = self.out(left.mean((2, 3)))[:, 0]
        return said

    @torch.no_grad()
    def save(self, path: Path, **values: float) -> None:
        """Keep it in half precision, norms folded, with numbers beside it."""
        kept: dict[str, NDArray[np.float16] | NDArray[np.float32]] = {}
        for number, (convolution, norm) in enumerate(zip(self.convolutions, self.norms, strict=True)):
            factor = norm.weight / (norm.running_var + norm.eps).sqrt()
            kernel = (convolution.weight * factor[:, None, None, None]).permute(2, 3, 1, 0)
            kept[f"layer{number}"] = kernel.numpy().astype(np.float16)
            kept[f"bias{number}"] = (norm.bias - norm.running_mean * factor).numpy().astype(np.float16)
        kept["out"], kept["out_bias"] = self.out.weight[0].numpy().astype(np.float16), self.out.bias[0].numpy()
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, **kept, **{name: np.float32(value) for name, value in values.items()})  # type: ignore[arg-type]
        detector._weights.cache_clear()


def left_of(cuts: Tensor) -> Tensor:
    """:func:`soramame.safety.detector.residual` of bytes ``(N, STACK, H, W)``, channels first."""
    shown = cuts.float()
    blurred = shown
    for axis in (2, 3):
        length = shown.shape[axis] - 4
        taps = [blurred.narrow(axis, at, length) * float(weight) for at, weight in enumerate(detector.BLUR)]
        blurred = taps[0] + taps[1] + taps[2] + taps[3] + taps[4]
    left = shown[:, :, 2:-2, 2:-2] - blurred
    return left.clamp(-detector.LOUDEST, detector.LOUDEST) / detector.SCALE


def fitted(cuts: NDArray[np.uint8], ours: NDArray[np.bool_], kinds: NDArray[np.str_], *, epochs: int) -> Net:
    """Fit on copies ``(N, BAG, STACK, SIDE, SIDE)``; both sides count alike, and of the others the kinds do."""
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    net = Net()
    weight = torch.from_numpy(weights(ours, kinds)).float()
    truth, total = torch.from_numpy(ours).float(), epochs * (len(cuts) // BATCH)
    solver = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    plan = torch.optim.lr_scheduler.OneCycleLR(solver, RATE, total_steps=total, pct_start=0.1)
    for epoch in range(epochs):
        order, losses = random.permutation(len(cuts)), []
        for batch in order[: len(order) // BATCH * BATCH].reshape(-1, BATCH):
            picked = np.stack([cuts[n, random.permutation(cuts.shape[1])[:PICKED]] for n in batch])
            if random.random() < 0.5:
                picked = picked[..., ::-1].copy()
            said = net(left_of(torch.from_numpy(picked).flatten(0, 1))).view(BATCH, PICKED).mean(1)
            loss = (F.binary_cross_entropy_with_logits(said, truth[batch], reduction="none") * weight[batch]).mean()
            solver.zero_grad()
            loss.backward()
            solver.step()
            plan.step()
            losses.append(float(loss.detach()))
        print(f"epoch {epoch}: {np.mean(losses):.4f}", flush=True)
    return net.eval()


def weights(ours: NDArray[np.bool_], kinds: NDArray[np.str_]) -> NDArray[np.float64]:
    """What a copy counts, 1 on average: each side a half, each kind the same share of its side."""
    made = np.zeros(len(ours))
    for side in (True, False):
        present = np.unique(kinds[ours == side])
        for kind in present:
            here = (ours == side) & (kinds == kind)
            made[here] = len(ours) / (2 * len(present) * here.sum())
    return made
