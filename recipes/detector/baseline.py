"""What the network has to beat: logistic regression on figures of what is left of cut-outs, the same cut-outs.

python -m recipes.detector.baseline --to runs/detector
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from recipes.detector.changes import CHANGES
from recipes.detector.make import copies, kept, stored
from recipes.detector.net import weights
from soramame.safety import detector

RINGS = 12
PERIODS = (4, 8, 16)


def figures(left: NDArray[np.float32]) -> NDArray[np.float64]:
    """Of :func:`soramame.safety.detector.residual` ``(N, 60, 60, 5)``, the mean over N: spectrum of a frame and of its change by ring of
    frequency, how far the grids of 4, 8 and 16 pixels stand out, and how unevenly change is spread over the frames.
    """
    side = left.shape[1] // 16 * 16
    left = left[:, :side, :side].astype(np.float64)
    change = np.diff(left, axis=3)
    made = []
    for shown in (left, change):
        power = (np.abs(np.fft.rfft2(shown, axes=(1, 2))) ** 2).mean(3)
        y, x = np.meshgrid(np.fft.fftfreq(side), np.fft.rfftfreq(side), indexing="ij")
        ring = np.minimum((np.hypot(y, x) / 0.7072 * RINGS).astype(int), RINGS - 1)
        made += [np.log(power[:, ring == number].mean(1) + 1e-3) for number in range(RINGS)]
        for period in PERIODS:
            step = side // period
            for spectrum in (power[:, step, 1:].mean(1), power[:, 1:, step].mean(1)):
                around = 0.5 * (power[:, step - 1].mean(1) + power[:, step + 1].mean(1))
                made.append(np.log((spectrum + 1e-3) / (around + 1e-3)))
    moves = np.square(change).mean((1, 2)) + 1e-4
    made += [np.log(moves.max(1) / moves.min(1)), np.log(moves.mean(1))]
    return np.stack(made, 1).mean(0)


def fitted(x: NDArray[np.float64], ours: NDArray[np.bool_], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights and, last, the offset."""
    inputs, truth = torch.from_numpy(x), torch.from_numpy(ours).double()
    values = torch.zeros(x.shape[1] + 1, dtype=torch.float64, requires_grad=True)
    solver = torch.optim.LBFGS([values], max_iter=500, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        solver.zero_grad()
        said = inputs @ values[:-1] + values[-1]
        loss = torch.nn.functional.binary_cross_entropy_with_logits(said, truth, weight=torch.from_numpy(weight))
        loss = loss + 1e-3 * values[:-1].square().sum()
        loss.backward()
        return loss

    solver.step(closure)
    return values.detach().numpy()


def main() -> None:
    """Fit on what the network is fitted on; print both areas under the curve on the clips that thresholds are set on."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--to", type=Path, required=True)
    options = parser.parse_args()
    cuts, ours, kinds = stored(options.to)
    x = np.stack([figures(detector.residual(bag)) for bag in cuts])
    mean, spread = x.mean(0), x.std(0) + 1e-6
    values = fitted((x - mean) / spread, ours, weights(ours, kinds))
    scores, truth, network = [], [], []
    for frames, one, _ in copies(kept(options.to, "set"), CHANGES):
        left = detector.residual(detector.cuts(frames))
        left = left[np.abs(left).mean((1, 2, 3)) >= detector.FLAT / detector.SCALE]
        if len(left) >= detector.FEWEST:
            scores.append(float((figures(left) - mean) / spread @ values[:-1] + values[-1]))
            network.append(float(detector.judge(left).mean()))
            truth.append(one.ours)
    for name, told in (("figures and logistic regression", scores), ("network", network)):
        print(f"{name}: area under the curve {area(np.array(told), np.array(truth)):.3f} on {len(truth)} copies")


def area(scores: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """Area under the ROC curve: how often one of ours scores more than one that is not."""
    yes, no = scores[truth][:, None], scores[~truth][None]
    return float(np.mean(yes > no) + 0.5 * np.mean(yes == no))


if __name__ == "__main__":
    main()
